import type { HardwarePartition, MmcDevice } from '../storage/mmc-device.ts';
import type { DfuMedium } from './dfu-entity.ts';
import { SECTOR } from './gpt.ts';
import { type Session, spendWriting } from './session.ts';

/** A stretch of a card or eMMC, in sectors. */
export interface MmcArea {
  readonly mmc: MmcDevice;
  readonly partition: HardwarePartition;
  readonly first: number;
  readonly count: number;
}

/** Transfers in whole sectors, the last one filled up with what the buffer holds (FINDINGS trap 8). */
export function mmcMedium(session: Session, area: MmcArea): DfuMedium {
  const { mmc, partition, first, count } = area;
  /** Byte offset on the device, or undefined when the request leaves the area. The remainder of `offset` is lost. */
  const place = (offset: number, length: number): number | undefined => {
    const sector = first + Math.floor(offset / SECTOR);
    return sector + length / SECTOR > first + count ? undefined : sector * SECTOR;
  };
  return {
    owner: 'mmc',
    bufferLimit: 0,
    size: () => count * SECTOR,
    read(offset, length) {
      const whole = roundUp(length);
      const at = place(offset, whole);
      return at === undefined ? undefined : mmc.read(partition, at, whole);
    },
    write(offset, length, buffer) {
      const whole = roundUp(length);
      const at = place(offset, whole);
      if (at === undefined || !mmc.write(partition, at, buffer.view(0, whole))) return undefined;
      spendWriting(session, whole, mmc.defects.writeMsPerMiB);
      return whole;
    },
  };
}

function roundUp(length: number): number {
  return Math.ceil(length / SECTOR) * SECTOR;
}
