import { isFilledWith } from '../storage/memory.ts';
import type { MtdDevice } from '../storage/mtd-device.ts';
import { FirmwareCrash } from './crash.ts';
import type { DfuMedium } from './dfu-entity.ts';
import { type Session, spendErasing, spendWriting } from './session.ts';

/** A stretch of a flash chip, in bytes, whole erase blocks. */
export interface MtdArea {
  readonly mtd: MtdDevice;
  readonly start: number;
  readonly sizeBytes: number;
  /** Pages of FF are not programmed, and what lies behind the image is erased at the end. Q-16. */
  readonly ubi: boolean;
}

/** Writes erase what they cover first, and step over bad blocks. */
export function mtdMedium(session: Session, area: MtdArea): DfuMedium {
  return new MtdMedium(session, area);
}

class MtdMedium implements DfuMedium {
  readonly owner = 'mtd';
  readonly bufferLimit: number;
  readonly #session: Session;
  readonly #area: MtdArea;
  readonly #limit: number;
  /** Bytes of bad blocks stepped over in this transaction. */
  #skipped = 0;

  constructor(session: Session, area: MtdArea) {
    this.#session = session;
    this.#area = area;
    this.#limit = area.start + area.sizeBytes;
    this.bufferLimit = area.mtd.eraseBlockBytes;
  }

  /** The whole chip, not the partition: reads end at the partition with a short block. FINDINGS §3. */
  size(): number {
    return this.#area.mtd.sizeBytes;
  }

  restart(): void {
    this.#skipped = 0;
  }

  read(offset: number, length: number): Uint8Array | undefined {
    const { mtd, start } = this.#area;
    let at = start + offset + this.#skipped;
    const wanted = Math.min(length, this.#limit - at);
    if (wanted <= 0) return new Uint8Array(0);
    const data = new Uint8Array(wanted);
    // A misaligned request reads nothing and calls it done.
    if (at % mtd.eraseBlockBytes !== 0) return data;
    for (let done = 0; done < wanted; ) {
      if (at + wanted - done > this.#limit) return data.subarray(0, done);
      if (this.#stepOverBad(at)) {
        at += mtd.eraseBlockBytes;
        continue;
      }
      const step = Math.min(wanted - done, mtd.eraseBlockBytes - (at % mtd.eraseBlockBytes));
      data.set(mtd.read(at, step), done);
      at += step;
      done += step;
    }
    return data;
  }

  write(offset: number, length: number, buffer: { view(at: number, length: number): Uint8Array }): number | undefined {
    const { mtd, start } = this.#area;
    const at = start + offset + this.#skipped;
    const wanted = Math.min(length, this.#limit - at);
    if (wanted <= 0) return undefined;
    // A misaligned request writes nothing and calls it done: protocol.md Q-14.
    if (at % mtd.eraseBlockBytes !== 0) return wanted;
    if (!this.#erase(at, wanted)) return undefined;
    return this.#program(at, buffer.view(0, wanted)) ? wanted : undefined;
  }

  flush(offset: number): void {
    const { mtd, start, ubi } = this.#area;
    if (!ubi) return;
    const block = mtd.eraseBlockBytes;
    for (let at = Math.ceil((start + offset + this.#skipped) / block) * block; at < this.#limit; at += block) {
      if (mtd.erase(at)) spendErasing(this.#session, block, mtd.defects.eraseMsPerMiB);
    }
  }

  #erase(from: number, length: number): boolean {
    const { mtd } = this.#area;
    const block = mtd.eraseBlockBytes;
    let remaining = Math.ceil(length / block) * block;
    for (let at = from; remaining > 0; at += block) {
      if (at + remaining > this.#limit) return false;
      if (mtd.isBad(at)) continue;
      if (mtd.erase(at)) {
        spendErasing(this.#session, block, mtd.defects.eraseMsPerMiB);
        remaining -= block;
      } else if (!mtd.markBad(at)) {
        return false;
      }
    }
    return true;
  }

  #program(from: number, data: Uint8Array): boolean {
    const { mtd, ubi } = this.#area;
    const unit = mtd.isNand ? mtd.pageBytes : mtd.eraseBlockBytes;
    let at = from;
    for (let done = 0; done < data.length; ) {
      if (at + data.length - done > this.#limit) return false;
      if (this.#stepOverBad(at)) {
        at += mtd.eraseBlockBytes;
        continue;
      }
      const page = data.subarray(done, done + unit);
      const skip = ubi && mtd.isNand && isFilledWith(page, 0xff);
      // Counted as a whole page, it leaves less than nothing to write: the loop runs off the buffer.
      if (skip && page.length < unit) throw new FirmwareCrash('a part of a page of FF at the end of a UBI image');
      if (!skip && !mtd.write(at, page)) return false;
      at += page.length;
      done += page.length;
    }
    spendWriting(this.#session, data.length, mtd.defects.writeMsPerMiB);
    return true;
  }

  #stepOverBad(at: number): boolean {
    const { mtd } = this.#area;
    if (at % mtd.eraseBlockBytes !== 0 || !mtd.isBad(at)) return false;
    this.#skipped += mtd.eraseBlockBytes;
    return true;
  }
}
