import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PhaselineError } from '../../src/base/errors.ts';
import { createPartitionFile } from '../../src/cli/read/partition-file.ts';
import { makeFip, makeFsbl, makePattern } from '../image/make.ts';
import { type Captured, cli, folderWith, rows } from './harness.ts';

const BOOT = ['- 0x01 fsbl-boot Binary none 0x0 fsbl.stm32', '- 0x03 fip-boot FIP none 0x0 fip.bin'];
const FILES = {
  'layout.tsv': rows(...BOOT, 'P 0x10 bootfs Binary mmc0 0x4400 a.img', 'P 0x11 roo/tfs Binary mmc0 0x84400 b.img'),
  'fsbl.stm32': makeFsbl({ family: 'mp15' }),
  'fip.bin': makeFip(),
  'a.img': makePattern(512 * 1024, 1),
  'b.img': makePattern(200_000, 2),
};

/** A folder in which `card` is the storage of a board that was flashed with the layout. */
async function flashedFolder(): Promise<string> {
  const folder = folderWith(FILES);
  const { exitCode } = await cli(['flash', join(folder, 'layout.tsv'), '--bus', bus(folder, 'card')]);
  expect(exitCode).toBe(0);
  return folder;
}

const bus = (folder: string, storage: string) => `sim:stm32mp157c-dk2,storage=${join(folder, storage)}`;

function read(folder: string, ids: readonly string[], ...args: readonly string[]): Promise<Captured> {
  const words = ['read', join(folder, 'layout.tsv'), ...ids, '--out', join(folder, 'saved')];
  return cli([...words, '--bus', bus(folder, 'card'), ...args]);
}

describe('phaseline read', () => {
  test('saves a partition under its id and name, says so, and leaves nothing else', async () => {
    const folder = await flashedFolder();
    const { exitCode, stdout, stderr } = await read(folder, ['0x10']);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(readdirSync(join(folder, 'saved'))).toEqual(['0x10-bootfs.img', 'layout.tsv']);
    expect(readFileSync(join(folder, 'saved', '0x10-bootfs.img')).equals(FILES['a.img'])).toBe(true);
    expect(stdout).toMatch(/^read \[1\/1\] 0x10 bootfs \(0x10-bootfs\.img\) 512 KiB saved in /m);
    expect(stdout).toMatch(/^PASS: 1 partition, 512 KiB, saved in /m);
  });

  test.skipIf(process.platform !== 'linux')('ends at a folder in which none can be made', async () => {
    const folder = folderWith(FILES);
    const layout = join(folder, 'layout.tsv');
    const { exitCode, stderr } = await cli(['read', layout, '0x10', '--out', '/proc/none/saved', '--bus', 'libusb']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--out /proc/none/saved takes no files');
  });

  test('saves what can be flashed back, with the layout for it', async () => {
    const folder = await flashedFolder();
    const first = await read(folder, ['0x10']);
    expect(first.exitCode).toBe(0);
    const other = join(folder, 'other.tsv');
    writeFileSync(
      other,
      rows(...BOOT, 'P 0x10 bootfs Binary mmc0 0x4400 b.img', 'P 0x11 rest Binary mmc0 0x84400 a.img'),
    );
    const on = ['--bus', bus(folder, 'card'), '--images', folder];
    expect((await cli(['flash', other, ...on])).exitCode).toBe(0);
    const layout = join(folder, 'saved', 'layout.tsv');
    const back = await cli(['flash', layout, ...on, '--verify', 'readback']);
    expect(back.exitCode).toBe(0);
    expect(back.stdout).toContain('read back and equal');
    const again = await read(folder, ['0x10'], '--force', '--json');
    expect(again.lines().at(-1)).toMatchObject({ event: 'result', ok: true, saved: [{ id: '0x10', bytes: 524_288 }] });
    expect(readFileSync(join(folder, 'saved', '0x10-bootfs.img')).equals(FILES['a.img'])).toBe(true);
  });

  test('replaces no file unless it is told to, and touches no board before it has looked', async () => {
    const folder = folderWith(FILES);
    const { exitCode, stderr } = await cli([
      'read',
      join(folder, 'layout.tsv'),
      '0x10',
      '--out',
      folder,
      '--bus',
      'sim:stm32mp157c-dk2',
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('layout.tsv is there already, and --force is not given');
  });

  test('names the way out when the board has no such partitions, exit 6, and leaves no file', async () => {
    const folder = folderWith(FILES);
    const { exitCode, stderr } = await read(folder, ['0x10']);
    expect(exitCode).toBe(6);
    expect(stderr).toContain('the board has other partitions than the layout: bootfs (0x10):Couldn');
    expect(stderr).toContain('`- 0x10 card RawImage mmc0 0x0 none` reads a whole card');
    expect(readdirSync(join(folder, 'saved'))).toEqual([]);
  });

  test.each([
    ['an id that the layout does not have', '0x77', '0x77 cannot be read: {} has no such id'],
    ['a boot file', '0x01', '0x01 cannot be read: fsbl-boot lies on no medium'],
    ['what is no id', 'bootfs', 'bootfs cannot be read: {} has no such id'],
  ])('exit 2 and one line for %s', async (_name, id, message) => {
    const folder = folderWith(FILES);
    const { exitCode, stderr } = await read(folder, [id]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message.replace('{}', join(folder, 'layout.tsv')));
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(existsSync(join(folder, 'saved'))).toBe(false);
  });

  test('exit 2 for a folder that takes no files', async () => {
    const folder = folderWith(FILES);
    const words = ['read', join(folder, 'layout.tsv'), '0x10', '--out', join(folder, 'a.img')];
    const { exitCode, stderr } = await cli([...words, '--bus', 'sim:stm32mp157c-dk2']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('takes no files: EEXIST');
  });
});

describe('the file of a partition', () => {
  test('has its name only when it is complete', async () => {
    const path = join(folderWith({}), 'a.img');
    const file = await createPartitionFile(path);
    await file.write(FILES['a.img']);
    expect(existsSync(path)).toBe(false);
    await file.keep();
    expect(readFileSync(path).equals(FILES['a.img'])).toBe(true);
  });

  test('is gone when it is dropped', async () => {
    const folder = folderWith({});
    const file = await createPartitionFile(join(folder, 'a.img'));
    await file.write(FILES['a.img']);
    await file.drop();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a disk that is full is one clear line, and nothing is left that looks complete', async () => {
    const folder = folderWith({});
    const { open } = await import('node:fs/promises');
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const path = join(folder, 'a.img');
    const file = await createPartitionFile(path, async (...words) => {
      const handle = await open(...words);
      handle.write = () => Promise.reject(full);
      return handle;
    });
    await file.write(FILES['a.img']);
    const failure = await file.keep().catch((error: unknown) => error);
    await file.drop();
    expect(failure).toBeInstanceOf(PhaselineError);
    expect(failure).toMatchObject({
      code: 'read/unwritten',
      message: `${path} cannot be saved: the disk is full (ENOSPC)`,
    });
    expect(readdirSync(folder)).toEqual([]);
  });
});
