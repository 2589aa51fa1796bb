import { type Defects, landedData, noDefects, writableBytes } from './defects.ts';
import type { Medium } from './medium.ts';
import { type MtdPartition, parseMtdPartitions } from './mtd-partitions.ts';
import type { MtdSpec } from './spec.ts';

export interface MtdMedia {
  readonly main: Medium;
  /** Bad erase blocks by index, as found. */
  readonly badBlocks: readonly number[];
  /** Called with every new bad block. */
  readonly keepBadBlocks: (badBlocks: readonly number[]) => void;
}

/** A NOR, raw NAND or SPI-NAND chip: its main area in erase blocks. Sizes and offsets in bytes. */
export class MtdDevice {
  readonly name: string;
  readonly kind: MtdSpec['kind'];
  readonly eraseBlockBytes: number;
  readonly pageBytes: number;
  readonly partitions: readonly MtdPartition[];
  readonly medium: Medium;
  readonly defects: Defects = noDefects();
  readonly #bad: Set<number>;
  readonly #keepBadBlocks: MtdMedia['keepBadBlocks'];
  #written = 0;

  constructor(name: string, spec: MtdSpec, media: MtdMedia) {
    this.name = name;
    this.kind = spec.kind;
    this.eraseBlockBytes = spec.eraseBlockBytes;
    this.pageBytes = spec.pageBytes;
    this.partitions = parseMtdPartitions(spec.partitions, spec.sizeBytes);
    this.medium = media.main;
    this.#bad = new Set(media.badBlocks);
    this.#keepBadBlocks = media.keepBadBlocks;
  }

  get sizeBytes(): number {
    return this.medium.size;
  }

  /** Written page by page, with bad blocks. */
  get isNand(): boolean {
    return this.kind !== 'nor';
  }

  get badBlocks(): readonly number[] {
    return [...this.#bad].sort((a, b) => a - b);
  }

  /** Whether the block that holds `offset` is bad; NOR has no bad blocks. */
  isBad(offset: number): boolean {
    return this.#bad.has(Math.floor(offset / this.eraseBlockBytes));
  }

  /** False on NOR, which cannot remember it. */
  markBad(offset: number): boolean {
    if (!this.isNand) return false;
    this.#bad.add(Math.floor(offset / this.eraseBlockBytes));
    this.#keepBadBlocks(this.badBlocks);
    return true;
  }

  /** Erases the block at `offset` to FF; false when the block is bad or wears out now. */
  erase(offset: number): boolean {
    const block = Math.floor(offset / this.eraseBlockBytes);
    if (this.defects.absent || this.#bad.has(block) || this.defects.wornBlocks.has(block)) return false;
    this.medium.fill(block * this.eraseBlockBytes, this.eraseBlockBytes, 0xff);
    return true;
  }

  read(offset: number, length: number): Uint8Array {
    return this.medium.read(offset, length);
  }

  /** False when the write failed. */
  write(offset: number, data: Uint8Array): boolean {
    if (this.defects.absent) return false;
    const landing = writableBytes(this.defects, this.#written, offset, data.length);
    this.#written += landing;
    this.medium.write(offset, landedData(this.defects, offset, data.subarray(0, landing)));
    return landing === data.length;
  }

  powerCycle(): void {
    this.#written = 0;
  }

  close(): void {
    this.medium.close();
  }
}
