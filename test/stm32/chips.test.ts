import { expect, test } from 'vitest';
import { CHIPS, FAMILIES, familiesOf } from '../../src/stm32/chips.ts';

test.each([
  [0x500, undefined, ['mp15']],
  [0x501, undefined, ['mp13']],
  [0x503, undefined, ['mp21']],
  [0x505, undefined, ['mp23', 'mp25']],
  [0x505, 'STM32MP257FAI Rev.Y', ['mp25']],
  [0x505, 'STM32MP235CAK Rev.Y', ['mp23']],
  [0x505, 'Unknown', ['mp23', 'mp25']],
  [0x500, 'STM32MP257FAI Rev.Y', ['mp15']],
  [0x484, undefined, []],
])('device id %i with the name %s is of %j', (deviceId, name, families) => {
  expect(familiesOf(deviceId, name)).toEqual(families);
});

test('every family is told from the others by its header or its device id', () => {
  const marks = FAMILIES.map((family) => `${CHIPS[family].deviceId} ${CHIPS[family].namePrefix}`);
  expect(new Set(marks).size).toBe(FAMILIES.length);
});
