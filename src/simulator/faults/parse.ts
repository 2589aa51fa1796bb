import { isPhaselineError, PhaselineError } from '../../base/errors.ts';
import type { Fault, FaultPoint, FaultStep } from './fault.ts';
import { Words } from './words.ts';

const STEPS: readonly FaultStep[] = ['fsbl', 'ddr-fip', 'fip', 'layout'];
const POINT = '(phase ID byte N | phase ID block N | phase ID end | transfer N)';
const MEDIUM = /^(mmc|nor|nand|spi-nand)\d$/;

interface FaultForm {
  /** How it is written; POINT as below, STEP one of STEPS. */
  readonly form: string;
  readonly example: string;
  readonly meaning: string;
  readonly read: (words: Words) => Fault;
}

/** The language: one row a fault, by its first word. Numbers as sizes are written; times in ms. */
export const FAULT_FORMS: Readonly<Record<string, FaultForm>> = {
  unplug: {
    form: 'unplug [for MS] at POINT',
    example: 'unplug at phase 0x10 byte 1048576',
    meaning: 'the cable is pulled, and put back after MS if that is given',
    read: (words) => ({ kind: 'unplug', ...awhile(words), at: point(words) }),
  },
  'unplug-behind': {
    form: 'unplug-behind [for MS] at POINT',
    example: 'unplug-behind for 3000 at phase 0x10 block 3',
    meaning: 'the same once the firmware has taken that request: its answer is lost',
    read: (words) => ({ kind: 'unplug-behind', ...awhile(words), at: point(words) }),
  },
  'power-cycle': {
    form: 'power-cycle [for MS] at POINT',
    example: 'power-cycle for 2000 at phase 0x11 byte 4096',
    meaning: 'the board is without power for MS (1000), then starts in its ROM',
    read: (words) => ({ kind: 'power-cycle', ...awhile(words), at: point(words) }),
  },
  stall: {
    form: 'stall at POINT',
    example: 'stall at transfer 40',
    meaning: 'that request is stalled, and never reaches the firmware',
    read: (words) => ({ kind: 'stall', at: point(words) }),
  },
  nak: {
    form: 'nak MS at POINT',
    example: 'nak 20000 at phase 0x10 block 3',
    meaning: 'that request is answered MS later',
    read: (words) => ({ kind: 'nak', ms: words.number('time'), at: point(words) }),
  },
  'dfu-error': {
    form: 'dfu-error STATUS at POINT',
    example: 'dfu-error 3 at phase 0x10 block 7',
    meaning: 'after that block the device is in dfuERROR with bStatus STATUS',
    read: (words) => ({ kind: 'dfu-error', status: words.number('DFU status', 15), at: point(words) }),
  },
  crash: {
    form: 'crash at POINT',
    example: 'crash at transfer 100',
    meaning: 'the firmware crashes: off the bus until the next power cycle',
    read: (words) => ({ kind: 'crash', at: point(words) }),
  },
  phase: {
    form: 'phase ID instead of ID',
    example: 'phase 0x11 instead of 0x10',
    meaning: 'GetPhase shows the first id when the board wants the second',
    read(words) {
      const shown = phaseId(words);
      words.expect('instead');
      words.expect('of');
      return { kind: 'wrong-phase', shown, instead: phaseId(words) };
    },
  },
  'never-returns': {
    form: 'never-returns after STEP',
    example: 'never-returns after layout',
    meaning: 'after that was sent the board leaves the bus for good',
    read: (words) => ({ kind: 'never-returns', after: step(words) }),
  },
  panic: {
    form: 'panic after STEP',
    example: 'panic after fsbl',
    meaning: 'the program that was sent stops at its start; STM32MP15 stays listed after fsbl and answers nothing',
    read: (words) => ({ kind: 'panic', after: step(words) }),
  },
  'no-usb': {
    form: 'no-usb',
    example: 'no-usb',
    meaning: 'the FSBL was built without USB support: it panics as soon as it runs',
    read: () => ({ kind: 'panic', after: 'fsbl' }),
  },
  port: {
    form: 'port BUS-PORT after STEP',
    example: 'port 1-7 after fip',
    meaning: 'the board comes back on another port',
    read: (words) => ({ kind: 'port', port: words.matching('port', /^\d+-\d+(\.\d+)*$/), after: step(words) }),
  },
  serial: {
    form: 'serial HEX after STEP',
    example: 'serial 0123456789ABCDEF01234567 after fip',
    meaning: 'the board comes back with another serial number',
    read: (words) => ({
      kind: 'serial',
      serial: words.matching('serial number', /^[0-9A-F]{24}$/),
      after: step(words),
    }),
  },
  absent: {
    form: 'absent MEDIUM',
    example: 'absent mmc1',
    meaning: 'there is no such card or chip',
    read: (words) => ({ kind: 'absent', medium: medium(words) }),
  },
  'slow-write': {
    form: 'slow-write MEDIUM MS',
    example: 'slow-write mmc0 1000',
    meaning: 'writing takes MS for each MiB',
    read: (words) => ({ kind: 'slow-write', medium: medium(words), msPerMiB: words.number('time') }),
  },
  'slow-erase': {
    form: 'slow-erase MEDIUM MS',
    example: 'slow-erase mmc1 50',
    meaning: 'erasing takes MS for each MiB',
    read: (words) => ({ kind: 'slow-erase', medium: medium(words), msPerMiB: words.number('time') }),
  },
  'write-error': {
    form: 'write-error MEDIUM at byte N',
    example: 'write-error mmc0 at byte 8M',
    meaning: 'a write that covers this byte fails',
    read(words) {
      const target = medium(words);
      words.expect('at');
      words.expect('byte');
      return { kind: 'write-error', medium: target, byte: words.number('offset') };
    },
  },
  'bad-block': {
    form: 'bad-block MEDIUM N',
    example: 'bad-block nand0 17',
    meaning: 'erase block N wears out: its next erase fails',
    read: (words) => ({ kind: 'bad-block', medium: medium(words), block: words.number('block') }),
  },
  flip: {
    form: 'flip MEDIUM byte N bit B',
    example: 'flip mmc0 byte 20000 bit 3',
    meaning: 'this bit is turned over whenever it is written',
    read(words) {
      const target = medium(words);
      words.expect('byte');
      const byte = words.number('offset');
      words.expect('bit');
      return { kind: 'flip', medium: target, byte, bit: words.number('bit', 7) };
    },
  },
};

/** Reads one fault; usage/arguments, with the fault's grammar, when it cannot be understood. */
export function parseFault(text: string): Fault {
  const words = new Words(text);
  const name = words.next('the fault');
  const row = Object.hasOwn(FAULT_FORMS, name) ? FAULT_FORMS[name] : undefined;
  if (!row) throw words.refusal(`"${name}" is none of ${Object.keys(FAULT_FORMS).join(', ')}`);
  try {
    const fault = row.read(words);
    words.end();
    return fault;
  } catch (error) {
    if (!isPhaselineError(error, 'usage/arguments')) throw error;
    const grammar = row.form.replace('POINT', POINT);
    throw new PhaselineError(
      'usage/arguments',
      `${error.message}; it is written: ${grammar.replace('STEP', `(${STEPS.join(' | ')})`)}`,
      { ...error.details, example: row.example },
      error,
    );
  }
}

function point(words: Words): FaultPoint {
  words.expect('at');
  if (words.oneOf('point', ['phase', 'transfer']) === 'transfer') return { transfer: words.number('transfer') };
  const phase = phaseId(words);
  switch (words.oneOf('place', ['byte', 'block', 'end'])) {
    case 'byte':
      return { phase, byte: words.number('offset') };
    case 'block':
      return { phase, block: words.number('block') };
    case 'end':
      return { phase, end: true };
  }
}

/** `for MS`, where it is said. */
function awhile(words: Words): { readonly forMs?: number } {
  return words.optional('for') ? { forMs: words.number('time') } : {};
}

const phaseId = (words: Words): number => words.number('phase id', 0xff);

function step(words: Words): FaultStep {
  words.expect('after');
  return words.oneOf('step', STEPS);
}

const medium = (words: Words): string => words.matching('medium', MEDIUM);
