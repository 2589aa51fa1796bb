import type { Appearance, UsbConnector } from '../usb-connector.ts';
import type { Fault, FaultStep } from './fault.ts';

type StepFault = Extract<Fault, { after: FaultStep }>;

interface Target {
  readonly connector: UsbConnector;
  movePort(port: string): void;
  changeSerial(serial: string): void;
}

/** What was sent before the n-th appearance of a stage (protocol.md §1.2). */
const STEP_BEFORE: Readonly<Record<string, readonly (FaultStep | undefined)[]>> = {
  tfa: ['fsbl', 'ddr-fip'],
  uboot: ['fip', 'layout'],
};

/** Counts how often a board appears, and lets the faults of its reappearances happen. */
export class Appearances {
  readonly #faults: readonly StepFault[];
  readonly #target: Target;
  #stage = '';
  #seen = 0;

  constructor(faults: readonly Fault[], target: Target) {
    this.#faults = faults.filter((fault) => 'after' in fault);
    this.#target = target;
  }

  enter(stage: string): void {
    this.#stage = stage;
    this.#seen = 0;
    this.#changeIdentity();
  }

  /** The firmware left the bus: what comes next may be another board, or elsewhere. */
  left(): void {
    if (this.#seen > 0) this.#changeIdentity();
  }

  /** A stage is about to show itself: how it does. */
  next(): Appearance {
    const faults = this.#faultsOfNext();
    this.#seen += 1;
    let appearance: Appearance = 'show';
    for (const fault of faults) {
      if (fault.kind === 'never-returns') appearance = 'leave';
      if (fault.kind === 'panic') appearance = 'freeze';
    }
    return appearance;
  }

  // Before the next program is set up: it may read its serial number once only.
  #changeIdentity(): void {
    for (const fault of this.#faultsOfNext()) {
      if (fault.kind === 'port') this.#target.movePort(fault.port);
      if (fault.kind === 'serial') this.#target.changeSerial(fault.serial);
    }
  }

  #faultsOfNext(): readonly StepFault[] {
    const step = STEP_BEFORE[this.#stage]?.[this.#seen];
    return this.#faults.filter((fault) => fault.after === step);
  }
}
