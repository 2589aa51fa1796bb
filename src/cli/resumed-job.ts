import type { Clock } from '../base/clock.ts';
import { PhaselineError } from '../base/errors.ts';
import { hexNumber } from '../base/sizes.ts';
import { type BoardSelector, findBoard } from '../flash/boards.ts';
import type { FramedEvent } from '../flash/events.ts';
import type { Plan, PlanRequest } from '../flash/plan.ts';
import { resumedPlan } from '../flash/resume.ts';
import type { UsbBus } from '../usb/port.ts';
import { readJournal } from './journal-file.ts';

interface Resuming {
  readonly request: PlanRequest;
  readonly device: BoardSelector | undefined;
  readonly clock: Clock;
  readonly waitMs: number;
  readonly signal: AbortSignal;
  /** Of the journals; undefined where none can be kept. */
  readonly folder: string | undefined;
  readonly show: (event: FramedEvent) => void;
}

/**
 * `--resume`: looks which board is there, and makes the plan that goes on behind its journal, for that board
 * only. Errors: those of findBoard, readJournal and resumedPlan.
 */
export async function resumedJob(
  bus: UsbBus,
  { request, device, clock, waitMs, signal, folder, show }: Resuming,
): Promise<{ readonly plan: Plan; readonly device: BoardSelector }> {
  if (folder === undefined) throw new PhaselineError('resume/none', 'no journals are kept here: there is no HOME');
  const found = await findBoard(bus, clock, device, waitMs, signal);
  await found.device.close();
  const { serial, port } = found.board;
  if (serial === undefined) throw new PhaselineError('resume/none', 'a board without a serial number has no journal');
  const journal = readJournal(folder, serial);
  const plan = await resumedPlan(request, journal);
  const phases = plan.finished.map(({ id, name, file }) => ({ id: hexNumber(id), name, file }));
  const time = clock.date().toISOString();
  show({ time, serial, port, event: 'resume', startedAt: journal.head.startedAt, phases });
  return { plan, device: { by: 'serial', serial } };
}
