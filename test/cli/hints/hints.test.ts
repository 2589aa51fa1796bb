import { describe, expect, test } from 'vitest';
import { ERROR_CODES, type ErrorCode } from '../../../src/base/error-codes.ts';
import { type HintRow, hintRows } from '../../../src/cli/hints.ts';
import { makeFsbl } from '../../image/make.ts';
import { FILES, flashing, flashOver, inVirtualMachine, serving } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';

/** Codes that no command raises yet: who makes one come true takes it out of here and writes its scenario. */
const UNREACHABLE: readonly ErrorCode[] = [];

const ROWS = (Object.keys(ERROR_CODES) as ErrorCode[]).flatMap(hintRows);
const nameOf = ({ code, says }: HintRow) => (says === undefined ? code : `${code}: ${says}`);

describe('every row of docs/errors.md is reached', () => {
  test('there is a scenario for each piece of advice, and none for advice that is gone', () => {
    const names = ROWS.filter(({ code }) => !UNREACHABLE.includes(code)).map(nameOf);
    expect(Object.keys(SCENARIOS).sort()).toEqual(names.sort());
  });

  test.each(ROWS.filter((row) => SCENARIOS[nameOf(row)]).map((row) => [nameOf(row), row] as const))(
    '%s',
    async (name, { code, advice }) => {
      const { exitCode, stderr } = await (SCENARIOS[name] as NonNullable<(typeof SCENARIOS)[string]>)();
      expect(stderr).toContain(`[${code}]`);
      expect(stderr).toContain(`. ${advice}. `);
      expect(exitCode).toBe(ERROR_CODES[code].exit);
      expect(stderr).not.toContain('PASS');
    },
  );
});

test('a board behind a USB/IP server is not passed on to the virtual machine that asks for it', async () => {
  const { stderr } = await flashOver((await serving(0)).bus, inVirtualMachine());
  expect(stderr).toContain('[board/none]');
  expect(stderr).not.toContain('virtual machine');
});

test.each([
  ['stm32mp135f-dk', 'fip', 'U-Boot did not come up'],
  ['stm32mp135f-dk', 'layout', 'U-Boot hangs with a medium'],
  ['stm32mp157c-dk2', 'layout', 'U-Boot hangs with a medium'],
])('a virtual machine that took over a stage of the %s is not to blame for what comes after %s', async (...words) => {
  const [board, step, advice] = words;
  const files = board.includes('mp13') ? { ...FILES, 'fsbl.stm32': makeFsbl({ family: 'mp13' }) } : FILES;
  const { stderr } = await flashing(`never-returns after ${step}`, { board, files, io: inVirtualMachine })();
  expect(stderr).toContain(advice);
  expect(stderr).not.toContain('virtual machine');
});
