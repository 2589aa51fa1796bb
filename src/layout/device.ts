/** Where a partition lies; `none` for what only goes through memory while booting. */
export interface Device {
  readonly kind: 'none' | 'mmc' | 'nor' | 'nand' | 'spi-nand' | 'ram';
  /** The digit of `mmc0`; 0 for `none` and `ram`. */
  readonly index: number;
}

const WITH_DIGIT = /^(mmc|nor|nand|spi-nand)(\d)$/;

/** Undefined for what U-Boot refuses (protocol.md §5.2), and for letters behind `ram`, which it would ignore. */
export function parseDevice(text: string): Device | undefined {
  if (text === 'none') return { kind: 'none', index: 0 };
  if (/^ram\d?$/.test(text)) return { kind: 'ram', index: 0 };
  const match = WITH_DIGIT.exec(text);
  return match ? { kind: match[1] as Device['kind'], index: Number(match[2]) } : undefined;
}

/** `mmc0`, `spi-nand0`, `ram0`, `none`. */
export function formatDevice({ kind, index }: Device): string {
  return kind === 'none' ? kind : `${kind}${index}`;
}

/** Raw flash, whose partitions are compiled into the boot chain and not written on the medium. */
export function isMtd({ kind }: Device): boolean {
  return kind === 'nor' || kind === 'nand' || kind === 'spi-nand';
}
