import type { Clock } from '../base/clock.ts';
import { deadlineIn } from '../base/deadline.ts';
import type { SimulatedBoard } from '../simulator/board.ts';

const PAUSE_MS = 10;
/** A board with a fault may never appear; nobody has to wait for that. */
const PATIENCE_MS = 5_000;

/** Switches the boards on and waits until all of them are on the bus, so that whoever looks next finds them. */
export async function powerOn(boards: readonly SimulatedBoard[], clock: Clock): Promise<void> {
  for (const board of boards) board.powerOn();
  const deadline = deadlineIn(clock, PATIENCE_MS);
  while (boards.some(({ connector }) => !connector.visible) && !deadline.passed()) await clock.sleep(PAUSE_MS);
}
