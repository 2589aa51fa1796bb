import type { BoardSettings } from '../../src/simulator/hardware.ts';
import type { Moment } from './moments.ts';
import type { Way } from './ways.ts';

/** A fault, ready for the board, and what the table of outcomes calls it. */
export interface MatrixFault {
  readonly kind: string;
  /** In the language of `--fault`; for a reader only where there are `settings`. */
  readonly text: string;
  /** What is wrong with the board that is no fault of that language. */
  readonly settings?: Partial<BoardSettings>;
  /** Where it strikes; undefined when it has no single moment. */
  readonly moment?: Moment;
  /** The job reads back what it wrote. */
  readonly readback?: true;
}

/** Faults of one transfer. A board answers nothing for longer than any deadline, and for less than each. */
const AT_A_TRANSFER: readonly { readonly kind: string; readonly fault: string }[] = [
  { kind: 'unplug', fault: 'unplug' },
  { kind: 'replug', fault: 'unplug for 1000' },
  { kind: 'unplug-behind', fault: 'unplug-behind' },
  { kind: 'replug-behind', fault: 'unplug-behind for 1000' },
  { kind: 'power-cycle', fault: 'power-cycle for 1000' },
  { kind: 'stall', fault: 'stall' },
  { kind: 'short-nak', fault: 'nak 900' },
  { kind: 'long-nak', fault: 'nak 400000' },
  { kind: 'dfu-error', fault: 'dfu-error 10' },
  { kind: 'crash', fault: 'crash' },
];

const LATER_SERIAL = 'AAAABBBBCCCCDDDDEEEEFFFF';

/** Faults of a re-enumeration. */
const AFTER_A_STEP = ['never-returns', 'panic', 'port 1-7', `serial ${LATER_SERIAL}`];
/** A stage that does not leave the bus when it has got its DETACH: for longer than anybody waits. */
const FOR_EVER_MS = 3_600_000;
const STAYS = [
  { behind: 'layout', text: 'ROM or U-Boot stays on the bus', settings: { detachMs: FOR_EVER_MS } },
  { behind: 'fip', text: 'TF-A stays on the bus', settings: { tfaDetachMs: FOR_EVER_MS } },
] as const;
/** Phases that a board may name by mistake. */
const WRONG_PHASES = ['0x00', '0x03', '0x10', '0x7F', '0xFE', '0xFF'];
/** Faults of the medium that the layout writes. */
const OF_A_MEDIUM = [
  'absent MEDIUM',
  'slow-write MEDIUM 1000',
  'slow-erase MEDIUM 1000',
  'write-error MEDIUM at byte WRITTEN',
];

export function faultsOf(way: Way, moments: readonly Moment[]): readonly MatrixFault[] {
  const phases = [...new Set(moments.map(({ phase }) => phase))];
  const steps = stepsOf(way, phases);
  return [
    ...moments.flatMap((moment) =>
      AT_A_TRANSFER.map(({ kind, fault }) => ({ kind, text: `${fault} at transfer ${moment.transfer}`, moment })),
    ),
    ...steps.flatMap((step) =>
      AFTER_A_STEP.map((fault) => ({ kind: fault.split(' ')[0] as string, text: `${fault} after ${step}` })),
    ),
    ...STAYS.filter(({ behind }) => steps.includes(behind)).map(({ text, settings }) => ({
      kind: 'stays',
      text,
      settings,
    })),
    { kind: 'no-usb', text: 'no-usb' },
    ...[...phases, '0xFE'].flatMap((instead) =>
      WRONG_PHASES.filter((shown) => shown !== instead).map((shown) => ({
        kind: 'phase',
        text: `phase ${shown} instead of ${instead}`,
      })),
    ),
    ...OF_A_MEDIUM.map((fault) => ({
      kind: fault.split(' ')[0] as string,
      text: fault.replace('MEDIUM', way.medium).replace('WRITTEN', String(writtenByte(way))),
    })),
    // UBI cannot be read back.
    ...(way.medium.startsWith('nand')
      ? ['0', '4', '8'].map((block) => ({ kind: 'bad-block', text: `bad-block ${way.medium} ${block}` }))
      : [{ kind: 'flip', text: `flip ${way.medium} byte ${writtenByte(way)} bit 3`, readback: true as const }]),
  ];
}

/** A byte that the last image of the way lands on. */
function writtenByte({ landings }: Way): number {
  return (landings.at(-1)?.offset ?? 0) + 100;
}

/** What is followed by a re-enumeration; not a layout that U-Boot finds in memory. */
function stepsOf({ settings }: Way, phases: readonly string[]): readonly string[] {
  const steps: Readonly<Record<string, string>> = {
    '0x01': 'fsbl',
    '0x02': 'ddr-fip',
    '0x03': 'fip',
    ...(settings.tfaFlavour === 'legacy' && settings.ubootFindsLayout ? {} : { '0x00': 'layout' }),
  };
  return phases.flatMap((phase) => steps[phase] ?? []);
}
