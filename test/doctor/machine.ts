import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { localSystem } from '../../src/doctor/local-system.ts';
import type { System } from '../../src/doctor/system.ts';

/** Files by path; `→ TARGET` is a symbolic link, undefined takes a file away again. */
export type Tree = Readonly<Record<string, string | undefined>>;

const ROM = 'DFU in HS Mode @Device ID /0x500, @Revision ID /0x0000';
export const RULES = '/etc/udev/rules.d/70-phaseline.rules';

/** A plain computer: one USB bus, udevd, rules as they are installed, nothing plugged in. */
export const COMPUTER: Tree = {
  '/sys/bus/usb/devices/usb1/idVendor': '1d6b\n',
  '/dev/bus/usb/001/001': '',
  '/proc/version': 'Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org)\n',
  '/proc/cpuinfo': 'processor : 0\nflags : fpu vme de\n',
  '/proc/1/cgroup': '0::/init.scope\n',
  '/proc/1/comm': 'systemd\n',
  '/sys/class/dmi/id/sys_vendor': 'LENOVO\n',
  '/sys/class/dmi/id/product_name': '20XW0026GE\n',
  '/run/udev/control': '',
  [RULES]: [
    'SUBSYSTEM=="usb", ATTR{idVendor}=="0483", ATTR{idProduct}=="df11", TAG+="uaccess", ENV{ID_MM_DEVICE_IGNORE}="1"',
    'SUBSYSTEM=="usb", ATTR{idVendor}=="0483", ATTR{idProduct}=="0afb", TAG+="uaccess", ENV{ID_MM_DEVICE_IGNORE}="1"',
    'SUBSYSTEM=="block", ATTRS{idVendor}=="0483", ATTRS{idProduct}=="5720", TAG+="uaccess"',
    '',
  ].join('\n'),
};

interface Plug {
  readonly address?: number;
  readonly product?: string;
  readonly ids?: readonly [vendor: string, product: string];
  readonly speed?: string;
  readonly driver?: string;
  readonly deviceClass?: string;
}

/** A board in its ROM on this port, or whatever else is said. */
export function plugged(port: string, plug: Plug = {}): Tree {
  const { address = 5, product = ROM, ids = ['0483', 'df11'], speed = '480', driver, deviceClass = '00' } = plug;
  const at = (name: string) => `/sys/bus/usb/devices/${port}/${name}`;
  const link = `/sys/bus/usb/devices/${port}:1.0/driver`;
  return {
    [at('idVendor')]: `${ids[0]}\n`,
    [at('idProduct')]: `${ids[1]}\n`,
    [at('busnum')]: '1\n',
    [at('devnum')]: `${address}\n`,
    [at('dev')]: `189:${address - 1}\n`,
    [at('speed')]: `${speed}\n`,
    [at('bDeviceClass')]: `${deviceClass}\n`,
    [at('product')]: `${product}\n`,
    [`/sys/bus/usb/devices/${port}:1.0/bInterfaceNumber`]: '00\n',
    [`/dev/bus/usb/001/${String(address).padStart(3, '0')}`]: '',
    ...(driver === undefined ? {} : { [link]: `→ ../../../../bus/usb/drivers/${driver}` }),
  };
}

/** A process that has these files open. */
export function process(id: number, name: string, ...open: readonly string[]): Tree {
  const files = open.map((path, number) => [`/proc/${id}/fd/${number}`, `→ ${path}`]);
  return { [`/proc/${id}/comm`]: `${name}\n`, ...Object.fromEntries(files) };
}

/** A user's machine with these files, gone after the test. */
export function machine(tree: Tree, change: Partial<System> = {}): System & { readonly root: string } {
  const root = mkdtempSync(join(tmpdir(), 'phaseline-doctor-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(tree)) {
    if (content === undefined) continue;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    if (content.startsWith('→ ')) symlinkSync(content.slice(2), join(root, path));
    else writeFileSync(join(root, path), content);
  }
  const user: Partial<System> = { platform: 'linux', userId: 1000, processId: 4711, loadLibusb: async () => undefined };
  return { ...localSystem({ root }), ...user, ...change, root };
}
