/** What media a board carries. Sizes in bytes. */
export interface StorageSpec {
  /** Index in `mmcN` to card or eMMC. */
  readonly mmc: Readonly<Record<number, MmcSpec>>;
  /** `nor0`, `nor1`, `nand0`, `spi-nand0`. */
  readonly mtd: Readonly<Record<string, MtdSpec>>;
}

export interface MmcSpec {
  readonly kind: 'sd' | 'emmc';
  readonly sizeBytes: number;
  /** Size of each of boot1 and boot2; 0 on SD. */
  readonly bootBytes: number;
  /** 512 on SD, 512 KiB on most eMMCs. */
  readonly eraseGroupBytes: number;
}

export interface MtdSpec {
  readonly kind: 'nor' | 'nand' | 'spi-nand';
  readonly sizeBytes: number;
  readonly eraseBlockBytes: number;
  readonly pageBytes: number;
  /** Partition table of U-Boot's device tree, as `mtdparts` writes it: `256k(fsbl1),-(rest)`. */
  readonly partitions: string;
  /** Indexes of erase blocks that are bad from the factory. */
  readonly badBlocks?: readonly number[];
}
