import { PHASE } from '../stm32/phases.ts';
import type { StageName } from './events.ts';
import type { Plan, PlannedFile } from './plan.ts';

/**
 * The files that are still to come behind one that is being sent in `stage`, as far as the board is known. A
 * board that was further on at the start asks for no boot files; whether an older U-Boot asks for the layout
 * that its TF-A got, nobody knows beforehand.
 */
export function stillToCome(plan: Plan, { id }: PlannedFile, stage: StageName): readonly PlannedFile[] {
  const isStorage = (file: PlannedFile) => plan.storagePhases.includes(file.id);
  const storage = plan.planned.filter(isStorage);
  if (id === PHASE.FLASHLAYOUT && stage === 'uboot') return storage;
  if (plan.storagePhases.includes(id)) return storage.filter((file) => file.id > id);
  const boot = plan.planned.filter((file) => !isStorage(file) && file.id > Math.max(id, PHASE.FSBL));
  return id === PHASE.FLASHLAYOUT ? [...boot, ...storage] : [...boot, plan.layoutFile(false), ...storage];
}
