import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isPhaselineError } from '../../src/base/errors.ts';
import { installRules } from '../../src/doctor/install-rules.ts';
import { localSystem } from '../../src/doctor/local-system.ts';
import type { System } from '../../src/doctor/system.ts';
import { udevRules } from '../../src/doctor/udev-rules.ts';
import { COMPUTER, machine, RULES } from './machine.ts';

/** Root's machine, with a udevadm of this text that also writes down how it is called; null is none at all. */
function rootMachine(udevadm: string | null = 'exit 0'): System & { readonly root: string } {
  const system = machine({ ...COMPUTER, [RULES]: undefined, '/etc/group': GROUPS, '/bin/log': '' }, { userId: 0 });
  const bin = join(system.root, 'bin');
  const script = `#!/bin/sh\necho "$*" >>'${join(bin, 'log')}'\n${udevadm}\n`;
  if (udevadm !== null) writeFileSync(join(bin, 'udevadm'), script, { mode: 0o755 });
  return { ...system, run: localSystem({ root: system.root, env: { PATH: bin } }).run };
}

const GROUPS = 'root:x:0:\nplugdev:x:46:ada\n';
const installed = ({ root }: { readonly root: string }) => readFileSync(join(root, RULES), 'utf8');

async function failureOf(promise: Promise<void>) {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isPhaselineError(error)) throw new Error(`expected a failure with a code, got ${String(error)}`);
  return error;
}

describe('installing the rules', () => {
  test('writes what is printed, readable for all, and has udev load and apply it', async () => {
    const system = rootMachine();
    await installRules(system, undefined);
    expect(installed(system)).toBe(udevRules());
    expect(statSync(join(system.root, RULES)).mode & 0o777).toBe(0o644);
    expect(readFileSync(join(system.root, 'bin/log'), 'utf8')).toBe(
      'control --reload\ntrigger --subsystem-match=usb --attr-match=idVendor=0483\n',
    );
  });

  test('replaces an older file whole, and leaves nothing else behind', async () => {
    const system = rootMachine();
    mkdirSync(dirname(join(system.root, RULES)), { recursive: true });
    writeFileSync(join(system.root, RULES), `${'# older and longer\n'.repeat(1000)}`);
    await installRules(system, 'plugdev');
    expect(installed(system)).toBe(udevRules('plugdev'));
    expect(readdirSync(dirname(join(system.root, RULES)))).toEqual(['70-phaseline.rules']);
  });

  test.each([
    ['a user who is not root', { userId: 1000 }, undefined, 'usage/not-root', 2],
    ['a system without udev', { platform: 'darwin' }, undefined, 'usage/arguments', 2],
    ['a group that is not there', {}, 'plug', 'usage/arguments', 2],
  ] as const)('%s is refused, and nothing is written', async (_name, change, group, code, exitCode) => {
    const system = { ...rootMachine(), ...change };
    expect(await failureOf(installRules(system, group))).toMatchObject({ code, exitCode });
    expect(existsSync(join(system.root, RULES))).toBe(false);
  });

  test('a folder that cannot be written is said with its reason, and no draft stays', async () => {
    const system = rootMachine();
    mkdirSync(join(system.root, RULES), { recursive: true }); // a folder in the place of the file
    const failure = await failureOf(installRules(system, undefined));
    expect(failure).toMatchObject({ code: 'udev/write', exitCode: 5 });
    expect(failure.message).toContain(`${RULES} cannot be written: `);
    expect(readdirSync(dirname(join(system.root, RULES)))).toEqual(['70-phaseline.rules']);
  });

  test('where no udevd runs the rules are there, and it is no success', async () => {
    const system = { ...rootMachine(), exists: () => false };
    const failure = await failureOf(installRules(system, undefined));
    expect(failure).toMatchObject({ code: 'udev/reload', message: expect.stringContaining('no udevd runs') });
    expect(installed(system)).toBe(udevRules());
    expect(readFileSync(join(system.root, 'bin/log'), 'utf8')).toBe('');
  });

  test.each([
    ['is missing', null, /udevadm control failed: spawn udevadm ENOENT/],
    [
      'fails',
      'echo "Failed to send reload request: No such file or directory" >&2; exit 1',
      /control failed: Failed to/,
    ],
    ['does nothing, as in a chroot', 'echo "Running in chroot, ignoring request." >&2', /ignoring request$/],
    ['fails at the second step', 'test "$1" != trigger', /udevadm trigger failed/],
  ])('when udevadm %s the rules are there, and it is no success', async (_name, udevadm, says) => {
    const system = rootMachine(udevadm);
    const failure = await failureOf(installRules(system, undefined));
    expect(failure).toMatchObject({ code: 'udev/reload', exitCode: 5, message: expect.stringMatching(says) });
    expect(installed(system)).toBe(udevRules());
  });
});
