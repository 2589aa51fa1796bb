import { expect, test } from 'vitest';
import { FAULT_FORMS } from '../../src/simulator/faults/parse.ts';
import { faultsOf } from './faults.ts';
import { momentsOf } from './moments.ts';
import { WAYS } from './ways.ts';

test('every fault of the language is in the matrix', async () => {
  const ways = WAYS.filter(({ name }) => name === 'mp15' || name === 'mp15-nand');
  const faults = await Promise.all(ways.map(async (way) => faultsOf(way, await momentsOf(way))));
  // A stage that stays on the bus is a setting of the board, not a fault of the language.
  const written = faults.flat().filter(({ settings }) => settings === undefined);
  const words = written.map(({ text }) => text.split(' ')[0]);
  expect([...new Set(words)].sort()).toEqual(Object.keys(FAULT_FORMS).sort());
});
