import type { ErrorCode } from '../../src/base/error-codes.ts';
import type { BoardStage } from '../../src/simulator/board.ts';
import type { Place, Stage } from './moments.ts';

/**
 * What each fault has to end in, wherever it strikes. The first row that fits a cell counts; a cell that no row
 * fits is a failure. docs/errors.md is made of this table too.
 */
export interface OutcomeRow {
  /** Kinds of faults, as test/matrix/faults.ts calls them. */
  readonly faults: readonly string[];
  /** Where a fault of one transfer strikes; everywhere when absent. */
  readonly stages?: readonly Stage[];
  readonly places?: readonly Place[];
  /** How the names of the ways start that it is about; all of them when absent. */
  readonly ways?: readonly string[];
  /** How the fault's text ends or contains; any when absent. */
  readonly text?: RegExp;
  /** The one code, or those that are all as good; `ok` only with equal files. */
  readonly codes: readonly (ErrorCode | 'ok')[];
  /** What the board does afterwards (FINDINGS §1); `same`: the program that ran when the fault came. */
  readonly left: readonly (BoardStage | 'same')[];
  /** Whether a host can see it. */
  readonly seen: boolean;
  /** Virtual seconds that the job may take. */
  readonly within: number;
}

/** The ROM of this family jumps into the FSBL by itself; the others want a DETACH first. */
const MP15 = ['mp15'];
/** Requests before the first block and behind the manifest. */
const AROUND: readonly Place[] = ['before', 'select', 'after'];
/** From where an image begins to its last block. */
const BLOCKS: readonly Place[] = ['select', 'first-block', 'middle-block', 'middle-status', 'last-block'];
/** A board that left U-Boot's session may only have lost its cable. */
const REPLUG = 35;
/** Nothing but what the job itself takes. */
const AT_ONCE = 3;

const done = { codes: ['ok'], left: ['prompt'], seen: false } as const;
const gone = { codes: ['usb/gone'], left: ['same'], within: AT_ONCE } as const;
const late = { codes: ['usb/timeout'], left: ['same'], seen: true } as const;
const lost = { codes: ['board/lost'], seen: false } as const;

const notResumed = { codes: ['board/not-resumed'], left: ['rom'], seen: true, within: 5 } as const;
const CABLE = ['unplug', 'unplug-behind'];
const CABLE_BACK = ['replug', 'replug-behind'];

export const OUTCOMES: readonly OutcomeRow[] = [
  // The cable. STM32MP15's TF-A comes up in the ROM's session, so a cable that is out then looks like a board that never came.
  { faults: CABLE, stages: ['rom'], places: ['after'], ways: MP15, ...lost, left: ['tfa'], within: 17 },
  // The FSBL runs as soon as the ROM has said that it has it.
  { faults: ['unplug-behind'], stages: ['rom'], places: ['manifest'], ...gone, left: ['rom', 'tfa'], seen: false },
  { faults: CABLE, stages: ['storage'], ...gone, seen: false, within: REPLUG },
  { faults: CABLE, ...gone, seen: false },
  { faults: CABLE_BACK, stages: ['rom'], places: ['after'], ways: MP15, ...done, within: 4 },
  { faults: ['replug-behind'], stages: ['rom'], places: ['manifest'], ...gone, left: ['rom', 'tfa'], seen: true },
  // U-Boot keeps its session. Only the end of an image cannot be sent on its own, and nobody can tell whether a block
  // was taken whose answer is lost: the board is told to reset.
  { faults: ['replug'], stages: ['storage'], places: ['zero-block', 'manifest'], ...notResumed },
  {
    faults: ['replug-behind'],
    stages: ['storage'],
    places: ['first-block', 'middle-block', 'last-block', 'zero-block'],
    ...notResumed,
  },
  { faults: CABLE_BACK, stages: ['storage'], ...done, within: 5 },
  { faults: CABLE_BACK, ...gone, seen: true },

  // The power. STM32MP15's ROM, started anew, is what answers where TF-A was expected.
  {
    faults: ['power-cycle'],
    stages: ['rom'],
    places: ['after'],
    ways: MP15,
    codes: ['board/dead'],
    left: ['rom'],
    seen: true,
    within: 25,
  },
  { faults: ['power-cycle'], stages: ['storage'], codes: ['board/restarted'], left: ['rom'], seen: true, within: 5 },
  { faults: ['power-cycle'], codes: ['usb/gone'], left: ['rom'], seen: true, within: AT_ONCE },

  // A request that is refused. A ROM that does not answer GetPhase is taken for one that has none.
  { faults: ['stall'], stages: ['rom'], places: ['before', 'after'], ...done, within: AT_ONCE },
  { faults: ['stall'], stages: ['storage'], codes: ['usb/stall'], left: ['rom'], seen: true, within: AT_ONCE },
  { faults: ['stall'], codes: ['usb/stall'], left: ['same'], seen: true, within: AT_ONCE },

  // A board that is slow, and one that no longer answers.
  { faults: ['short-nak'], ...done, within: 4 },
  {
    faults: ['long-nak'],
    stages: ['rom'],
    places: ['after'],
    ways: MP15,
    codes: ['board/dead'],
    left: ['tfa'],
    seen: true,
    within: 17,
  },
  // Each wait by its own deadline. Where a phase begins the question may be the one behind the phase before.
  { faults: ['long-nak'], stages: ['rom'], ...late, within: 7 },
  { faults: ['long-nak'], stages: ['tfa'], places: BLOCKS, ...late, within: 7 },
  { faults: ['long-nak'], stages: ['tfa'], ...late, within: 12 },
  { faults: ['long-nak'], stages: ['uboot'], places: ['before'], ...late, within: 33 },
  { faults: ['long-nak'], places: BLOCKS, ...late, within: 63 },
  { faults: ['long-nak'], ...late, within: 185 },

  // dfuERROR. Outside of a download it is cleared and costs nothing.
  { faults: ['dfu-error'], places: AROUND, ...done, within: AT_ONCE },
  {
    faults: ['dfu-error'],
    stages: ['rom'],
    places: ['middle-status'],
    codes: ['usb/stall'],
    left: ['rom'],
    seen: true,
    within: AT_ONCE,
  },
  // At its end the FSBL of an STM32MP15 runs all the same.
  {
    faults: ['dfu-error'],
    stages: ['rom'],
    codes: ['board/fsbl-refused'],
    left: ['rom', 'tfa'],
    seen: true,
    within: AT_ONCE,
  },
  {
    faults: ['dfu-error'],
    stages: ['storage'],
    codes: ['dfu/status', 'usb/stall'],
    left: ['rom'],
    seen: true,
    within: AT_ONCE,
  },
  { faults: ['dfu-error'], codes: ['dfu/status', 'usb/stall'], left: ['same'], seen: true, within: AT_ONCE },

  // The firmware ends.
  { faults: ['crash'], stages: ['rom'], places: ['after'], ways: MP15, ...lost, left: ['crash'], within: 17 },
  { faults: ['crash'], stages: ['storage'], codes: ['usb/gone'], left: ['crash'], seen: false, within: REPLUG },
  { faults: ['crash'], codes: ['usb/gone'], left: ['crash'], seen: false, within: AT_ONCE },
  {
    faults: ['panic', 'no-usb'],
    text: /fsbl|no-usb/,
    ways: MP15,
    codes: ['board/dead'],
    left: ['tfa'],
    seen: true,
    within: 25,
  },
  { faults: ['panic', 'no-usb', 'never-returns'], text: /fsbl|no-usb/, ...lost, left: ['tfa'], within: 25 },
  { faults: ['panic', 'never-returns'], text: /after ddr-fip/, ...lost, left: ['tfa'], within: 25 },
  { faults: ['panic', 'never-returns'], text: /after fip/, ...lost, left: ['uboot'], within: 65 },
  { faults: ['panic', 'never-returns'], text: /after layout/, ...lost, left: ['uboot'], within: 310 },

  // A program that has got its DETACH and stays on the bus.
  { faults: ['stays'], codes: ['board/lost'], left: ['rom', 'tfa', 'uboot'], seen: true, within: 18 },

  // Another port or serial number is followed, and told.
  { faults: ['port', 'serial'], ...done, within: 5 },

  // A board that asks for the wrong thing. What the ROM says is not trusted, but for an error.
  {
    faults: ['phase'],
    text: /^phase 0xFF instead of 0x01/,
    codes: ['board/error'],
    left: ['rom'],
    seen: true,
    within: AT_ONCE,
  },
  { faults: ['phase'], text: /instead of 0x01/, ...done, within: AT_ONCE },
  {
    faults: ['phase'],
    text: /^phase 0xFF instead of 0x0[0-3]/,
    codes: ['board/error'],
    left: ['tfa', 'rom'],
    seen: true,
    within: AT_ONCE,
  },
  {
    faults: ['phase'],
    text: /instead of 0x0[0-3]/,
    codes: ['board/unexpected-phase', 'board/no-alternate', 'board/error'],
    left: ['tfa', 'uboot'],
    seen: true,
    within: AT_ONCE,
  },
  // It says that there was an error, so DETACH should reset it; there was none, so U-Boot goes on to its prompt.
  { faults: ['phase'], text: /^phase 0xFF/, codes: ['board/error'], left: ['prompt'], seen: false, within: AT_ONCE },
  {
    faults: ['phase'],
    text: /^phase 0xFE/,
    codes: ['board/unexpected-phase'],
    left: ['rom'],
    seen: true,
    within: AT_ONCE,
  },
  // A board that lies about its phase cannot be brought to reset either.
  { faults: ['phase'], codes: ['board/unexpected-phase'], left: ['uboot'], seen: true, within: AT_ONCE },

  // The medium.
  { faults: ['absent'], codes: ['board/layout-refused'], left: ['rom'], seen: true, within: AT_ONCE },
  { faults: ['slow-write', 'slow-erase'], ...done, within: 70 },
  { faults: ['write-error'], codes: ['board/error', 'dfu/status'], left: ['rom'], seen: true, within: AT_ONCE },
  { faults: ['flip'], codes: ['verify/difference'], left: ['prompt'], seen: false, within: AT_ONCE },
  { faults: ['bad-block'], ...done, within: AT_ONCE },
];
