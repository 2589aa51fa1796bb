import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { deadlinesOf } from '../../src/cli/deadlines.ts';
import { DEADLINES } from '../../src/flash/deadlines.ts';
import { makeFip, makeFsbl, makePattern } from '../image/make.ts';
import { cli, folderWith, rows } from './harness.ts';

const FILES = {
  'layout.tsv': rows(
    '- 0x01 fsbl-boot Binary none 0x0 fsbl.stm32',
    '- 0x03 fip-boot FIP none 0x0 fip.bin',
    'P 0x10 data Binary mmc0 0x4400 data.img',
  ),
  'fsbl.stm32': makeFsbl({ family: 'mp15' }),
  'fip.bin': makeFip(),
  'data.img': makePattern(300_000),
};

const flash = (fault: string, ...args: readonly string[]) =>
  cli(['flash', join(folderWith(FILES), 'layout.tsv'), '--no-check', '--bus', `sim:stm32mp157c-dk2${fault}`, ...args]);

describe('the flags for waits', () => {
  test('change nothing when they are not given', () => {
    expect(deadlinesOf({ patience: 1 })).toEqual(DEADLINES);
  });

  test('reach the job: an impatient one ends, with the wait in its words', async () => {
    const { exitCode, stderr } = await flash(',fault=nak 5000 at phase 0x10 block 0', '--deadline', 'uboot-block=2');
    expect(exitCode).toBe(7);
    expect(stderr).toContain('within 2000 ms');
    expect((await flash(',fault=nak 7000 at phase 0x03 block 1', '--patience', '2')).exitCode).toBe(0);
  });

  test.each([
    ['--deadline', 'uboot-block', 'is not NAME=SECONDS'],
    ['--deadline', 'toString=3', 'is not NAME=SECONDS'],
    ['--deadline', 'leave=0', 'is not NAME=SECONDS'],
    ['--deadline', 'leave=-1', 'is not NAME=SECONDS'],
    ['--patience', '0', 'is not a factor'],
    ['--patience', 'much', 'is not a factor'],
    ['--retries', '-1', 'is not a number from 0 to 20'],
    ['--retries', '1.5', 'is not a number from 0 to 20'],
  ])('refuse %s %s', async (flag, value, says) => {
    const { exitCode, stderr } = await flash('', `${flag}=${value}`);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(says);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

test('--retries: the verdict of a job that went well the second time tells of the first', async () => {
  const { exitCode, stdout, stderr } = await flash(',fault=stall at phase 0x10 block 3', '--retries', '1');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^attempt 1 of 2 failed: phase 0x10 .* \[usb\/stall\]$/m);
  expect(stdout).toMatch(/^attempt 1 had failed: phase 0x10 .* \[usb\/stall\]\nPASS/m);
  expect(stderr).toContain('waiting up to 60 s for the board in its ROM');
});
