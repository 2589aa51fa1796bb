import { expect, test } from 'vitest';
import { checkLine } from './line-check.ts';

const HEAD = { replay: true, device: { sd: '64M', emmc: '64M', emmcBoot: '4M', nor: '16M', nand: '128M' } };

test.each([
  ['no object', 1, null],
  ['a list', 2, []],
  ['a head that does not say whether to replay', 1, { scenario: 'x', device: HEAD.device }],
  ['a head without sizes', 1, { replay: true, device: { sd: '64M' } }],
  ['a line of no kind', 2, { bogus: 1 }],
  ['a setup of three numbers', 2, { setup: [1, 2, 3], status: 'OK' }],
  ['a status that does not exist', 2, { setup: [1, 2, 3, 4, 5], status: 'FINE' }],
  ['less hex than its length', 2, { setup: [1, 2, 3, 4, 5], status: 'OK', in: { len: 18, hex: '12' } }],
  ['data of no kind', 2, { setup: [1, 2, 3, 4, 5], status: 'OK', out: { len: 18 } }],
  ['a download without data', 2, { downloadRun: {} }],
  ['an event that does not exist', 2, { event: 'dance' }],
  ['an end without its kind', 2, { event: 'end' }],
])('%s is refused with its line', (_, number, line) => {
  expect(() => checkLine(line, number)).toThrow(new RegExp(`^line ${number}: `));
});

test('what golden transcripts consist of is not', () => {
  checkLine(HEAD, 1);
  checkLine({ setup: [161, 3, 0, 0, 6], status: 'OK', in: { len: 6, hex: '000000000500' }, blockedMs: 3 }, 2);
  checkLine({ event: 'landed', extCsd: { PARTITION_CONFIG_179: 80 } }, 2);
  checkLine({ comment: 'for the reader' }, 2);
});
