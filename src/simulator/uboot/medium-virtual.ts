import { decodePhaseRequest, encodePhaseReply, PHASE } from '../../stm32/phases.ts';
import { FirmwareCrash } from './crash.ts';
import type { DfuMedium } from './dfu-entity.ts';
import { DO_RESET, fail, type Session, setPhase } from './session.ts';

/** CMD_SIZE: what the alternate of GetPhase and SetPhase announces. protocol.md §4.1. */
export const COMMAND_BYTES = 512;
const PHASE_BYTES = 9;

/** GetPhase is an upload of it, SetPhase a download to it. protocol.md §4. */
export function commandMedium(session: Session): DfuMedium {
  return {
    owner: 'virtual',
    bufferLimit: 0,
    size: () => COMMAND_BYTES,
    read(offset, length) {
      if (length < PHASE_BYTES) return undefined;
      return offset > 0 ? new Uint8Array(0) : answerGetPhase(session, length);
    },
    write(offset, length, buffer) {
      const request = offset > 0 ? undefined : decodePhaseRequest(buffer.view(0, length));
      return request && changePhase(session, request.phase, request.offset) ? length : undefined;
    },
  };
}

function answerGetPhase(session: Session, length: number): Uint8Array {
  const { phase } = session;
  const failed = phase === PHASE.ERROR || phase === DO_RESET;
  if (failed && session.error === '') session.error = 'Unspecified';
  const reply = encodePhaseReply({
    phase: phase & 0xff,
    address: phase === PHASE.FLASHLAYOUT ? session.hw.chip.loadAddress : undefined,
    offset: session.offset,
    needDetach: session.rows.length > 0,
    text: session.error.slice(0, length - PHASE_BYTES),
  });
  // The host knows now: the end of this gadget resets the board (FINDINGS §1).
  if (phase === PHASE.ERROR) setPhase(session, DO_RESET);
  return reply;
}

/** False when no row has that id. protocol.md §4.2. */
function changePhase(session: Session, phase: number, offset: number): boolean {
  if (phase === PHASE.ERROR) throw new FirmwareCrash(`jump to 0x${offset.toString(16)}`);
  if (phase !== session.phase) {
    const row = session.rows.find((candidate) => candidate.id === phase);
    if (!row) return false;
    session.current = row;
    setPhase(session, phase);
  }
  session.offset = offset;
  return true;
}

/** The fuses. Read anew with the first block; burnt when the download is complete. protocol.md §5.8. */
export function otpMedium(session: Session, sizeBytes: number): DfuMedium {
  return {
    owner: 'virtual',
    bufferLimit: 0,
    size: () => sizeBytes,
    read(offset, length) {
      if (offset === 0 || !session.otp) session.otp = session.hw.storage.otp.read();
      return session.otp.slice(offset, offset + length);
    },
    write(offset, length, buffer) {
      if (offset === 0 || !session.otp) session.otp = new Uint8Array(sizeBytes);
      if (offset > sizeBytes) throw new FirmwareCrash('write behind the OTP structure');
      const taken = Math.min(length, sizeBytes - offset);
      session.otp.set(buffer.view(0, taken), offset);
      return taken;
    },
  };
}

/** EIO, what the trusted application's refusal becomes. */
const EIO = 5;

/** Burns what was downloaded. Only GetPhase tells of a failure. */
export function burnOtp(session: Session): void {
  if (!session.otp) {
    fail(session, 'start OTP without data');
    return;
  }
  const structure = session.otp;
  session.otp = undefined;
  if (!session.hw.storage.otp.burn(structure)) fail(session, `OTP write issue ${-EIO}`);
}

/** The memory of an STPMIC1; MP2 boards have another chip, which this U-Boot cannot write. protocol.md §5.8. */
export function pmicMedium(session: Session): DfuMedium {
  const { pmic } = session;
  return {
    owner: 'virtual',
    bufferLimit: 0,
    size: () => pmic.length,
    read(offset, length) {
      if (!hasStpmic1(session)) {
        fail(session, 'PMIC update not supported');
        return undefined;
      }
      if (offset === 0) pmic.set(session.hw.storage.pmic.read());
      return pmic.slice(offset, offset + length);
    },
    write(offset, length, buffer) {
      if (offset === 0) pmic.fill(0);
      if (offset > pmic.length) throw new FirmwareCrash('write behind the PMIC structure');
      const taken = Math.min(length, pmic.length - offset);
      pmic.set(buffer.view(0, taken), offset);
      return taken;
    },
  };
}

export function burnPmic(session: Session): void {
  if (hasStpmic1(session)) session.hw.storage.pmic.write(session.pmic);
  else fail(session, 'PMIC update not supported');
}

function hasStpmic1({ hw }: Session): boolean {
  return hw.chip.family === 'mp13' || hw.chip.family === 'mp15';
}
