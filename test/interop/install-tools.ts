import { spawnSync } from 'node:child_process';
import { packagesOf, toolsMissing } from './tools.ts';

/** Before the suites, as root on Debian: installs what they miss. Anybody else is told by each suite what to install. */
export default function installTools(): void {
  const missing = toolsMissing();
  if (missing.length === 0 || process.geteuid?.() !== 0 || toolsMissing(['apt-get']).length > 0) return;
  const packages = packagesOf(missing);
  process.stderr.write(`interop: installing ${packages.join(' ')}\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // An index that is out of date is no reason to give up: what counts is whether the packages arrive.
  spawnSync('apt-get', ['update', '-q'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const install = ['install', '-y', '-q', '--no-install-recommends', ...packages];
  const { status } = spawnSync('apt-get', install, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) process.stderr.write(`interop: apt-get install ended with ${status}\n`);
}
