import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CHECKS } from '../../src/doctor/registry.ts';
import { COMPUTER, machine, plugged } from '../doctor/machine.ts';
import { cli } from './harness.ts';

const CLOSED = { mayOpen: () => false };

describe('phaseline doctor', () => {
  test('prints a line for each check, and ends with 0 when there is no fault', async () => {
    const { exitCode, stdout, stderr } = await cli(['doctor'], { system: machine(COMPUTER) });
    const lines = stdout.trimEnd().split('\n');
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    expect(lines.slice(0, -1).map((line) => line.split(/ +/)[1])).toEqual(CHECKS.map(({ id }) => id));
    expect(lines.at(-1)).toBe('no fault found');
  });

  test('says what is wrong and what to do in one line, and ends with 5', async () => {
    const system = machine({ ...COMPUTER, ...plugged('1-2') }, CLOSED);
    const { exitCode, stdout } = await cli(['doctor'], { system });
    expect(exitCode).toBe(5);
    expect(stdout).toMatch(/^FAILED {2}access +1-2: no permission for \/dev\/bus\/usb\/001\/005\. .*udev --install/m);
    expect(stdout).toMatch(/\n1 fault found\n$/);
  });

  test('--quiet leaves only faults and the verdict', async () => {
    const system = machine({ ...COMPUTER, ...plugged('1-2', { speed: '12' }) }, CLOSED);
    const { stdout } = await cli(['doctor', '--quiet'], { system });
    expect(stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^FAILED {2}access /),
      expect.stringMatching(/^FAILED {2}speed /),
      '2 faults found',
    ]);
  });

  test('--json is one object with every check', async () => {
    const system = machine({ ...COMPUTER, ...plugged('1-2', { speed: '12' }) });
    const { exitCode, lines } = await cli(['doctor', '--json'], { system });
    const [report, ...more] = lines();
    expect(exitCode).toBe(5);
    expect(more).toEqual([]);
    expect(report).toMatchObject({ summary: { ok: CHECKS.length - 1, notes: 0, failed: 1, skipped: 0 } });
    expect(report?.checks).toContainEqual({
      id: 'speed',
      status: 'failed',
      message: '1-2: 12 Mbit/s, a board runs at 480',
      help: expect.stringContaining('cable'),
    });
  });

  test('what a device calls itself does not reach the terminal as it is', async () => {
    const product = 'DFU @Device ID /0x500, \u001b[2J';
    const { stdout } = await cli(['doctor'], { system: machine({ ...COMPUTER, ...plugged('1-2', { product }) }) });
    expect(stdout).toContain('DFU @Device ID /0x500, ?[2J');
    expect(stdout).not.toContain('\u001b');
  });

  test('colours the marks where colours are wanted', async () => {
    const { stdout } = await cli(['doctor', '--color'], { system: machine(COMPUTER) });
    expect(stdout).toContain('\u001b[32mok    \u001b[0m  usb-bus');
  });

  test('looks at this machine where no other is given, whatever that is like', async () => {
    const { exitCode, lines } = await cli(['doctor', '--json']);
    const [report] = lines() as unknown as [{ checks: { status: string }[]; summary: { failed: number } }];
    expect(report.checks).toHaveLength(CHECKS.length);
    expect(exitCode).toBe(report.summary.failed === 0 ? 0 : 5);
  });

  test('docs/doctor.md explains every check and no other', () => {
    const rows = readFileSync('docs/doctor.md', 'utf8').matchAll(/^\| `([a-z-]+)` \|/gm);
    expect([...rows].map((row) => row[1])).toEqual(CHECKS.map(({ id }) => id));
  });
});
