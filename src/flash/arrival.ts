import { PhaselineError } from '../base/errors.ts';
import { hexNumber } from '../base/sizes.ts';
import type { Connection } from './connection.ts';
import type { Emit, StageName } from './events.ts';

/** In which order a board goes through its stages; falling back means that it was reset. */
const STAGE_ORDER: Readonly<Record<StageName, number>> = { rom: 0, tfa: 1, uboot: 2 };

/** Tells of a new enumeration, or of a new program in the same one; `board/restarted` when it is an earlier stage. */
export function announce(emit: Emit, { board }: Connection, before: StageName | undefined): void {
  const { stage, product, families, deviceId, revision } = board;
  if (before === undefined) {
    const ids = { deviceId: hexNumber(deviceId ?? 0, 3), revision: hexNumber(revision ?? 0, 4) };
    emit({ event: 'board', family: families.join('|'), ...ids, stage });
  }
  emit({ event: 'stage', stage, product });
  if (before === undefined || STAGE_ORDER[stage] >= STAGE_ORDER[before]) return;
  throw new PhaselineError('board/restarted', `the board fell back from ${before} to ${stage}`, {
    from: before,
    to: stage,
  });
}
