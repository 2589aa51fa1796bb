import { describe, expect, test } from 'vitest';
import { runCell } from './cell.ts';
import { faultsOf } from './faults.ts';
import { complaints, rowFor } from './judge.ts';
import { momentsOf } from './moments.ts';
import { WAYS } from './ways.ts';

/** Every fault at every moment of the ways with these names, one test a cell. */
export async function matrixOf(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    const way = WAYS.find((candidate) => candidate.name === name);
    if (!way) throw new Error(`no way is called ${name}`);
    const faults = faultsOf(way, await momentsOf(way));
    describe(name, () => {
      for (const fault of faults) {
        const { stage, phase, place } = fault.moment ?? {};
        const where = fault.moment ? ` (${stage}, phase ${phase}, ${place})` : '';
        test(`${fault.text}${where}`, async () => {
          const row = rowFor(way, fault);
          if (!row) throw new Error(`no row of the table is about ${fault.kind} here`);
          expect(complaints(row, fault, await runCell(way, fault))).toEqual([]);
        });
      }
    });
  }
}
