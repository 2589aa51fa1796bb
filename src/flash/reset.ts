import { isPhaselineError } from '../base/errors.ts';
import { DFU_STATE } from '../dfu/constants.ts';
import { recoverToIdle } from '../dfu/recover.ts';
import { findAlternate, parseAlternateName } from '../stm32/alternates.ts';
import { getPhase, setPhase } from '../stm32/get-phase.ts';
import { PHASE } from '../stm32/phases.ts';
import type { Connection } from './connection.ts';

/** No image is that long before it wraps, and no wrapped one is expected to stand just there. */
const WRONG_BLOCKS = [0x7a5a, 0x7a5b] as const;

/**
 * Makes U-Boot reset the board out of its second enumeration: a block with a wrong number on the
 * current alternate ends the session in phase 0xFF (nothing is written), GetPhase arms the reset,
 * DETACH triggers it (FINDINGS §1 and trap 5d). False when the board is not in a state for that.
 */
export async function resetThroughError(connection: Connection, timeoutMs: number): Promise<boolean> {
  const { dfu } = connection;
  let phase = (await getPhase(dfu, timeoutMs)).phase;
  if (phase === PHASE.END) {
    const partition = firstPartition(connection);
    if (partition === undefined) return false;
    await setPhase(dfu, { phase: partition, offset: 0 }, { blockMs: timeoutMs, manifestMs: timeoutMs });
    phase = partition;
  }
  if (phase !== PHASE.ERROR) {
    const alternate = findAlternate(dfu.alternates, phase);
    if (!alternate || phase === PHASE.FLASHLAYOUT) return false;
    for (const block of WRONG_BLOCKS) await sendWrongBlock(connection, alternate.index, block, timeoutMs);
    phase = (await getPhase(dfu, timeoutMs)).phase;
  }
  if (phase !== PHASE.ERROR) return false;
  await dfu.detach(timeoutMs);
  return true;
}

/** The lowest id that belongs to a partition; undefined when the board shows none. */
function firstPartition({ dfu }: Connection): number | undefined {
  const ids = dfu.alternates.map(({ name }) => (name === undefined ? undefined : parseAlternateName(name)?.id));
  return ids.find((id) => id !== undefined && id > PHASE.FLASHLAYOUT && id <= PHASE.LAST_USER);
}

async function sendWrongBlock({ dfu }: Connection, alternate: number, block: number, timeoutMs: number): Promise<void> {
  await dfu.select(alternate, timeoutMs);
  await recoverToIdle(dfu, timeoutMs);
  const download = dfu.openDownload(alternate);
  try {
    await download.dnload(block, Uint8Array.of(0), timeoutMs);
    await download.getStatus(timeoutMs);
  } catch (error) {
    // A stall is as good as dfuERROR: recoverToIdle clears either.
    if (!isPhaselineError(error, 'usb/stall')) throw error;
  } finally {
    download.close();
  }
  const { state } = await dfu.getStatus(timeoutMs);
  if (state === DFU_STATE.dfuERROR) await dfu.clearStatus(timeoutMs);
}
