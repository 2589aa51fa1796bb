import { ERROR_CODES } from '../../src/base/error-codes.ts';
import type { Outcome } from './cell.ts';
import type { MatrixFault } from './faults.ts';
import type { Moment } from './moments.ts';
import { OUTCOMES, type OutcomeRow } from './outcomes.ts';
import type { Way } from './ways.ts';

/** The row that says what the cell has to end in; undefined when the table has a hole. */
export function rowFor(way: Way, fault: MatrixFault): OutcomeRow | undefined {
  return OUTCOMES.find(
    ({ faults, stages, places, ways, text }) =>
      faults.includes(fault.kind) &&
      holds(stages, fault.moment?.stage) &&
      holds(places, fault.moment?.place) &&
      (ways?.some((start) => way.name.startsWith(start)) ?? true) &&
      (text?.test(fault.text) ?? true),
  );
}

/** Everything about an outcome that is not as it has to be; empty for a good cell. */
export function complaints(row: OutcomeRow, { moment }: MatrixFault, outcome: Outcome): string[] {
  const { ok, code, exitCode, seconds, left, visible, message } = outcome;
  const exit = code === 'ok' ? 0 : ERROR_CODES[code].exit;
  const expectedLeft = row.left.map((stage) => (stage === 'same' ? programOf(moment) : stage));
  return [
    ok && outcome.difference !== undefined && `says ok, and ${outcome.difference}`,
    ok !== (code === 'ok') && `ok is ${ok} with code ${code}`,
    !row.codes.includes(code) && `ends in ${code} (${message}) in place of ${row.codes.join(' or ')}`,
    exitCode !== exit && `exit code ${exitCode}, ${code} has ${exit}`,
    seconds > row.within && `took ${seconds.toFixed(1)} s of ${row.within}`,
    !expectedLeft.includes(left) && `leaves the board in ${left}, not ${expectedLeft.join(' or ')}`,
    visible !== row.seen && `the board is ${visible ? '' : 'not '}on the bus`,
    outcome.openDevices > 0 && `${outcome.openDevices} devices are still open`,
    outcome.results !== 1 && `${outcome.results} results`,
    !/^[^\n\r]+$/.test(message) && `the message is not one line: ${JSON.stringify(message)}`,
  ].filter((complaint) => complaint !== false);
}

function holds<T>(wanted: readonly T[] | undefined, value: T | undefined): boolean {
  return wanted === undefined || (value !== undefined && wanted.includes(value));
}

function programOf(moment: Moment | undefined): Outcome['left'] {
  if (!moment) throw new Error('`same` needs a fault of one transfer');
  return moment.stage === 'storage' ? 'uboot' : moment.stage;
}
