import { type Defects, landedData, noDefects, writableBytes } from './defects.ts';
import type { Medium } from './medium.ts';
import type { MmcSpec } from './spec.ts';

/** The two registers of the eMMC that stm32prog writes. JESD84-B51 §7.4. */
export interface ExtCsd {
  /** PARTITION_CONFIG [179]: boot ack in bit 6, enabled boot partition in bits 5..3. */
  readonly PARTITION_CONFIG_179: number;
  /** BOOT_BUS_CONDITIONS [177]. */
  readonly BOOT_BUS_177: number;
}

/** 0 = the user area, 1 and 2 = the boot partitions of an eMMC. */
export type HardwarePartition = 0 | 1 | 2;

export interface MmcMedia {
  readonly user: Medium;
  /** boot1 and boot2; absent on SD. */
  readonly boot?: readonly [Medium, Medium];
  readonly extCsd: ExtCsd;
  /** Called with every change of the registers. */
  readonly keepExtCsd: (registers: ExtCsd) => void;
}

/** An SD card or eMMC in its slot. Sizes and offsets in bytes; blocks are 512 bytes. */
export class MmcDevice {
  readonly index: number;
  readonly kind: MmcSpec['kind'];
  readonly eraseGroupBytes: number;
  /** Size of each of boot1 and boot2; 0 on SD. */
  readonly bootBytes: number;
  readonly defects: Defects = noDefects();
  readonly #media: MmcMedia;
  #extCsd: ExtCsd;
  #written = 0;

  constructor(index: number, spec: MmcSpec, media: MmcMedia) {
    this.index = index;
    this.kind = spec.kind;
    this.eraseGroupBytes = spec.eraseGroupBytes;
    this.bootBytes = media.boot?.[0].size ?? 0;
    this.#media = media;
    this.#extCsd = media.extCsd;
  }

  get sizeBytes(): number {
    return this.#media.user.size;
  }

  get extCsd(): ExtCsd {
    return this.#extCsd;
  }

  setExtCsd(registers: ExtCsd): void {
    this.#extCsd = registers;
    this.#media.keepExtCsd(registers);
  }

  medium(partition: HardwarePartition): Medium | undefined {
    return partition === 0 ? this.#media.user : this.#media.boot?.[partition - 1];
  }

  /** Undefined when the range is not on the device. */
  read(partition: HardwarePartition, offset: number, length: number): Uint8Array | undefined {
    const medium = this.medium(partition);
    return medium && !this.defects.absent && offset + length <= medium.size ? medium.read(offset, length) : undefined;
  }

  /** False when the write failed; a part of it may have landed. */
  write(partition: HardwarePartition, offset: number, data: Uint8Array): boolean {
    const medium = this.medium(partition);
    if (!medium || this.defects.absent || offset + data.length > medium.size) return false;
    const position = partition === 0 ? offset : Number.NEGATIVE_INFINITY;
    const landing = writableBytes(this.defects, this.#written, position, data.length);
    this.#written += landing;
    medium.write(offset, landedData(this.defects, position, data.subarray(0, landing)));
    return landing === data.length;
  }

  /** Erased blocks read as zeros here; cards differ in that. */
  erase(partition: HardwarePartition, offset: number, length: number): boolean {
    const medium = this.medium(partition);
    if (!medium || this.defects.absent || offset + length > medium.size) return false;
    medium.fill(offset, length, 0);
    return true;
  }

  /** Power went: the count for `failAfterBytes` starts again. */
  powerCycle(): void {
    this.#written = 0;
  }

  close(): void {
    this.#media.user.close();
    for (const medium of this.#media.boot ?? []) medium.close();
  }
}
