import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { phaseline, type RunningSimulator, startSimulator } from '../suites/phaseline.ts';
import { type DebianFirmware, debianFirmware } from './debian-firmware.ts';
import { missingTools } from './tools.ts';

const MIB = 2 ** 20;
const missing = missingTools([
  'apt-get',
  'dpkg-deb',
  'mkimage',
  'fiptool',
  'genimage',
  'sgdisk',
  'mke2fs',
  'e2fsck',
  'mkfs.ubifs',
  'ubinize',
]);
if (missing) process.stderr.write(`interop: ${missing}\n`);
const firmware = missing ? undefined : await debianFirmware();

/** A folder with real boot loaders, a FIP, a file system and a disk image, each made by the tool people use. */
async function makeImages(folder: string, { spl, ubootImage }: DebianFirmware): Promise<void> {
  copyFileSync(spl, join(folder, 'fsbl.stm32'));
  const run = (program: string, args: readonly string[]) => execa(program, [...args], { cwd: folder });
  await run('mkimage', ['-T', 'stm32image', '-a', '0xC0100000', '-e', '0xC0100000', '-d', ubootImage, 'u-boot.stm32']);
  writeFileSync(join(folder, 'fw-config.dtb'), Buffer.alloc(512, 0x5a));
  await run('fiptool', ['create', '--fw-config', 'fw-config.dtb', '--nt-fw', ubootImage, 'fip.bin']);

  const files = join(folder, 'root');
  mkdirSync(join(files, 'etc'), { recursive: true });
  writeFileSync(join(files, 'etc/hostname'), 'stm32mp1\n');
  for (let i = 0; i < 40; i += 1) writeFileSync(join(files, `file-${i}`), Buffer.alloc(10_000 + i * 977, i));
  await run('mke2fs', ['-q', '-t', 'ext4', '-d', files, '-L', 'rootfs', 'rootfs.ext4', '16M']);
  await run('mke2fs', ['-q', '-t', 'ext4', '-L', 'bootfs', 'bootfs.ext4', '8M']);

  await run('mkfs.ubifs', ['-m', '2048', '-e', '126976', '-c', '400', '-r', files, '-o', 'rootfs.ubifs']);
  const volume = [
    'mode=ubi',
    'image=rootfs.ubifs',
    'vol_id=0',
    'vol_type=dynamic',
    'vol_name=rootfs',
    'vol_flags=autoresize',
  ];
  writeFileSync(join(folder, 'ubi.cfg'), `[rootfs]\n${volume.join('\n')}\n`);
  await run('ubinize', ['-m', '2048', '-p', '128KiB', '-o', 'rootfs.ubi', 'ubi.cfg']);

  writeFileSync(
    join(folder, 'genimage.cfg'),
    `image sdcard.img {
      hdimage { partition-table-type = "gpt" }
      partition fsbl1 { image = "fsbl.stm32" offset = 17K size = 256K }
      partition fsbl2 { image = "fsbl.stm32" offset = 273K size = 256K }
      partition fip { image = "fip.bin" offset = 529K size = 4M }
      partition rootfs { image = "rootfs.ext4" partition-type-uuid = 0FC63DAF-8483-4772-8E79-3D69D8477DE4 }
    }\n`,
  );
  mkdirSync(join(folder, 'empty'));
  const paths = ['--rootpath', 'empty', '--tmppath', 'tmp', '--inputpath', '.', '--outputpath', '.'];
  await run('genimage', ['--config', 'genimage.cfg', ...paths]);
}

function layoutText(rows: readonly string[]): string {
  return `${['#Opt Id Name Type IP Offset Binary', ...rows].map((row) => row.split(/ +/).join('\t')).join('\n')}\n`;
}

const BOOT_FIP = ['- 0x01 fsbl-boot Binary none 0x0 fsbl.stm32', '- 0x03 fip-boot FIP none 0x0 fip.bin'];
const LAYOUTS = {
  'raw.tsv': [...BOOT_FIP, 'P 0x10 sdcard RawImage mmc0 0x0 sdcard.img'],
  'raw-older.tsv': [
    '- 0x01 fsbl-boot Binary none 0x0 fsbl.stm32',
    '- 0x03 ssbl-boot Binary none 0x0 u-boot.stm32',
    'P 0x10 sdcard RawImage mmc0 0x0 sdcard.img',
  ],
  'partitions.tsv': [
    ...BOOT_FIP,
    'P 0x04 fsbl1 Binary mmc0 0x00004400 fsbl.stm32',
    'P 0x05 fsbl2 Binary mmc0 0x00044400 fsbl.stm32',
    'P 0x06 fip FIP mmc0 0x00084400 fip.bin',
    'PED 0x07 u-boot-env ENV mmc0 0x00484400 none',
    'P 0x10 bootfs System mmc0 0x00504400 bootfs.ext4',
    'P 0x11 rootfs FileSystem mmc0 0x01504400 rootfs.ext4',
  ],
  'nand.tsv': [
    ...BOOT_FIP,
    'P 0x04 fsbl Binary(2) nand0 0x00000000 fsbl.stm32',
    'P 0x05 fip-a1 FIP nand0 0x00200000 fip.bin',
    'P 0x06 fip-a2 FIP nand0 0x00600000 fip.bin',
    'PD 0x10 UBI System nand0 0x00A00000 rootfs.ubi',
  ],
  'emmc.tsv': [
    ...BOOT_FIP,
    'P 0x04 fsbl1 Binary mmc1 boot1 fsbl.stm32',
    'P 0x05 fsbl2 Binary mmc1 boot2 fsbl.stm32',
    'P 0x08 fip FIP mmc1 0x00080000 fip.bin',
    'P 0x10 rootfs FileSystem mmc1 0x00480000 rootfs.ext4',
  ],
} as const;

/** [offset, offset + length) of a file. */
function range(path: string, offset: number, length: number): Buffer {
  const out = Buffer.alloc(length);
  readSync(openSync(path, 'r'), out, 0, length, offset);
  return out;
}

function expectLanded(medium: string, offset: number, image: string): void {
  const wanted = readFileSync(image);
  expect(range(medium, offset, wanted.length).equals(wanted), `${image} at ${offset} of ${medium}`).toBe(true);
}

describe.skipIf(firmware === undefined)('images that others made, through the command line over USB/IP', () => {
  let folder: string;
  let simulator: RunningSimulator | undefined;
  let storage: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'phaseline-interop-'));
    await makeImages(folder, firmware as DebianFirmware);
    for (const [name, rows] of Object.entries(LAYOUTS)) writeFileSync(join(folder, name), layoutText(rows));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Flashes a layout onto a fresh simulated board; the last event. */
  async function flash(
    board: string,
    layout: string,
    simulatorArgs: readonly string[] = [],
    flashArgs: readonly string[] = [],
  ) {
    storage = mkdtempSync(join(folder, 'storage-'));
    simulator = await startSimulator([board, '--storage', storage, ...simulatorArgs]);
    try {
      const { stdout, stderr, exitCode } = await phaseline([
        'flash',
        join(folder, layout),
        '--bus',
        simulator.bus,
        '--json',
        ...flashArgs,
      ]);
      const result = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '{}');
      return { exitCode, stderr, result };
    } finally {
      expect(await simulator.stop()).toBe(0);
    }
  }

  test('genimage’s disk image lands byte for byte on the SD card', async () => {
    const { exitCode, result } = await flash('stm32mp157c-dk2', 'raw.tsv', ['--mmc0', '64M']);
    expect(result).toMatchObject({ ok: true, code: 'ok' });
    expect(exitCode).toBe(0);
    expectLanded(join(storage, 'mmc0.img'), 0, join(folder, 'sdcard.img'));
    expect(statSync(join(storage, 'mmc0.img')).size).toBe(64 * MIB);
  });

  test.each([
    ['both U-Boot enumerations', []],
    ['U-Boot finding the layout in memory', ['--uboot-finds-layout']],
  ])('the older way (layout before SSBL, u-boot.stm32 of mkimage) with %s', async (_name, args) => {
    const { exitCode, result } = await flash('stm32mp157c-dk2', 'raw-older.tsv', [
      '--mmc0',
      '64M',
      '--tfa',
      'legacy',
      ...args,
    ]);
    expect(result).toMatchObject({ ok: true });
    expect(exitCode).toBe(0);
    expectLanded(join(storage, 'mmc0.img'), 0, join(folder, 'sdcard.img'));
  });

  test('a partitioned layout: sgdisk finds the GPT sound, e2fsck the file systems', async () => {
    const { result } = await flash('stm32mp157c-dk2', 'partitions.tsv', ['--mmc0', '256M']);
    expect(result).toMatchObject({ ok: true });
    const card = join(storage, 'mmc0.img');
    expectLanded(card, 0x4400, join(folder, 'fsbl.stm32'));
    expectLanded(card, 0x44400, join(folder, 'fsbl.stm32'));
    expectLanded(card, 0x84400, join(folder, 'fip.bin'));
    expectLanded(card, 0x504400, join(folder, 'bootfs.ext4'));
    expectLanded(card, 0x1504400, join(folder, 'rootfs.ext4'));

    const { stdout: verdict } = await execa('sgdisk', ['--verify', card]);
    expect(verdict).toContain('No problems found');
    const { stdout: table } = await execa('sgdisk', ['--print', card]);
    for (const name of ['fsbl1', 'fsbl2', 'fip', 'u-boot-env', 'bootfs', 'rootfs']) expect(table).toContain(name);
    const { stdout: rootfs } = await execa('sgdisk', ['--info=6', card]);
    expect(rootfs).toContain('E91C4E10-16E6-4C0E-BD0E-77BECF4A3582');

    const readBack = join(folder, 'read-back.ext4');
    writeFileSync(readBack, range(card, 0x1504400, 16 * MIB));
    await execa('e2fsck', ['-fn', readBack]);
  });

  test('eMMC with both boot partitions', async () => {
    const { result } = await flash('stm32mp157c-ev1', 'emmc.tsv', ['--mmc1', '128M', '--boot-size', '4M']);
    expect(result).toMatchObject({ ok: true });
    expectLanded(join(storage, 'mmc1boot1.img'), 0, join(folder, 'fsbl.stm32'));
    expectLanded(join(storage, 'mmc1boot2.img'), 0, join(folder, 'fsbl.stm32'));
    expectLanded(join(storage, 'mmc1.img'), 0x80000, join(folder, 'fip.bin'));
    const { stdout } = await execa('sgdisk', ['--verify', join(storage, 'mmc1.img')]);
    expect(stdout).toContain('No problems found');
  });

  test('a UBI image of ubinize lands block by block in the good blocks of a NAND chip', async () => {
    const BLOCK = 128 * 1024;
    const first = 0xa00000 / BLOCK;
    const factoryBad = [first + 1, first + 7];
    storage = mkdtempSync(join(folder, 'storage-'));
    const made = await startSimulator(['stm32mp157c-ev1', '--storage', storage]);
    expect(await made.stop()).toBe(0);
    const table = join(storage, 'nand0.json');
    writeFileSync(table, JSON.stringify({ ...JSON.parse(readFileSync(table, 'utf8')), badBlocks: factoryBad }));

    simulator = await startSimulator([
      'stm32mp157c-ev1',
      '--storage',
      storage,
      '--fault',
      `bad-block nand0 ${first + 3}`,
    ]);
    const { stdout, stderr } = await phaseline(['flash', join(folder, 'nand.tsv'), '--bus', simulator.bus, '--json']);
    expect(await simulator.stop()).toBe(0);
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '{}'), stderr).toMatchObject({ ok: true });

    const bad: readonly number[] = JSON.parse(readFileSync(table, 'utf8')).badBlocks;
    expect(bad).toEqual([first + 1, first + 3, first + 7]);
    const image = readFileSync(join(folder, 'rootfs.ubi'));
    let block = first;
    for (let at = 0; at < image.length; at += BLOCK) {
      while (bad.includes(block)) block += 1;
      const wanted = image.subarray(at, at + BLOCK);
      expect(range(join(storage, 'nand0.img'), block * BLOCK, wanted.length).equals(wanted), `block ${block}`).toBe(
        true,
      );
      block += 1;
    }
    expectLanded(join(storage, 'nand0.img'), 0x200000, join(folder, 'fip.bin'));
    expectLanded(join(storage, 'nand0.img'), BLOCK, join(folder, 'fsbl.stm32')); // the copy that Binary(2) asks for
  });

  test('an STM32MP15 boot loader on an STM32MP13 is refused before a byte is sent, and by the ROM if it is sent', async () => {
    const checked = await flash('stm32mp135f-dk', 'raw.tsv');
    expect(checked).toMatchObject({ exitCode: 4, result: { ok: false, bytes: 0 } });
    const forced = await flash('stm32mp135f-dk', 'raw.tsv', [], ['--no-check']);
    expect(forced).toMatchObject({ exitCode: 6, result: { ok: false, code: 'board/fsbl-refused' } });
  });

  test('the simulator killed in the middle: exit 7 at once, nothing reported as flashed', async () => {
    simulator = await startSimulator(['stm32mp157c-dk2', '--speed', 'real', '--mmc0', '64M']);
    const { process: server, bus } = simulator;
    const killed = new Promise<number>((resolve) => {
      setTimeout(() => {
        server.kill('SIGKILL');
        resolve(performance.now());
      }, 12_000);
    });
    const { exitCode, stdout } = await phaseline([
      'flash',
      join(folder, 'raw.tsv'),
      '--bus',
      bus,
      '--json',
      '--wait',
      '10',
    ]);
    const seconds = (performance.now() - (await killed)) / 1000;
    const result = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '{}');
    expect(exitCode).toBe(7);
    expect(result).toMatchObject({ ok: false, code: 'usb/gone', phases: [{}, {}, { id: '0x10', complete: false }] });
    expect(result.phases[2].bytesDone).toBeGreaterThan(0);
    expect(seconds).toBeLessThan(5);
  });

  test.each([
    ['fsbl.stm32', 'checksum'],
    ['fip.bin', 'BL33'],
    ['sdcard.img', 'fsbl1'],
    ['rootfs.ext4', 'ext4'],
  ])('inspect reads what the real tool wrote into %s', async (file, word) => {
    const { stdout, exitCode } = await phaseline(['inspect', join(folder, file)]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(word);
  });
});
