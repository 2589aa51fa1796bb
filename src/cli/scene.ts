import { isProblem } from '../check/file-facts.ts';
import { localSystem } from '../doctor/local-system.ts';
import { virtualMachineOf } from '../doctor/surroundings.ts';
import type { Layout } from '../layout/parse.ts';
import { bootRow } from '../layout/phases.ts';
import { PHASE } from '../stm32/phases.ts';
import type { Scene } from './hints/advice.ts';
import type { Io } from './io.ts';
import type { LayoutFile } from './layout-files.ts';

/** What a job had before it: its layout and what is known of its files, as far as it has got. */
export interface JobFiles {
  readonly layout: Layout;
  readonly files: ReadonlyMap<string, LayoutFile>;
}

/** What there is to be known for advice, beside the failure itself. */
export function sceneOf(io: Io, bus: string, job: JobFiles | undefined): Scene {
  const facts = job?.files.get(bootRow(job.layout, PHASE.FSBL)?.binary ?? '')?.facts;
  return {
    // What a USB/IP server has is not this machine's to pass on.
    virtualMachine: bus.startsWith('usbip://') ? undefined : virtualMachineOf(io.system ?? localSystem()),
    fsblWithoutUsb: facts !== undefined && !isProblem(facts) && facts.usbLoader === 'absent',
  };
}
