import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { PhaselineError } from '../../base/errors.ts';
import { BoardStorage, FACTORY_EXT_CSD, otpWords } from './board-storage.ts';
import { decodeBadBlocks, decodeExtCsd, encodeExtCsd, encodeNand, unfit } from './descriptions.ts';
import type { Medium } from './medium.ts';
import { checkRange, isFilledWith } from './memory.ts';
import { MmcDevice } from './mmc-device.ts';
import { MtdDevice } from './mtd-device.ts';
import { OtpFuses } from './otp-fuses.ts';
import { PMIC_BYTES, PmicMemory } from './pmic-memory.ts';
import type { MmcSpec, MtdSpec, StorageSpec } from './spec.ts';

/** A run of zeros of this size is not written over a hole. */
const GRAIN_BYTES = 4096;
/** What is remembered as a hole or not. */
const REGION_BYTES = 1024 * 1024;
const BLOCK_BYTES = 512;

/**
 * Storage in ordinary files that other tools can open: `mmc0.img`, `mmc1boot1.img`, `nand0.img` (main
 * area) and so on. Files that are there are opened and kept, a card with its size; others are made,
 * sparse where blank is zero (erased flash is FF and is written out). `otpBytes` as in SimulatedChip.
 * Throws files/unreadable (`folder` or a file cannot be opened or made) and files/format (a file whose
 * size or content does not fit the device).
 */
export function fileStorage(spec: StorageSpec, otpBytes: number, folder: string): BoardStorage {
  const opened: FileMedium[] = [];
  const open: OpenImage = (name, size, blank) => {
    const medium = new FileMedium(join(folder, name), size, blank);
    opened.push(medium);
    return medium;
  };
  try {
    mkdirSync(folder, { recursive: true });
    const mmc = Object.entries(spec.mmc).map(
      ([key, card]) => [Number(key), openMmc(Number(key), card, folder, open)] as const,
    );
    const mtd = Object.entries(spec.mtd).map(([name, chip]) => [name, openMtd(name, chip, folder, open)] as const);
    const otp = join(folder, 'otp.bin');
    const pmic = join(folder, 'pmic.bin');
    const words = otpWords(otpBytes);
    return new BoardStorage({
      mmc: new Map(mmc),
      mtd: new Map(mtd),
      otp: new OtpFuses(words, content(otp, 8 * words), (fuses) => writeFileSync(otp, fuses)),
      pmic: new PmicMemory(content(pmic, PMIC_BYTES), (bytes) => writeFileSync(pmic, bytes)),
    });
  } catch (error) {
    for (const medium of opened) medium.close();
    if (error instanceof PhaselineError) throw error;
    throw new PhaselineError('files/unreadable', `${folder}: ${(error as Error).message}`, { folder }, error);
  }
}

type OpenImage = (name: string, newSize: number, blank: number) => FileMedium;

function openMmc(index: number, spec: MmcSpec, folder: string, open: OpenImage): MmcDevice {
  const name = `mmc${index}`;
  const user = open(`${name}.img`, spec.sizeBytes, 0);
  if (user.size % BLOCK_BYTES !== 0) throw unfit(`${name}.img`, `${user.size} bytes is no multiple of ${BLOCK_BYTES}`);
  if (spec.bootBytes === 0) {
    return new MmcDevice(index, spec, { user, extCsd: FACTORY_EXT_CSD, keepExtCsd: () => undefined });
  }
  const boot = [open(`${name}boot1.img`, spec.bootBytes, 0), open(`${name}boot2.img`, spec.bootBytes, 0)] as const;
  const registers = join(folder, `${name}.json`);
  const found = content(registers);
  const extCsd = found ? decodeExtCsd(registers, found) : FACTORY_EXT_CSD;
  const device = new MmcDevice(index, spec, {
    user,
    boot,
    extCsd,
    keepExtCsd: (changed) => writeFileSync(registers, encodeExtCsd(changed)),
  });
  device.setExtCsd(extCsd);
  return device;
}

function openMtd(name: string, spec: MtdSpec, folder: string, open: OpenImage): MtdDevice {
  const main = open(`${name}.img`, spec.sizeBytes, 0xff);
  if (main.size !== spec.sizeBytes) throw unfit(`${name}.img`, `${main.size} bytes instead of ${spec.sizeBytes}`);
  if (spec.kind === 'nor') return new MtdDevice(name, spec, { main, badBlocks: [], keepBadBlocks: () => undefined });
  const path = join(folder, `${name}.json`);
  const keepBadBlocks = (blocks: readonly number[]): void => writeFileSync(path, encodeNand(spec, blocks));
  const found = content(path);
  const badBlocks = found ? decodeBadBlocks(path, found, spec) : (spec.badBlocks ?? []);
  keepBadBlocks(badBlocks);
  return new MtdDevice(name, spec, { main, badBlocks, keepBadBlocks });
}

/** What the file holds; undefined when there is none. */
function content(path: string, length?: number): Uint8Array | undefined {
  if (!existsSync(path)) return undefined;
  const found = readFileSync(path);
  if (length !== undefined && found.length !== length) throw unfit(path, `${found.length} bytes instead of ${length}`);
  return new Uint8Array(found);
}

/** A file that stays as sparse as its content allows. Not shared: nothing else may write it meanwhile. */
class FileMedium implements Medium {
  readonly size: number;
  readonly #fd: number;
  /** One byte a region: 0 = a hole. */
  readonly #used: Uint8Array;
  #open = true;

  constructor(path: string, newSize: number, blank: number) {
    const isNew = !existsSync(path);
    this.#fd = openSync(path, isNew ? 'w+' : 'r+');
    if (isNew) ftruncateSync(this.#fd, newSize);
    const stat = fstatSync(this.#fd);
    this.size = stat.size;
    this.#used = new Uint8Array(Math.ceil(this.size / REGION_BYTES)).fill(stat.blocks === 0 ? 0 : 1);
    if (isNew && blank !== 0) this.fill(0, this.size, blank);
  }

  read(offset: number, length: number): Uint8Array {
    checkRange(this, offset, length);
    const out = new Uint8Array(length);
    for (let at = 0; at < length; ) {
      const step = Math.min(length - at, REGION_BYTES - ((offset + at) % REGION_BYTES));
      if (this.#used[Math.floor((offset + at) / REGION_BYTES)] === 1) readSync(this.#fd, out, at, step, offset + at);
      at += step;
    }
    return out;
  }

  write(offset: number, data: Uint8Array): void {
    checkRange(this, offset, data.length);
    let start = 0;
    for (let at = 0; at < data.length; ) {
      const end = Math.min(data.length, at + GRAIN_BYTES - ((offset + at) % GRAIN_BYTES));
      if (isFilledWith(data.subarray(at, end), 0) && this.#readsZero(offset + at, end - at)) {
        this.#put(offset + start, data.subarray(start, at));
        start = end;
      }
      at = end;
    }
    this.#put(offset + start, data.subarray(start));
  }

  fill(offset: number, length: number, value: number): void {
    checkRange(this, offset, length);
    if (value === 0 && offset === 0 && length === this.size) {
      ftruncateSync(this.#fd, 0);
      ftruncateSync(this.#fd, this.size);
      this.#used.fill(0);
      return;
    }
    const chunk = new Uint8Array(Math.min(length, REGION_BYTES)).fill(value);
    for (let at = 0; at < length; ) {
      const step = Math.min(length - at, REGION_BYTES - ((offset + at) % REGION_BYTES));
      if (value !== 0 || this.#used[Math.floor((offset + at) / REGION_BYTES)] === 1)
        this.write(offset + at, chunk.subarray(0, step));
      at += step;
    }
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    closeSync(this.#fd);
  }

  #readsZero(offset: number, length: number): boolean {
    return this.#used[Math.floor(offset / REGION_BYTES)] === 0 || isFilledWith(this.read(offset, length), 0);
  }

  #put(offset: number, data: Uint8Array): void {
    if (data.length === 0) return;
    this.#used.fill(1, Math.floor(offset / REGION_BYTES), Math.floor((offset + data.length - 1) / REGION_BYTES) + 1);
    let done = 0;
    while (done < data.length) done += writeSync(this.#fd, data, done, data.length - done, offset + done);
  }
}
