import { describe, expect, test } from 'vitest';
import { PhaselineError } from '../../src/base/errors.ts';
import type { Status } from '../../src/doctor/check.ts';
import { type Examined, examine } from '../../src/doctor/examine.ts';
import { CHECKS } from '../../src/doctor/registry.ts';
import type { System } from '../../src/doctor/system.ts';
import { udevRules } from '../../src/doctor/udev-rules.ts';
import { COMPUTER, machine, plugged, process, RULES, type Tree } from './machine.ts';

type Case = readonly [
  name: string,
  id: string,
  status: Status,
  says: RegExp,
  tree: Tree,
  change?: Partial<System>,
  /** What is to be found in the advice. */
  help?: RegExp,
];

async function look(tree: Tree, change?: Partial<System>): Promise<ReadonlyMap<string, Examined>> {
  const examined = await examine(machine({ ...COMPUTER, ...tree }, change));
  return new Map(examined.map((entry) => [entry.id, entry]));
}

function table(cases: readonly Case[]): void {
  for (const [name, id, status, says, tree, change, help] of cases) {
    test(name, async () => {
      const entry = (await look(tree, change)).get(id);
      expect(entry).toMatchObject({ status, message: expect.stringMatching(says) });
      if (help) expect(entry?.help).toMatch(help);
      // What is wrong always comes with what to do, in one line.
      if (status === 'failed') expect(entry?.help).toBeTruthy();
      expect(`${entry?.message}${entry?.help ?? ''}`).not.toContain('\n');
    });
  }
}

const ROOT = { userId: 0 };
const CLOSED = { mayOpen: () => false };
const NODE = '/dev/bus/usb/001/005';
const DOCKER = { '/.dockerenv': '' };
const NO_BUS = { '/sys/bus/usb/devices/usb1/idVendor': undefined };
const DMI = (vendor: string, product: string) => ({
  '/sys/class/dmi/id/sys_vendor': `${vendor}\n`,
  '/sys/class/dmi/id/product_name': `${product}\n`,
});
const noUsb = (reason: string) => ({
  loadLibusb: async () => {
    throw new PhaselineError('usb/no-bus', `the libusb module cannot be loaded: ${reason}`);
  },
});

describe('usb-bus', () => {
  table([
    ['a computer has one', 'usb-bus', 'ok', /^1 USB bus$/, {}],
    ['a machine without USB is told so', 'usb-bus', 'failed', /no USB bus/, NO_BUS, {}, /modprobe/],
    ['a container without it', 'usb-bus', 'failed', /\(Docker\)/, { ...NO_BUS, ...DOCKER }, {}, /-v \/dev\/bus\/usb/],
    [
      'a container that was given no device nodes',
      'usb-bus',
      'failed',
      /no device nodes in \/dev\/bus\/usb/,
      { '/dev/bus/usb/001/001': undefined, '/run/.containerenv': '' },
      {},
      /--privileged/,
    ],
    ['a container that was given them', 'usb-bus', 'note', /container \(Docker\)/, DOCKER, {}, /as a folder/],
    [
      'a container of Kubernetes, told by its cgroup',
      'usb-bus',
      'note',
      /\(kubepods\)/,
      { '/proc/1/cgroup': '0::/kubepods/besteffort/pod1234\n' },
    ],
    [
      'WSL',
      'usb-bus',
      'failed',
      /in WSL/,
      { ...NO_BUS, '/proc/version': 'Linux version 5.15.90.1-microsoft-standard-WSL2\n' },
      {},
      /usbipd attach --wsl --auto-attach/,
    ],
    ['a virtual machine', 'usb-bus', 'failed', /no USB bus/, { ...NO_BUS, ...DMI('QEMU', 'pc') }, {}, /USB controller/],
  ]);
});

describe('libusb', () => {
  table([
    ['the native module loads', 'libusb', 'ok', /loads/, {}],
    [
      'it does not, for lack of libudev',
      'libusb',
      'failed',
      /libudev\.so\.1/,
      {},
      noUsb('libudev.so.1: cannot open shared object file'),
      /apt-get install libudev1/,
    ],
    ['it does not, for another reason', 'libusb', 'failed', /GLIBC_2\.99/, {}, noUsb('GLIBC_2.99 not found'), /anew/],
    ['without a bus it is not tried', 'libusb', 'skipped', /not tried/, NO_BUS, noUsb('no bus')],
  ]);

  test('a fault of our own is not reported as one of the machine', async () => {
    const broken = { loadLibusb: () => Promise.reject(new TypeError('x is not a function')) };
    await expect(look({}, broken)).rejects.toThrow(TypeError);
  });
});

describe('virtual-machine', () => {
  table([
    ['a real machine', 'virtual-machine', 'ok', /not in a virtual/, {}],
    ['VMware', 'virtual-machine', 'note', /VMware/, DMI('VMware, Inc.', 'VMware7,1'), {}, /filter for 0483:df11/],
    ['VirtualBox', 'virtual-machine', 'note', /VirtualBox/, DMI('innotek GmbH', 'VirtualBox')],
    ['QEMU', 'virtual-machine', 'note', /QEMU/, DMI('QEMU', 'Standard PC (Q35 + ICH9, 2009)')],
    ['Hyper-V', 'virtual-machine', 'note', /Hyper-V/, DMI('Microsoft Corporation', 'Virtual Machine')],
    ['a laptop of Microsoft is none', 'virtual-machine', 'ok', /not/, DMI('Microsoft Corporation', 'Surface Pro 7')],
    [
      'one without firmware tables, told by the processor',
      'virtual-machine',
      'note',
      /unknown make/,
      { ...DMI('', ''), '/proc/cpuinfo': 'flags\t\t: fpu hypervisor lahf_lm\n' },
    ],
    ['WSL', 'virtual-machine', 'note', /WSL/, { '/proc/version': 'Linux 5.15-Microsoft\n' }, {}, /--auto-attach/],
  ]);
});

describe('udevd', () => {
  const NO_UDEVD = { '/run/udev/control': undefined };
  table([
    ['it runs', 'udevd', 'ok', /runs/, {}],
    ['it does not', 'udevd', 'failed', /no udevd/, NO_UDEVD, {}, /systemctl start/],
    ['root can do without', 'udevd', 'note', /only root/, NO_UDEVD, ROOT],
    ['in a container that is as it should be', 'udevd', 'note', /container/, { ...NO_UDEVD, ...DOCKER }, {}, /host/],
  ]);
});

describe('udev-rules', () => {
  const DFU_UTIL =
    'ACTION=="add", SUBSYSTEM=="usb", ATTRS{idVendor}=="0483", ATTRS{idProduct}=="df11", TAG+="uaccess"\n';
  const ours = (text: string) => ({ [RULES]: text });
  table([
    ['all are there', 'udev-rules', 'ok', /70-phaseline\.rules/, {}],
    ['none is', 'udev-rules', 'failed', /0483:df11, 0483:0afb, 0483:5720/, { [RULES]: undefined }, {}, /--install/],
    ['root needs none', 'udev-rules', 'note', /0483:df11/, { [RULES]: undefined }, ROOT],
    [
      'those of dfu-util leave the later stages out',
      'udev-rules',
      'note',
      /^no rule for 0483:0afb, 0483:5720$/,
      { [RULES]: undefined, '/usr/lib/udev/rules.d/60-dfu-util.rules': DFU_UTIL },
    ],
    ['a rule in a comment is none', 'udev-rules', 'failed', /df11/, ours(`# ${DFU_UTIL}`)],
    ['one over two lines is one', 'udev-rules', 'note', /0afb/, ours(DFU_UTIL.replace(', TAG', ', \\\nTAG'))],
    [
      'an empty file in /etc hides the one of its name in /usr/lib',
      'udev-rules',
      'failed',
      /df11/,
      { [RULES]: '', '/usr/lib/udev/rules.d/70-phaseline.rules': DFU_UTIL },
    ],
    [
      'uaccess after 73-seat-late.rules has no effect',
      'udev-rules',
      'failed',
      /99-stm32\.rules is read after/,
      { [RULES]: undefined, '/etc/udev/rules.d/99-stm32.rules': DFU_UTIL },
      {},
      /below 73/,
    ],
    [
      'a mode for everybody has one there',
      'udev-rules',
      'note',
      /^no rule for 0483:0afb/,
      { [RULES]: undefined, '/etc/udev/rules.d/99-stm32.rules': DFU_UTIL.replace('TAG+', 'MODE="0666", TAG+') },
    ],
    ['in a container nobody reads them', 'udev-rules', 'skipped', /container/, DOCKER],
  ]);
});

describe('modem-manager', () => {
  const MANAGER = process(812, 'ModemManager');
  const deaf = { [RULES]: (COMPUTER[RULES] ?? '').replaceAll(', ENV{ID_MM_DEVICE_IGNORE}="1"', '') };
  table([
    ['it does not run', 'modem-manager', 'ok', /does not run/, {}],
    ['it runs and is told to leave boards alone', 'modem-manager', 'ok', /leave boards alone/, MANAGER],
    ['it runs and nobody told it', 'modem-manager', 'note', /probing/, { ...MANAGER, ...deaf }, {}, /udev --install/],
  ]);
});

describe('hubs', () => {
  const hub = { ids: ['05e3', '0608'], deviceClass: '09', product: 'USB2.0 Hub' } as const;
  table([
    ['none', 'hubs', 'ok', /no more than 5/, {}],
    ['a board behind five still works', 'hubs', 'ok', /1-1\.1\.1\.1\.1\.2 behind 5/, plugged('1-1.1.1.1.1.2')],
    ['the fifth works', 'hubs', 'ok', /no more/, plugged('1-1.1.1.1.1', { ...hub, driver: 'hub' })],
    ['the sixth does not', 'hubs', 'failed', /hub 1-1\.1\.1\.1\.1\.1/, plugged('1-1.1.1.1.1.1', hub), {}, /nearer/],
  ]);
});

describe('board', () => {
  const MCU = plugged('1-4', { address: 9, product: 'STM32  BOOTLOADER', speed: '12' });
  table([
    ['none is no fault', 'board', 'note', /no board/, {}, {}, /boot switches/],
    ['one is shown with its name', 'board', 'ok', /port:1-2\.3 DFU in HS Mode @Device ID/, plugged('1-2.3')],
    [
      'of several none is guessed',
      'board',
      'note',
      /2 boards: port:1-2, port:1-10/,
      { ...plugged('1-10', { address: 6 }), ...plugged('1-2') },
      {},
      /--device/,
    ],
    ['a microcontroller is none', 'board', 'note', /no board.*other DFU devices: 1-4/, MCU],
    ['fastboot is one', 'board', 'ok', /port:1-2/, plugged('1-2', { ids: ['0483', '0afb'], product: '' })],
    ['somebody else’s device is none', 'board', 'note', /^no board[^;]*$/, plugged('1-2', { ids: ['046d', 'c52b'] })],
  ]);

  test('nothing else is said of a microcontroller, which runs at full speed', async () => {
    for (const id of ['access', 'claimed', 'speed']) expect((await look(MCU)).get(id)?.status).toBe('skipped');
  });
});

describe('access', () => {
  const RECORD = { '/run/udev/data/c189:4': 'I:1234\nG:uaccess\nQ:uaccess\nV:1\n' };
  table([
    ['the node may be opened', 'access', 'ok', /001\/005 may be opened/, plugged('1-2')],
    [
      'it may not',
      'access',
      'failed',
      /no permission for \/dev\/bus\/usb\/001\/005/,
      plugged('1-2'),
      CLOSED,
      /install/,
    ],
    [
      'it may not although the rules are applied: nobody sits here',
      'access',
      'failed',
      /no permission/,
      { ...plugged('1-2'), ...RECORD },
      CLOSED,
      /--group plugdev/,
    ],
    [
      'it may not although the rules name a group',
      'access',
      'failed',
      /no permission/,
      { ...plugged('1-2'), ...RECORD, [RULES]: udevRules('plugdev') },
      CLOSED,
      /^Join the group plugdev/,
    ],
    ['it is not there', 'access', 'failed', /does not exist/, { ...plugged('1-2'), [NODE]: undefined }, {}, /udevd/],
    [
      'it is not there, in a container',
      'access',
      'failed',
      /does not exist/,
      { ...plugged('1-2'), ...DOCKER, [NODE]: undefined },
      {},
      /came later/,
    ],
    ['it may not, in a container', 'access', 'failed', /no perm/, { ...plugged('1-2'), ...DOCKER }, CLOSED, /cgroup/],
    [
      'of two boards the closed one is shown',
      'access',
      'failed',
      /^1-3: no permission for \S+\/006$/,
      { ...plugged('1-2'), ...plugged('1-3', { address: 6 }) },
      { mayOpen: (path) => path === NODE },
    ],
    ['no board', 'access', 'skipped', /no board/, {}],
  ]);
});

describe('claimed', () => {
  const taken = plugged('1-2', { driver: 'usbfs' });
  table([
    ['nobody has it', 'claimed', 'ok', /1-2: free/, plugged('1-2')],
    [
      'a program that can be named',
      'claimed',
      'failed',
      /1-2: claimed by STM32_Programme \(process 77\)/,
      { ...taken, ...process(77, 'STM32_Programme', '/dev/null', NODE) },
      {},
      /^Close it$/,
    ],
    ['one that cannot', 'claimed', 'failed', /another program/, taken, {}, /as root/],
    [
      'a kernel driver',
      'claimed',
      'failed',
      /driver usbtest has it/,
      plugged('1-2', { driver: 'usbtest' }),
      {},
      /echo 1-2:1\.0 > \/sys\/bus\/usb\/drivers\/usbtest\/unbind/,
    ],
    [
      'a program that only looks',
      'claimed',
      'note',
      /open in fwupd \(process 33\)/,
      { ...plugged('1-2'), ...process(33, 'fwupd', NODE) },
    ],
    ['we ourselves', 'claimed', 'ok', /free/, { ...plugged('1-2'), ...process(4711, 'node', NODE) }],
    [
      'the interface of another port with the same beginning',
      'claimed',
      'ok',
      /1-1: free/,
      { ...plugged('1-1'), ...plugged('1-1.4', { ids: ['046d', 'c52b'], driver: 'usbhid', address: 6 }) },
    ],
  ]);
});

describe('speed', () => {
  table([
    ['high speed', 'speed', 'ok', /480 Mbit/, plugged('1-2')],
    ['full speed is a fault', 'speed', 'failed', /1-2: 12 Mbit/, plugged('1-2', { speed: '12' }), {}, /cable, hub/],
    ['a kernel that does not tell', 'speed', 'note', /does not tell/, plugged('1-2', { speed: 'unknown' })],
  ]);
});

describe('the whole', () => {
  test('on a computer that is set up, with a board, every line is ok', async () => {
    const examined = await look(plugged('1-2'));
    expect([...examined.values()].filter(({ status }) => status !== 'ok')).toEqual([]);
    expect([...examined.keys()]).toEqual(CHECKS.map(({ id }) => id));
  });

  test('elsewhere than on Linux only the native module is looked at', async () => {
    const examined = await look(plugged('1-2'), { platform: 'darwin' });
    const looked = [...examined.values()].filter(({ status }) => status !== 'skipped');
    expect(looked.map(({ id }) => id)).toEqual(['libusb']);
  });

  test('a device that leaves while it is being read is not there', async () => {
    const half = { ...plugged('1-2'), '/sys/bus/usb/devices/1-2/devnum': undefined };
    expect((await look(half)).get('board')?.message).toBe('no board is plugged in');
  });
});
