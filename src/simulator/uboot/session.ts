import { PHASE } from '../../stm32/phases.ts';
import type { Hardware } from '../hardware.ts';
import type { MmcDevice } from '../storage/mmc-device.ts';
import type { MtdDevice } from '../storage/mtd-device.ts';
import { FirmwareCrash } from './crash.ts';
import { Dram } from './dram.ts';
import { TRANSFER_BYTES } from './f-dfu.ts';
import { isProgrammed, type LayoutRow, type Target } from './layout-row.ts';

/** Set when GetPhase was read in phase 0xFF: the next end of a gadget resets the board. protocol.md §4.1. */
export const DO_RESET = 0x1ff;
/** Bytes from the start of the error text to the row pointer behind it in stm32prog_data. */
const ERROR_ROOM = 256;

/** One of the devices that the layout names, with its rows in order of place. */
export interface LayoutDevice {
  readonly target: Target;
  readonly index: number;
  rows: LayoutRow[];
  /** Every row is selected: the partition table is written anew. */
  fullUpdate: boolean;
  mmc?: MmcDevice;
  mtd?: MtdDevice;
}

/** Everything that the stm32prog command remembers while it runs. protocol.md §5. */
export interface Session {
  readonly hw: Hardware;
  readonly dram: Dram;
  phase: number;
  /** SetPhase's; it outlives the phase (FINDINGS trap 3). */
  offset: number;
  /** What GetPhase tells in phase 0xFF. */
  error: string;
  rows: readonly LayoutRow[];
  devices: LayoutDevice[];
  current: LayoutRow | undefined;
  /** An error text ran over the pointer to the current row. */
  overrun: boolean;
  /** The OTP structure being filled; undefined until something was read or written. */
  otp: Uint8Array | undefined;
  readonly pmic: Uint8Array;
  /** What to boot when the command ends: addresses in memory. */
  kernel: number | undefined;
  script: number | undefined;
  /** Work that the media did and nobody waited for yet. */
  busyMs: number;
}

export function newSession(hw: Hardware): Session {
  return {
    hw,
    dram: new Dram(hw.chip),
    phase: PHASE.FLASHLAYOUT,
    offset: 0,
    error: '',
    rows: [],
    devices: [],
    current: undefined,
    overrun: false,
    otp: undefined,
    pmic: new Uint8Array(8),
    kernel: undefined,
    script: undefined,
    busyMs: 0,
  };
}

/** Phase 0xFF with this text, unless it is there already: the first error stays. */
export function fail(session: Session, text: string): void {
  if (session.phase === PHASE.ERROR) return;
  session.error = text;
  session.overrun ||= text.length > ERROR_ROOM;
  setPhase(session, PHASE.ERROR);
  session.hw.log.warn({ text }, 'U-Boot reports an error');
}

/** The row that is being programmed; following an overrun pointer kills the board (FINDINGS §3, last bullets). */
export function currentRow(session: Session): LayoutRow | undefined {
  if (session.overrun) throw new FirmwareCrash('the error text ran over the current row');
  return session.current;
}

export function setPhase(session: Session, phase: number): void {
  if (session.phase === phase) return;
  session.phase = phase;
  session.hw.observe?.({ kind: 'phase', phase: phase & 0xff });
}

/** On to the next higher id that is selected and not empty; none = the end. protocol.md §5.7. */
export function nextPhase(session: Session): void {
  const { phase } = session;
  if (phase === PHASE.ERROR || phase === PHASE.END || phase === DO_RESET) return;
  session.current = undefined;
  for (let id = phase + 1; id <= PHASE.LAST_USER; id += 1) {
    const row = session.rows.find((candidate) => candidate.id === id);
    if (row && isProgrammed(row)) {
      session.current = row;
      setPhase(session, id);
      return;
    }
  }
  setPhase(session, PHASE.END);
}

const MIB = 1024 * 1024;

/**
 * Notes that `bytes` were written at this speed. What the blocks of the download took already counts towards
 * it: a paced block contains its medium, and only a slower medium adds to it.
 */
export function spendWriting(session: Session, bytes: number, msPerMiB: number | undefined): void {
  const { writeMsPerMiB, blockMs } = session.hw.settings;
  const mediumMs = (bytes / MIB) * (msPerMiB ?? writeMsPerMiB);
  session.busyMs += Math.max(0, mediumMs - (bytes / TRANSFER_BYTES) * blockMs);
}

export function spendErasing(session: Session, bytes: number, msPerMiB: number | undefined): void {
  session.busyMs += (bytes / MIB) * (msPerMiB ?? 0);
}
