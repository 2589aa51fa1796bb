import { join } from 'node:path';
import { unpackedPackage } from './debian-package.ts';
import type { Guest } from './guest.ts';

export interface RunningUdev {
  stop(): Promise<void>;
}

/** udevadm is the daemon when it is called so. */
const DAEMON = '/run/systemd-udevd';
const RULES = '/run/udev/rules.d';
const RULE = 'SUBSYSTEM=="usb", ATTR{idVendor}=="0483", ATTR{idProduct}=="df11", MODE="0666"';

/** Runs Debian's udev daemon in the guest, unpacked only, with one rule: everybody may open a board. */
export async function startUdev(guest: Guest): Promise<RunningUdev> {
  const udev = await unpackedPackage('udev', ['./bin/udevadm']);
  const kmod = await unpackedPackage('libkmod2', ['./usr/lib/*']);
  const prepare = `mkdir -p ${RULES} && echo '${RULE}' >${RULES}/50-boards.rules && ln -s "$0" ${DAEMON}`;
  const prepared = await guest.run(['/bin/sh', '-c', prepare, join(udev, 'bin/udevadm')]);
  if (prepared.exitCode !== 0) throw new Error(`the guest takes no udev rule: ${prepared.stderr}`);
  const daemon = guest.start([DAEMON], {
    env: { LD_LIBRARY_PATH: join(kmod, 'usr/lib/x86_64-linux-gnu') },
    timeoutMs: 600_000,
  });
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
    async stop() {
      daemon.kill('SIGTERM');
      await daemon.result;
      await guest.run(['/bin/rm', '-rf', '/run/udev', DAEMON]);
    },
  };
}
