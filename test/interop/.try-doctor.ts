import { bootGuest } from '/work/main/test/vm/guest.ts';
import { makeBoard, plugInAll, pullAll } from '/work/main/test/interop/usb-stack/bench.ts';
import { microcontroller } from '/work/main/test/interop/usb-stack/microcontroller.ts';
const guest = await bootGuest();
const P = ['/usr/bin/env', 'node', '/work/main/node_modules/.bin/tsx', '/work/main/src/cli/main.ts'] as [string, ...string[]];
const run = async (args: string[], uid = 0) => {
  const t = Date.now();
  const r = await guest.run([process.execPath, '/work/main/node_modules/tsx/dist/cli.mjs', '/work/main/src/cli/main.ts', ...args], { uid, cwd: '/work/main' });
  console.log(`--- ${args.join(' ')} uid ${uid} -> ${r.exitCode} (${Date.now() - t} ms)\n${r.stdout}${r.stderr}`);
};
const sh = async (text: string) => { const r = await guest.run(['/bin/sh', '-c', text]); console.log(`$ ${text}\n${r.stdout}${r.stderr}`); };
try {
  await sh('rm -f /.dockerenv; ls /sys/bus/usb/devices /sys/class/dmi/id/sys_vendor; cat /proc/1/cgroup');
  await run(['doctor']);
  const board = makeBoard('stm32mp157c-dk2');
  const plugs = await plugInAll(guest, [board], [microcontroller('1-2')]);
  await sh('sleep 1; for d in 1-1 1-2; do cat /sys/bus/usb/devices/$d/product /sys/bus/usb/devices/$d/speed /sys/bus/usb/devices/$d/dev; done; ls -l /dev/bus/usb/001; ls -l /sys/bus/usb/devices/');
  await run(['doctor']);
  await run(['doctor'], 1000);
  await run(['doctor', '--json'], 1000);
  const claimer = guest.start([process.execPath, '-e', `
  const { usb } = require('usb');
  const device = usb.getDeviceList().find(({ deviceDescriptor }) => deviceDescriptor.idVendor === 0x0483 && deviceDescriptor.idProduct === 0xdf11);
  device.open(); device.interface(0).claim(); console.log('claimed'); setInterval(() => undefined, 1000);`], { cwd: '/work/main' });
  await claimer.printed('claimed');
  await run(['doctor']);
  await run(['doctor'], 1000);
  claimer.kill('SIGKILL'); await claimer.result;
  // real udevd with our rules
  const x = '/tmp/udev-try/x';
  const libs = `${x}/usr/lib/x86_64-linux-gnu/systemd:${x}/usr/lib/x86_64-linux-gnu`;
  const daemon = guest.start([`${x}/lib/systemd/systemd-udevd`], { env: { LD_LIBRARY_PATH: libs }, timeoutMs: 600_000 });
  await sh('for i in $(seq 100); do [ -S /run/udev/control ] && break; sleep 0.1; done; ls /run/udev; grep plugdev /etc/group');
  await guest.run(['/bin/sh', '-c', `printf '#!/bin/sh\nLD_LIBRARY_PATH=${libs} exec ${x}/bin/udevadm "$@"\n' > /usr/bin/udevadm; chmod 755 /usr/bin/udevadm`]);
  await run(['udev', '--install', '--group', 'plugdev'], 1000);
  await run(['udev', '--install', '--group', 'plugdev']);
  await sh('udevadm settle; ls -l /dev/bus/usb/001; cat /run/udev/data/c189:1 /run/udev/data/c189:2; ls -l /etc/udev/rules.d');
  await run(['doctor']);
  await run(['doctor'], 1000);
  daemon.kill('SIGTERM'); await daemon.result;
  await plugs.close();
} finally { await pullAll(); await guest.close(); }
