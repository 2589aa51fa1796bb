import { PhaselineError } from '../../base/errors.ts';
import type { BoardStorage } from '../storage/board-storage.ts';
import type { Defects } from '../storage/defects.ts';
import type { Fault } from './fault.ts';

/** Writes the faults of media into the media; usage/arguments for one that the board does not carry. */
export function damageMedia(faults: readonly Fault[], storage: BoardStorage): void {
  for (const fault of faults) {
    if ('medium' in fault) damage(fault, defectsOf(fault.medium, storage));
  }
}

function damage(fault: Extract<Fault, { medium: string }>, defects: Defects): void {
  switch (fault.kind) {
    case 'absent':
      defects.absent = true;
      break;
    case 'slow-write':
      defects.writeMsPerMiB = fault.msPerMiB;
      break;
    case 'slow-erase':
      defects.eraseMsPerMiB = fault.msPerMiB;
      break;
    case 'write-error':
      defects.failWriteAt = fault.byte;
      break;
    case 'bad-block':
      defects.wornBlocks.add(fault.block);
      break;
    case 'flip':
      defects.flipBit = { offset: fault.byte, bit: fault.bit };
      break;
  }
}

function defectsOf(medium: string, storage: BoardStorage): Defects {
  const digit = /^mmc(\d)$/.exec(medium)?.[1];
  const device = digit === undefined ? storage.mtd.get(medium) : storage.mmc.get(Number(digit));
  if (!device) throw new PhaselineError('usage/arguments', `the board has no ${medium}`, { medium });
  return device.defects;
}
