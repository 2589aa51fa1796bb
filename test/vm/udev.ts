import { join } from 'node:path';
import { unpackedPackage } from './debian-package.ts';
import type { Guest } from './guest.ts';

export interface RunningUdev {
  /** The environment in which programs find udevadm. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** udevadm is the daemon when it is called so. */
const DAEMON = '/run/systemd-udevd';

/** Runs Debian's udev daemon in the guest, unpacked only, with the file of rules at `path` and no other. */
export async function startUdev(guest: Guest, path: string, rules: string): Promise<RunningUdev> {
  const udev = await unpackedPackage('udev', ['./bin/udevadm']);
  const kmod = await unpackedPackage('libkmod2', ['./usr/lib/*']);
  const prepare = 'mkdir -p /run/udev "$(dirname "$1")" && printf %s "$2" >"$1" && ln -s "$3" "$4"';
  const prepared = await guest.run(['/bin/sh', '-c', prepare, 'sh', path, rules, join(udev, 'bin/udevadm'), DAEMON]);
  if (prepared.exitCode !== 0) throw new Error(`the guest takes no udev rules: ${prepared.stderr}`);
  const env = {
    PATH: `${join(udev, 'bin')}:${process.env.PATH}`,
    LD_LIBRARY_PATH: join(kmod, 'usr/lib/x86_64-linux-gnu'),
    // Everything in the guest runs in a chroot of its first process, where udevadm does nothing otherwise.
    SYSTEMD_IGNORE_CHROOT: '1',
  };
  const daemon = guest.start([DAEMON], { env, timeoutMs: 600_000 });
  const ready = await guest.run([
    '/bin/sh',
    '-c',
    'for i in $(seq 100); do [ -S /run/udev/control ] && exit 0; sleep 0.1; done; exit 1',
  ]);
  if (ready.exitCode !== 0) {
    daemon.kill('SIGKILL');
    throw new Error(`the guest's udev daemon does not start: ${(await daemon.result).stderr}`);
  }
  return {
    env,
    async stop() {
      daemon.kill('SIGTERM');
      await daemon.result;
      await guest.run(['/bin/rm', '-rf', '/run/udev', DAEMON, path]);
    },
  };
}
