import type { MmcDevice } from '../storage/mmc-device.ts';
import { decodeGpt, type GptEntry, SECTOR } from './gpt.ts';

/** Blocks of the user area. */
export function blockCount(mmc: MmcDevice): number {
  return Math.floor(mmc.sizeBytes / SECTOR);
}

/** Entry `number` (from 1) of the partition table that is on the device now. */
export function findGptPartition(mmc: MmcDevice, number: number): GptEntry | undefined {
  const read = (sector: number, count: number): Uint8Array | undefined => mmc.read(0, sector * SECTOR, count * SECTOR);
  return decodeGpt(blockCount(mmc), read)?.[number - 1];
}
