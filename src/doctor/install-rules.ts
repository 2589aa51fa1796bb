import { PhaselineError } from '../base/errors.ts';
import type { System } from './system.ts';
import { APPLY_RULES, RULES_PATH, UDEVD_CONTROL, udevRules } from './udev-rules.ts';

/**
 * Writes the rules where udev finds them and has them applied.
 * Errors: usage/arguments (not Linux, no such group), usage/not-root, udev/write, udev/reload.
 */
export async function installRules(system: System, group: string | undefined): Promise<void> {
  if (system.platform !== 'linux') {
    throw new PhaselineError('usage/arguments', `udev rules are for Linux, this is ${system.platform}`);
  }
  if (system.userId !== 0) throw new PhaselineError('usage/not-root', `only root may write ${RULES_PATH}`);
  if (group !== undefined && !hasGroup(system, group)) {
    throw new PhaselineError('usage/arguments', `--group ${group}: /etc/group has no such group`);
  }
  try {
    await system.replaceFile(RULES_PATH, udevRules(group));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PhaselineError('udev/write', `${RULES_PATH} cannot be written: ${reason}`, { path: RULES_PATH }, error);
  }
  if (!system.exists(UDEVD_CONTROL)) throw notApplied('no udevd runs');
  for (const args of APPLY_RULES) {
    const { exitCode, says } = await system.run('udevadm', args);
    if (exitCode !== 0 || IGNORED.test(says)) throw notApplied(`udevadm ${args[0]} failed: ${says.replace(/\.$/, '')}`);
  }
}

/** What udevadm says in a chroot, where it does nothing and calls that a success. */
const IGNORED = /ignoring request/;

function notApplied(why: string): PhaselineError {
  return new PhaselineError('udev/reload', `${RULES_PATH} is written, but ${why}`, { path: RULES_PATH });
}

/** udev itself knows local groups only: it works before any directory service can be asked. */
function hasGroup(system: System, group: string): boolean {
  const groups = system.text('/etc/group') ?? '';
  return groups.split('\n').some((line) => line.startsWith(`${group}:`));
}
