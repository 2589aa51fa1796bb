import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { realClock } from '../../../src/base/clock.ts';
import { silentLog } from '../../../src/base/log.ts';
import { usbipBus } from '../../../src/usb/usbip/bus.ts';
import { COMPUTER, machine, RULES } from '../../doctor/machine.ts';
import { makeDdrFip, makeFsbl, makePattern } from '../../image/make.ts';
import { cli, folderWith, rows } from '../harness.ts';
import { otherFile, tornJournal } from './resuming.ts';
import {
  cutAt,
  DATA,
  FILES,
  FIP,
  type Files,
  FSBL,
  flashing,
  flashOver,
  inVirtualMachine,
  layout,
  onComputer,
  replaying,
  type Scenario,
  serving,
  without,
} from './scenario.ts';

const NO_CHECK = { args: ['--no-check'] };
const MISSING_ROW = (...more: readonly string[]) => ({ files: layout(...more), ...NO_CHECK });
const DEAF = { files: { ...FILES, 'fsbl.stm32': makeFsbl({ family: 'mp15', text: 'BL2: %s\0' }) } };
const DEAF_MP13 = {
  files: { ...FILES, 'fsbl.stm32': makeFsbl({ family: 'mp13', text: 'BL2: %s\0' }) },
  board: 'stm32mp135f-dk',
};
const EV1 = 'stm32mp157c-ev1';
const BARE = { ...COMPUTER, [RULES]: undefined, '/etc/group': '' };
const isOpen = ({ event }: Record<string, unknown>) => event === 'open';
const isAttach = ({ event }: Record<string, unknown>) => event === 'attach';
const setupOf = (line: Record<string, unknown>) => (line.setup ?? []) as number[];
const isBlock = (line: Record<string, unknown>) => setupOf(line)[1] === 1 && setupOf(line)[0] === 0x21;

const isGetPhase = (line: Record<string, unknown>) => setupOf(line)[1] === 2 && setupOf(line)[0] === 0xa1;
/** Which GetPhase of a job that goes well is the first in that stage. */
const [IN_TFA, IN_UBOOT] = [1, 3];
/** wValue of the product string. */
const PRODUCT = 0x302;
const bytes = (hex: string) => ({ in: { len: hex.length / 2, hex } });
const bytesOf = (line: Record<string, unknown>, change: (hex: string) => string) => ({
  ...line,
  ...bytes(change((line.in as { hex: string }).hex)),
});
const MP25 = {
  'layout.tsv': rows(FSBL, '- 0x02 fip-ddr FIP none 0x0 fip-ddr.bin', FIP, DATA),
  'fsbl.stm32': makeFsbl({ family: 'mp25' }),
  'fip-ddr.bin': makeDdrFip(),
  'fip.bin': FILES['fip.bin'],
  'data.img': FILES['data.img'],
};

const stoppedBy = (signal: 'SIGINT' | 'SIGTERM') =>
  flashing('', {
    io: () => ({
      onStop: (handler) => {
        handler(signal);
        return () => undefined;
      },
    }),
  });

/** `read` of partition 0x10; `spoil` gets the folder for it, when that was found to be good. */
function reading(files: Files, spoil: (out: string) => void = () => undefined) {
  const folder = folderWith(files);
  const out = join(folder, 'out');
  const args = ['read', join(folder, 'layout.tsv'), '0x10', '--out', out, '--bus', 'sim:stm32mp157c-dk2', '--no-check'];
  return cli(args, {
    ...onComputer(),
    onStop: () => {
      spoil(out);
      return () => undefined;
    },
  });
}

/** By the name of the row in the table of advice; see hints.test.ts. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'resume/none': flashing('', { args: ['--resume', '--log-file', '/dev/null'] }),
  'resume/journal': tornJournal,
  'resume/differs': otherFile,
  'bug/unexpected': flashing('', {
    io: () => ({
      onStop: () => {
        throw new Error('a screw is loose');
      },
    }),
  }),
  'usage/arguments': () => cli(['list', '--bus', 'nope']),
  'trace/format': () => cli(['trace', 'show', join(folderWith({ t: 'no trace\n' }), 't')]),
  'usage/config': flashing('', { files: { ...FILES, 'phaseline.config.json': '{' } }),
  'usage/confirm': flashing('', { files: layout('PD 0x10 card RawImage mmc0 0x0 data.img'), ...NO_CHECK }),
  'usage/not-root': () => cli(['udev', '--install'], { system: machine(BARE) }),
  'udev/write': () =>
    cli(['udev', '--install'], {
      system: machine(BARE, { userId: 0, replaceFile: () => Promise.reject(new Error('EROFS')) }),
    }),
  'udev/reload': () =>
    cli(['udev', '--install'], {
      system: machine(BARE, { userId: 0, run: async () => ({ exitCode: 1, says: 'no' }) }),
    }),

  'layout/errors': flashing('', { files: { ...FILES, 'layout.tsv': 'nonsense\n' } }),
  'layout/unreadable': flashing('', { files: without('layout.tsv') }),
  'files/errors': flashing('', { files: without('data.img') }),
  'files/missing': flashing('', { files: without('data.img'), ...NO_CHECK }),
  'files/unreadable': async () => {
    const folder = folderWith(without('data.img'));
    mkdirSync(join(folder, 'data.img'));
    return cli(['flash', join(folder, 'layout.tsv'), '--bus', 'sim:stm32mp157c-dk2', '--no-check'], onComputer());
  },
  'files/outside': async () => {
    const elsewhere = join(folderWith({ 'x.img': makePattern(512) }), 'x.img');
    return flashing('', { files: layout(`P 0x10 data Binary mmc0 0x4400 ${elsewhere}`), ...NO_CHECK })();
  },
  'files/changed': flashing('', {
    io: (folder) => ({
      onStop: () => {
        appendFileSync(join(folder, 'data.img'), 'more');
        return () => undefined;
      },
    }),
  }),
  'files/format': flashing('', { files: { ...FILES, 'data.img': '' }, ...NO_CHECK }),
  'files/family': flashing('', { files: { ...FILES, 'fsbl.stm32': makeFsbl({ family: 'mp13' }) } }),
  'files/too-big': flashing('', {
    board: EV1,
    files: { ...layout('P 0x04 fsbl1 Binary mmc1 boot1 data.img'), 'data.img': makePattern(5 * 2 ** 20) },
    ...NO_CHECK,
  }),
  'report/unwritten': async () => {
    const folder = folderWith(FILES);
    mkdirSync(join(folder, 'out'));
    const args = ['flash', join(folder, 'layout.tsv'), '--bus', 'sim:stm32mp157c-dk2'];
    return cli([...args, '--report', join(folder, 'out', 'r.json')], {
      ...onComputer(),
      onStop: () => () => rmSync(join(folder, 'out'), { recursive: true }),
    });
  },

  'board/none: boards with other serial numbers are there': flashing('', { args: ['--device', 'serial:0'] }),
  'board/none: only microcontrollers are there': replaying((lines) =>
    lines.slice(0, 2).map((line) => (isAttach(line) ? { ...line, deviceVersion: 0x2200 } : line)),
  ),
  'board/none: in a virtual machine': flashing('', { args: ['--device', 'port:9-9'], io: inVirtualMachine }),
  'board/none': flashing('', { args: ['--device', 'port:9-9'] }),
  'board/several': async () => flashOver((await serving(2)).bus),
  'usb/no-bus: over USB/IP': async () => {
    const { bus, server } = await serving(1);
    await server.close();
    return flashOver(bus);
  },
  'usb/no-bus': replaying((lines) => [
    lines[0] as Record<string, unknown>,
    { event: 'list', status: 'ENOENT', atMs: 1 },
  ]),
  'usb/access': replaying(cutAt(isOpen, { status: 'EACCES' })),
  'usb/busy: over USB/IP': async () => {
    const { bus, server } = await serving(1);
    const other = usbipBus({ host: '127.0.0.1', port: server.port, clock: realClock, log: silentLog });
    const [info] = await other.list();
    if (info) await other.open(info);
    const captured = await flashOver(bus);
    await other.close();
    return captured;
  },
  'usb/busy': replaying(cutAt(isOpen, { status: 'EBUSY' })),

  'board/fsbl-refused: DFU status 14, errUNKNOWN': flashing('', {
    files: { ...FILES, 'fsbl.stm32': makePattern(4096) },
    ...NO_CHECK,
  }),
  'board/fsbl-refused': flashing('dfu-error 3 at phase 0x01 block 1'),
  'board/layout-refused: a row is wrong': flashing(
    '',
    MISSING_ROW('P 0x10 a-name-of-too-many-letters Binary mmc0 0x4400 data.img'),
  ),
  'board/layout-refused: a medium is not there': flashing('absent mmc0'),
  'board/layout-refused: a medium is too small': flashing(
    '',
    MISSING_ROW(DATA, 'P 0x11 far Binary mmc0 0x200000000 data.img'),
  ),
  'board/layout-refused: an offset that the medium does not allow': flashing('', {
    board: EV1,
    ...MISSING_ROW('P 0x10 odd Binary mmc1 0x80200 data.img'),
  }),
  'board/layout-refused: the partitions on the medium are others': flashing(
    '',
    MISSING_ROW(DATA, '- 0x11 other Binary mmc0 0x104400 data.img'),
  ),
  'board/layout-refused: a medium cannot be prepared': flashing(
    '',
    MISSING_ROW('P 0x10 a;b Binary mmc0 0x4400 data.img'),
  ),
  'board/layout-refused': flashing('', {
    files: layout(...[0, 1, 2, 3, 4, 5].map((n) => `P 0x1${n} p${n} Binary mmc${n} 0x80000 data.img`)),
    ...NO_CHECK,
  }),
  'board/error: the medium refused a write': flashing('write-error mmc0 at byte 20000'),
  'board/error: the copies of an FSBL': flashing('', {
    board: EV1,
    ...MISSING_ROW(
      'P 0x04 fsbl Binary(2) nand0 0x0 data.img',
      'PE 0x05 fip-a1 FIP nand0 0x200000 none',
      'PE 0x06 fip-a2 FIP nand0 0x600000 none',
      'PE 0x10 UBI System nand0 0xA00000 none',
    ),
  }),
  'board/error: TF-A got no FIP': flashing('', { files: { ...FILES, 'fip.bin': makePattern(4096) }, ...NO_CHECK }),
  'board/error': flashing('phase 0xFF instead of 0x10'),
  'board/unexpected-phase': flashing('phase 0x12 instead of 0x03'),
  'board/foreign-session': replaying(cutAt(isGetPhase, bytes('03000400c700000000'), IN_TFA)),
  'board/no-alternate': replaying((lines) =>
    lines.map((line) =>
      setupOf(line)[2] === 0x309 ? bytesOf(line, (hex) => hex.replace('300033002f', '300039002f')) : line,
    ),
  ),
  'board/other-device': flashing('serial AAAABBBBCCCCDDDDEEEEFFFF after fip', {
    args: ['--device', 'serial:003A00273338510338303334'],
  }),
  'dfu/status: in TF-A': flashing('dfu-error 3 at phase 0x03 block 1'),
  'dfu/status': flashing('dfu-error 3 at phase 0x10 block 7'),
  'dfu/protocol: in TF-A': replaying(cutAt(isGetPhase, bytes('030000'), IN_TFA)),
  'dfu/protocol': replaying(cutAt(isGetPhase, bytes('000000'), IN_UBOOT)),
  'usb/stall: in TF-A': flashing('stall at phase 0x03 block 3'),
  'usb/stall': flashing('stall at phase 0x10 block 3'),
  'usb/timeout: in U-Boot, which is silent while it writes': flashing('nak 90000 at phase 0x10 block 3'),
  'usb/timeout': flashing('nak 20000 at phase 0x03 block 2'),
  'usb/gone: in U-Boot': flashing('crash at phase 0x10 block 5'),
  'usb/gone': flashing('unplug at phase 0x03 block 1'),
  'usb/io': replaying(cutAt(isBlock, { status: 'EIO' })),
  'usb/protocol': replaying(cutAt(isBlock, { status: 'EPROTO' })),
  'trace/differs': replaying(cutAt(isBlock, { out: { len: 1024, sha256: '0'.repeat(64) } })),

  'board/lost: another gadget on the port of the board': replaying(
    (lines) => [
      ...lines,
      { ...lines.find(isAttach), device: 2, key: '1:2', productId: 0x0afb, atMs: lines.at(-1)?.atMs },
    ],
    { fault: 'never-returns after fip' },
  ),
  'board/lost: after the FSBL, whose text shows no USB programmer': flashing('no-usb', DEAF_MP13),
  'board/lost: in a virtual machine that has taken over no stage yet': flashing('never-returns after fip', {
    io: inVirtualMachine,
  }),
  'board/lost: after the FSBL': flashing('never-returns after fsbl'),
  'board/lost: after the DDR firmware': flashing('never-returns after ddr-fip', {
    board: 'stm32mp257f-ev1',
    files: MP25,
  }),
  'board/lost: after TF-A': flashing('panic after fip'),
  'board/lost: after the FlashLayout': flashing('never-returns after layout'),
  'board/lost': replaying((lines) => {
    const left = lines.findIndex(({ event }) => event === 'gone');
    return [...lines.slice(0, left), { event: 'list', status: 'ENOENT', atMs: lines[left]?.atMs }];
  }),
  'board/not-resumed': flashing('unplug for 900 at phase 0x10 end'),
  'board/partition-table': () => reading(FILES),
  'read/unwritten': () =>
    reading(layout('P 0x10 card RawImage mmc0 0x0 data.img'), (out) => rmSync(out, { recursive: true })),
  'board/dead: the text of the FSBL shows no USB programmer': flashing('no-usb', DEAF),
  'board/dead': flashing('panic after fsbl'),
  'board/restarted': replaying((lines) => {
    const rom = lines.find((line) => setupOf(line)[2] === PRODUCT);
    return lines.map((line) => (line.device === 2 && setupOf(line)[2] === PRODUCT ? { ...line, in: rom?.in } : line));
  }),
  'flash/deadline': flashing('nak 50000 at phase 0x10 block 3', { args: ['--timeout', '20'] }),
  'verify/difference': flashing('flip mmc0 byte 20000 bit 3', { args: ['--verify', 'readback'] }),
  'interrupted/sigint': stoppedBy('SIGINT'),
  'interrupted/sigterm': stoppedBy('SIGTERM'),
};
