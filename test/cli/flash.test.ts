import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { makeFip, makeFsbl, makeGptImage, makePattern } from '../image/make.ts';
import { type Captured, cli, folderWith, rows, startOf } from './harness.ts';

const FSBL = '- 0x01 fsbl-boot Binary none 0x0 fsbl.stm32';
const FIP = '- 0x03 fip-boot FIP none 0x0 fip.bin';
const RAW = 'P 0x10 sdcard RawImage mmc0 0x0 sdcard.img';
const IMAGE = makeGptImage({
  diskBytes: 300_032,
  partitions: [
    { name: 'fsbl1', offset: 0x4400, data: makePattern(1000) },
    { name: 'fip', offset: 0x8400, data: makePattern(200_000) },
  ],
});

const FILES = {
  'layout.tsv': rows(FSBL, FIP, RAW),
  'fsbl.stm32': makeFsbl({ family: 'mp15' }),
  'fip.bin': makeFip(),
  'sdcard.img': IMAGE,
};

function flash(folder: string, sim = 'stm32mp157c-dk2', ...args: readonly string[]): Promise<Captured> {
  return cli(['flash', join(folder, 'layout.tsv'), '--bus', `sim:${sim}`, ...args]);
}

describe('a flash that goes well', () => {
  test('ends with PASS, exit 0, the image on the card, and the word about the reboot as the last line', async () => {
    const folder = folderWith(FILES);
    const { exitCode, stdout, stderr } = await flash(folder, `stm32mp157c-dk2,storage=${join(folder, 'card')}`);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('PASS: 3 files');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(
      'The board does not reboot by itself: set its boot switches, then reset it.',
    );
    const card = startOf(join(folder, 'card', 'mmc0.img'), IMAGE.length);
    expect(card.equals(IMAGE)).toBe(true);
  });

  test('--json prints events and nothing else, the result last', async () => {
    const { lines, stderr } = await flash(folderWith(FILES), undefined, '--json');
    const events = lines();
    expect(stderr).toBe('');
    expect(events.at(-1)).toMatchObject({
      event: 'result',
      ok: true,
      exitCode: 0,
      code: 'ok',
      hint: '',
      verified: 'none',
      checked: true,
    });
    expect(events.map(({ event }) => event).filter((event) => event !== 'progress')).toEqual([
      'board',
      'stage',
      'phase',
      'phase-done',
      'stage',
      'phase',
      'phase-done',
      'detach',
      'stage',
      'phase',
      'phase-done',
      'detach',
      'stage',
      'phase',
      'phase-done',
      'detach',
      'result',
    ]);
    for (const event of events.slice(0, -1)) {
      expect(event).toMatchObject({
        serial: '003A00273338510338303334',
        port: '1-1',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      });
    }
  });

  test('--dry-run prints the plan and touches no board', async () => {
    const { exitCode, stdout } = await flash(folderWith(FILES), 'no-such-board', '--dry-run');
    expect(exitCode).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(4);
    expect(stdout).toMatch(/0x10 +sdcard +293 KiB +sdcard\.img/);
  });

  test('--dry-run --json ends with the result when there is no plan to print', async () => {
    const { exitCode, lines } = await flash(
      folderWith({ 'layout.tsv': rows(FSBL) }),
      'no-board',
      '--dry-run',
      '--json',
    );
    expect(exitCode).toBe(4);
    expect(lines()).toMatchObject([{ event: 'result', ok: false, exitCode: 4, code: 'files/errors' }]);
  });

  test('--only writes one partition of a card that has them all, and does not warn of what it was asked for', async () => {
    const parts = ['P 0x10 a FileSystem mmc0 0x4400 a.img', 'P 0x11 b FileSystem mmc0 0x104400 b.img'];
    const files = { ...FILES, 'layout.tsv': rows(FSBL, FIP, ...parts), 'b.img': makePattern(900, 2) };
    const storage = folderWith({});
    const sim = `stm32mp157c-dk2,storage=${storage}`;
    expect(await flash(folderWith({ ...files, 'a.img': makePattern(900, 1) }), sim)).toMatchObject({ exitCode: 0 });
    const built = folderWith({ ...files, 'a.img': makePattern(900, 3), 'b.img': makePattern(900, 4) });
    const { exitCode, stdout, stderr } = await flash(built, sim, '--only', '0x10');
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain('0x11');
    expect(stderr).not.toContain('not selected');
    const card = startOf(join(storage, 'mmc0.img'), 0x105000);
    expect(card.subarray(0x4400, 0x4400 + 900).equals(makePattern(900, 3))).toBe(true);
    expect(card.subarray(0x104400, 0x104400 + 900).equals(makePattern(900, 2))).toBe(true);
  });

  test('--images is searched before the layout’s own folder', async () => {
    const own = folderWith({ ...FILES, 'sdcard.img': new Uint8Array(10) });
    const images = folderWith({ 'sdcard.img': IMAGE });
    const { lines } = await flash(own, undefined, '--json', '--images', images);
    expect(lines().at(-1)).toMatchObject({ ok: true, phases: [{}, {}, { id: '0x10', bytes: IMAGE.length }] });
  });

  test('flags that take one value leave the next word alone', async () => {
    const folder = folderWith(FILES);
    const images = folderWith({ 'sdcard.img': IMAGE });
    const layout = join(folder, 'layout.tsv');
    const { exitCode } = await cli([
      'flash',
      '--images',
      images,
      '--images',
      folder,
      layout,
      '--bus',
      'sim:stm32mp157c-dk2',
    ]);
    expect(exitCode).toBe(0);
  });

  test('--log-file gets JSON lines', async () => {
    const folder = folderWith(FILES);
    await flash(folder, undefined, '--log-file', join(folder, 'log'));
    const lines = readFileSync(join(folder, 'log'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.at(-1)).toMatchObject({ event: 'result', ok: true });
  });
});

describe('what is found before the first byte', () => {
  const broken = (name: keyof typeof FILES, content: string | Uint8Array) => ({ ...FILES, [name]: content });
  const wrongSum = makeFsbl({ family: 'mp15' });
  wrongSum[300] = (wrongSum[300] as number) ^ 1;
  const without = (name: keyof typeof FILES) =>
    Object.fromEntries(Object.entries(FILES).filter(([key]) => key !== name));

  test.each<[string, Record<string, string | Uint8Array>, number, string, RegExp]>([
    [
      'an FSBL without magic',
      broken('fsbl.stm32', new Uint8Array(4096)),
      4,
      'files/errors',
      /layout\.tsv:2:\d+: .*fsbl\.stm32/,
    ],
    [
      'an FSBL with a wrong checksum',
      broken('fsbl.stm32', wrongSum),
      4,
      'files/errors',
      /layout\.tsv:2:\d+: .*fsbl\.stm32.*checksum/,
    ],
    ['a FIP that is none', broken('fip.bin', new Uint8Array(4096)), 4, 'files/errors', /layout\.tsv:3:\d+: .*fip\.bin/],
    ['a missing file', without('sdcard.img'), 4, 'files/errors', /layout\.tsv:4:\d+: .*sdcard\.img/],
    ['an empty file', broken('sdcard.img', new Uint8Array(0)), 4, 'files/errors', /layout\.tsv:4:\d+: .*sdcard\.img/],
    [
      'an image larger than its partition',
      broken(
        'layout.tsv',
        rows(FSBL, FIP, 'P 0x04 a Binary mmc0 0x4400 sdcard.img', 'PED 0x05 b Binary mmc0 0x24400 none'),
      ),
      4,
      'files/errors',
      /layout\.tsv:4:\d+: .*sdcard\.img/,
    ],
    [
      'an offset that is none',
      broken('layout.tsv', rows(FSBL, FIP, 'P 0x10 a Binary mmc0 256K sdcard.img')),
      3,
      'layout/errors',
      /layout\.tsv:4:\d+: .*256K/,
    ],
    ['a layout without rows', broken('layout.tsv', rows()), 3, 'layout/errors', /layout\.tsv:1:1: /],
    ['no layout at all', without('layout.tsv'), 3, 'layout/unreadable', /layout\.tsv cannot be read: ENOENT/],
  ])('%s', async (_name, files, exitCode, code, message) => {
    const captured = await flash(folderWith(files), undefined, '--json');
    expect(captured.exitCode).toBe(exitCode);
    const events = captured.lines();
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ event: 'result', ok: false, code, exitCode, bytes: 0 });
    expect(events[0]?.message).toMatch(message);
    expect(captured.stderr).not.toMatch(/\n\s+at /);
  });

  test('an STM32MP13 boot loader on an STM32MP15, when only the board can tell', async () => {
    const folder = folderWith({ ...FILES, 'fsbl.stm32': makeFsbl({ family: 'mp13' }) });
    const { exitCode, lines } = await flash(folder, undefined, '--json');
    expect(exitCode).toBe(4);
    expect(lines().at(-1)).toMatchObject({
      code: 'files/family',
      bytes: 0,
      message: expect.stringMatching(/layout\.tsv:2: fsbl\.stm32 is made for mp13, the board is mp15$/),
    });
  });

  test('a row that wipes a device needs --yes where nobody can be asked', async () => {
    const folder = folderWith({
      ...FILES,
      'layout.tsv': rows(FSBL, FIP, 'PD 0x10 sdcard RawImage mmc0 0x0 sdcard.img'),
    });
    const asked = await flash(folder);
    expect(asked).toMatchObject({ exitCode: 2 });
    expect(asked.stderr).toContain('all of mmc0 will be erased. Say --yes if that is meant. [usage/confirm]');
    expect(await flash(folder, undefined, '--yes')).toMatchObject({ exitCode: 0 });
  });

  test('a file outside the folders needs --allow-outside', async () => {
    const elsewhere = folderWith({ 'sdcard.img': IMAGE });
    const layout = rows(FSBL, FIP, `P 0x10 sdcard RawImage mmc0 0x0 ${join(elsewhere, 'sdcard.img')}`);
    const folder = folderWith({ ...FILES, 'layout.tsv': layout });
    const refused = await flash(folder, undefined, '--json');
    expect(refused.exitCode).toBe(4);
    expect(refused.lines().at(-1)?.message).toContain('outside');
    expect(await flash(folder, undefined, '--allow-outside')).toMatchObject({ exitCode: 0 });
  });
});

describe('what goes wrong on the way', () => {
  const emmc = {
    ...FILES,
    'layout.tsv': rows(FSBL, FIP, 'P 0x10 data Binary mmc1 0x80000 sdcard.img'),
  };
  test.each<[string, Record<string, string | Uint8Array>, string, number, string, RegExp]>([
    [
      'a medium that is not there',
      emmc,
      'stm32mp157c-ev1,fault=absent mmc1',
      6,
      'board/layout-refused',
      /mmc device 1 not found/,
    ],
    [
      'a cable that is pulled in a partition',
      FILES,
      'stm32mp157c-dk2,fault=unplug at phase 0x10 byte 131072',
      7,
      'usb/gone',
      /phase 0x10 sdcard \(sdcard\.img\)/,
    ],
    [
      'a board that never comes back',
      FILES,
      'stm32mp157c-dk2,fault=never-returns after fip',
      7,
      'board/lost',
      /did not come back within 60 s \(waiting for U-Boot after TF-A\)/,
    ],
    [
      'an FSBL that dies',
      FILES,
      'stm32mp157c-dk2,fault=no-usb',
      7,
      'board/dead',
      /the FSBL was taken, and nobody answers/,
    ],
    [
      'a medium that fails',
      FILES,
      'stm32mp157c-dk2,fault=write-error mmc0 at byte 4096',
      6,
      'board/error',
      /phase 0x10 sdcard .*: DFU write error/,
    ],
  ])('%s', async (_name, files, sim, exitCode, code, message) => {
    const captured = await flash(folderWith(files), sim);
    expect(captured.exitCode).toBe(exitCode);
    const last = captured.stderr.trimEnd().split('\n').at(-1);
    expect(last).toMatch(message);
    expect(last).toMatch(/^FAIL: /);
    expect(last).toContain(`[${code}]`);
    expect(captured.stdout).not.toContain('PASS');
    expect(captured.stderr).not.toMatch(/\n\s+at /);
  });

  test('an empty file that nobody checked is named, before the first byte', async () => {
    const folder = folderWith({ ...FILES, 'sdcard.img': new Uint8Array(0) });
    const { exitCode, lines } = await flash(folder, undefined, '--no-check', '--json');
    expect(exitCode).toBe(4);
    expect(lines()).toEqual([
      expect.objectContaining({
        event: 'result',
        code: 'files/format',
        message: expect.stringMatching(/layout\.tsv:4: sdcard\.img is empty, which no board takes$/),
      }),
    ]);
  });

  test('an image that nobody checked is named before the first partition is written, when it cannot fit', async () => {
    const layout = rows(FSBL, FIP, 'P 0x04 a Binary mmc0 0x4400 sdcard.img', 'P 0x05 b Binary mmc0 0x24400 fip.bin');
    const folder = folderWith({ ...FILES, 'layout.tsv': layout });
    const { exitCode, lines } = await flash(folder, undefined, '--no-check', '--json');
    expect(exitCode).toBe(4);
    expect(lines().at(-1)).toMatchObject({
      code: 'files/too-big',
      message: expect.stringMatching(/layout\.tsv:4: sdcard\.img has \d+ bytes, partition a \(0x04\) .* 132095$/),
    });
    expect(lines().filter(({ event }) => event === 'phase')).toHaveLength(3);
  });

  test('Ctrl-C twice does not wait for a board that answers nothing', async () => {
    const clock = new VirtualClock();
    let startedAt = 0;
    const { exitCode, lines } = await cli(
      [
        'flash',
        join(folderWith(FILES), 'layout.tsv'),
        '--bus',
        'sim:stm32mp157c-dk2,fault=nak 50000 at phase 0x10 block 3',
        '--json',
      ],
      {
        clock,
        onStop: (handler) => {
          startedAt = clock.now();
          for (const ms of [10_000, 15_000]) void clock.sleep(ms).then(() => handler('SIGINT'));
          return () => undefined;
        },
      },
    );
    expect(exitCode).toBe(130);
    expect(lines().at(-1)).toMatchObject({
      code: 'interrupted/sigint',
      ok: false,
      phases: [{}, {}, { complete: false }],
    });
    expect(clock.now() - startedAt).toBeLessThan(20_000);
  });

  test('a bug shows its stack, and --json still ends with the result', async () => {
    const broken = (): never => {
      throw new Error('a screw is loose');
    };
    const layout = join(folderWith(FILES), 'layout.tsv');
    const { exitCode, lines, stderr } = await cli(['flash', layout, '--bus', 'sim:stm32mp157c-dk2', '--json'], {
      onStop: broken,
    });
    expect(exitCode).toBe(1);
    expect(lines().at(-1)).toMatchObject({
      event: 'result',
      ok: false,
      code: 'bug/unexpected',
      message: 'a screw is loose',
    });
    expect(stderr).toMatch(/\n\s+at /);
  });

  test('a job that is out of time', async () => {
    const captured = await flash(
      folderWith(FILES),
      'stm32mp157c-dk2,fault=nak 50000 at phase 0x10 block 3',
      '--timeout',
      '20',
      '--json',
    );
    expect(captured.exitCode).toBe(7);
    expect(captured.lines().at(-1)).toMatchObject({ code: 'flash/deadline', message: 'the job took longer than 20 s' });
  });
});

test.each([
  ['no command', [], /a command is missing/],
  ['an unknown command', ['flahs'], /Unknown argument: flahs/],
  ['an unknown flag', ['flash', 'x.tsv', '--nope'], /Unknown argument: nope/],
  ['a flag given twice', ['list', '--bus', 'libusb', '--bus', 'libusb'], /--bus is given more than once/],
  ['a log file given twice', ['list', '--log-file', 'a', '--log-file', 'b'], /--log-file is given more than once/],
  ['a bus that is none', ['list', '--bus', 'nope'], /--bus nope is none of/],
  [
    'a device that is none',
    ['flash', '{}', '--device', 'nope', '--bus', 'sim:stm32mp157c-dk2'],
    /--device nope is neither/,
  ],
  ['an id that the layout has not', ['flash', '{}', '--only', '0x33'], /--only 0x33: the layout has no such id/],
  [
    'an id that only goes through memory',
    ['flash', '{}', '--only', '0x03'],
    /--only 0x03: the layout writes nothing to fip-boot/,
  ],
  ['an id without a file', ['flash', '{}', '--only', '0x10,0x11'], /--only 0x11: the layout writes nothing to env/],
  ['an id that is not selected', ['flash', '{}', '--only', '0x12'], /--only 0x12: the layout writes nothing to spare/],
  ['seconds before now', ['flash', '{}', '--wait', '-1'], /--wait -1 is not a number of seconds from 0/],
  ['seconds that are none', ['flash', '{}', '--wait', 'soon'], /--wait soon is not a number of seconds from 0/],
  ['an empty time', ['flash', '{}', '--wait', ''], /--wait {2}is not a number of seconds/],
  ['a time in words', ['flash', '{}', '--timeout', 'abc'], /--timeout abc is not a number of seconds from 1/],
  ['retries that are none', ['flash', '{}', '--retries', 'x'], /--retries x is not a number from 0 to 20/],
  ['half a retry', ['flash', '{}', '--retries', '1.5'], /--retries 1.5 is not a number from 0 to 20/],
  ['a window of no number', ['flash', '{}', '--window', 'wide'], /--window wide is not a number of blocks from 1/],
  ['patience of no number', ['flash', '{}', '--patience', 'much'], /--patience much is not a factor from 0.1 to 100/],
  ['no time at all', ['flash', '{}', '--timeout', '0'], /--timeout 0 is not a number of seconds from 1/],
  [
    'more time than a timer holds',
    ['flash', '{}', '--timeout', '3000000'],
    /--timeout 3000000 is not a number of seconds/,
  ],
  ['a simulated board that does not exist', ['simulate', 'nope'], /there is no simulated board nope/],
  ['a size that is none', ['simulate', '--mmc0', 'big'], /--mmc0 big is not a size/],
  ['a medium that the board has not', ['simulate', 'stm32mp157c-dk2', '--nor0', '16M'], /stm32mp157c-dk2 has no nor0/],
  ['a fault that is none', ['simulate', '--fault', 'earthquake'], /earthquake/],
  ['an address that is none', ['simulate', '--listen', 'nowhere'], /--listen nowhere is not HOST:PORT/],
])('exit 2 and one line: %s', async (_name, args, message) => {
  const text = rows(FSBL, FIP, RAW, 'PE 0x11 env Binary mmc1 0x80000 none', '- 0x12 spare Binary mmc1 0x100000 none');
  const layout = join(folderWith({ ...FILES, 'layout.tsv': text }), 'layout.tsv');
  const { exitCode, stderr } = await cli(args.map((arg) => (arg === '{}' ? layout : arg)));
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(message);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});

test.each(['', 'flash', 'check', 'list', 'inspect', 'simulate'])(
  '`%s --help` fits a screen and shows an example',
  async (command) => {
    const { exitCode, stdout } = await cli([...(command === '' ? [] : [command]), '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Examples:');
    expect(stdout.split('\n').length).toBeLessThanOrEqual(32);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  },
);

test('simulated media cost no disk until they are written', async () => {
  const folder = folderWith(FILES);
  await flash(folder, `stm32mp157c-dk2,storage=${join(folder, 'card')}`);
  const { size, blocks } = statSync(join(folder, 'card', 'mmc0.img'));
  expect(size).toBe(4 * 2 ** 30);
  expect(blocks * 512).toBeLessThan(2 * 2 ** 20);
});
