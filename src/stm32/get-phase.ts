import { PhaselineError } from '../base/errors.ts';
import { hexNumber } from '../base/sizes.ts';
import { download } from '../dfu/download.ts';
import type { DfuInterface } from '../dfu/interface.ts';
import { recoverToIdle } from '../dfu/recover.ts';
import { findAlternate } from './alternates.ts';
import { decodePhaseReply, encodePhaseRequest, PHASE, type PhaseReply, type PhaseRequest } from './phases.ts';

/** Longer than any reply (9 bytes and a text of 255), so that each is a short one and ends in dfuIDLE. */
const REPLY_BYTES = 512;

/**
 * Asks the board what it wants next: one UPLOAD on the virtual alternate setting. `timeoutMs` holds for
 * each request; the first one after a manifest waits for the medium (FINDINGS §3). Never inside
 * a download: DfuInterface refuses it. Fails with `board/no-alternate`, `dfu/protocol` and what the
 * port fails with.
 */
export async function getPhase(dfu: DfuInterface, timeoutMs: number): Promise<PhaseReply> {
  const alternate = virtualAlternate(dfu);
  await dfu.select(alternate, timeoutMs);
  await recoverToIdle(dfu, timeoutMs);
  const open = dfu.openUpload(alternate);
  let reply: Uint8Array;
  try {
    reply = await open.upload(0, REPLY_BYTES, timeoutMs);
  } finally {
    open.close();
  }
  if (reply.length === REPLY_BYTES) await dfu.abort(timeoutMs);
  return decodePhaseReply(reply);
}

export interface SetPhaseOptions {
  readonly blockMs: number;
  readonly manifestMs: number;
}

/**
 * Sends U-Boot to a phase and an offset in it; takes effect at the manifest. An unknown id is `dfu/status`.
 * Phase 0xFF would make the board jump to the offset (FINDINGS trap 4): a bug, never sent.
 */
export async function setPhase(dfu: DfuInterface, request: PhaseRequest, options: SetPhaseOptions): Promise<void> {
  const { phase, offset } = request;
  if (phase === PHASE.ERROR || !isInteger(phase, 0xff) || !isInteger(offset, 0xffffffff)) {
    throw new PhaselineError('bug/unexpected', `SetPhase ${hexNumber(phase)} with offset ${offset}`);
  }
  await download(dfu, virtualAlternate(dfu), once(encodePhaseRequest(request)), options);
}

function virtualAlternate(dfu: DfuInterface): number {
  const alternate = findAlternate(dfu.alternates, PHASE.VIRTUAL);
  if (alternate) return alternate.index;
  const id = hexNumber(PHASE.VIRTUAL);
  throw new PhaselineError('board/no-alternate', `no alternate setting for GetPhase (${id})`, {
    alternates: dfu.alternates.map(({ name }) => name),
  });
}

function isInteger(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= most;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
