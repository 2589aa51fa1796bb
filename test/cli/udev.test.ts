import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { udevRules } from '../../src/doctor/udev-rules.ts';
import { COMPUTER, machine, RULES } from '../doctor/machine.ts';
import { cli } from './harness.ts';

const BARE = { ...COMPUTER, [RULES]: undefined, '/etc/group': 'plugdev:x:46:\n' };
const ROOT = { userId: 0, run: async () => ({ exitCode: 0, says: '' }) };

describe('phaseline udev', () => {
  test('prints the rules, how to install them included, and nothing else', async () => {
    const { exitCode, stdout, stderr } = await cli(['udev'], { system: machine(BARE) });
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: udevRules(), stderr: '' });
    for (const id of ['df11', '0afb', '5720']) expect(stdout).toContain(`{idProduct}=="${id}"`);
    expect(stdout).toContain(`save this as ${RULES}`);
    expect(stdout).toContain('udevadm control --reload');
  });

  test('--json has them as one object', async () => {
    const { lines } = await cli(['udev', '--group', 'plugdev', '--json'], { system: machine(BARE) });
    expect(lines()).toEqual([{ path: RULES, installed: false, rules: udevRules('plugdev') }]);
  });

  test('--install as root writes them', async () => {
    const system = machine(BARE, ROOT);
    const { exitCode, stdout } = await cli(['udev', '--install', '--group', 'plugdev'], { system });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(RULES);
    expect(readFileSync(join(system.root, RULES), 'utf8')).toBe(udevRules('plugdev'));
  });

  test('--install without root ends with 2 and says how', async () => {
    const system = machine(BARE);
    const { exitCode, stdout, stderr } = await cli(['udev', '--install'], { system });
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: only root may write \/etc\/udev\/\S+\. .*sudo.* \[usage\/not-root]$/m);
    expect(existsSync(join(system.root, RULES))).toBe(false);
  });

  test('--install where no udevadm is says what to do instead', async () => {
    const missing = { ...ROOT, run: async () => ({ exitCode: undefined, says: 'spawn udevadm ENOENT' }) };
    const { exitCode, stdout, stderr } = await cli(['udev', '--install'], { system: machine(BARE, missing) });
    expect({ exitCode, stdout }).toEqual({ exitCode: 5, stdout: '' });
    expect(stderr).toMatch(/is written, but udevadm control failed: spawn udevadm ENOENT\. .*\[udev\/reload]/);
  });

  test.each(['two words', 'x", RUN+="/bin/sh'])('--group %j is refused before it gets into a rule', async (group) => {
    const { exitCode, stdout, stderr } = await cli(['udev', '--group', group], { system: machine(BARE) });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('is no name of a group');
  });
});
