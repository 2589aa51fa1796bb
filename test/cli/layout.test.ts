import { describe, expect, test } from 'vitest';
import { brokenLayout } from '../check/boards.ts';
import { imagesFor } from '../check/files.ts';
import { type Captured, cli, folderWith } from './harness.ts';

const SD = brokenLayout('sd');
const MOVED = brokenLayout('sd', {
  6: null,
  12: 'PD 0x11 rootfs FileSystem mmc0 0x05000000 other.ext4',
  13: 'PE 0x12 data FileSystem mmc0 0x20000000 none',
});

function layout(...args: readonly string[]): Promise<Captured> {
  return cli(['layout', ...args], { cwd: folderWith({ 'a.tsv': SD, 'b.tsv': MOVED, ...imagesFor('mp15') }) });
}

test('print aligns the columns, and what it prints means the same', async () => {
  const { stdout } = await layout('print', 'a.tsv');
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toBe('#Opt\tId\tName\t\tType\t\tIP\tOffset\t\tBinary');
  expect(lines).toHaveLength(SD.trimEnd().split('\n').length);
  expect(JSON.parse((await layout('print', 'a.tsv', '--json')).stdout)).toEqual({ text: stdout });
});

describe('diff', () => {
  test('tells by phase what went, came and changed', async () => {
    const { stdout, exitCode } = await layout('diff', 'a.tsv', 'b.tsv');
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      [
        '- P  0x06  metadata1  FWU_MDATA  mmc0  0x00084400  metadata.bin',
        '+ PE  0x12  data  FileSystem  mmc0  0x20000000  none',
        '~ 0x11 rootfs: opt P -> PD, offset 0x04984400 -> 0x05000000, binary rootfs.ext4 -> other.ext4',
        '',
      ].join('\n'),
    );
  });

  test('tells the same as data', async () => {
    expect(JSON.parse((await layout('diff', 'a.tsv', 'b.tsv', '--json')).stdout)).toMatchObject({
      added: [{ id: '0x12', name: 'data' }],
      removed: [{ id: '0x06', name: 'metadata1' }],
      changed: [{ id: '0x11', fields: { opt: ['P', 'PD'], offset: ['0x04984400', '0x05000000'] } }],
    });
  });

  test('is silent about layouts that mean the same', async () => {
    expect((await layout('diff', 'a.tsv', 'a.tsv')).stdout).toBe('');
  });
});

describe('map', () => {
  test('draws a device with its tables, partitions and how full they get', async () => {
    const { stdout } = await layout('map', 'a.tsv', '--device-size', 'mmc0=1G');
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('mmc0, 1 GiB');
    expect(lines[1]).toMatch(/^=abcdefgh+i+=$/);
    expect(lines[2]).toMatch(/^ {2}0x00000000 +17 KiB +GPT +written$/);
    expect(lines[3]).toMatch(/^a 0x00004400 +256 KiB [#.]{8} +\d+ % 0x04 fsbl1 +written$/);
    expect(stdout).toMatch(/^f 0x00504400 +4 MiB +0x09 fip-b +erased$/m);
    expect(lines.at(-1)).toMatch(/^ {2}0x3FFFBA00 +17.5 KiB +GPT +written$/);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('says where a size is not known', async () => {
    const { stdout } = await layout('map', 'a.tsv');
    expect(stdout).toMatch(/^mmc0, of unknown size\n=.*>\n/);
    expect(stdout).toMatch(/^i 0x04984400 +the rest/m);
  });

  test('gives the same as data', async () => {
    const { devices } = JSON.parse((await layout('map', 'a.tsv', '--json', '--device-size', 'mmc0=1G')).stdout);
    expect(devices).toMatchObject([{ name: 'mmc0', sizeBytes: 2 ** 30, update: 'full' }]);
    expect(devices[0].areas[1]).toMatchObject({
      kind: 'partition',
      id: 4,
      startBytes: 0x4400,
      fate: 'written',
      file: 'fsbl.stm32',
    });
  });
});

test.each([
  ['print takes one layout', ['print', 'a.tsv', 'b.tsv'], 2, /layout print takes one layout/],
  ['diff takes two', ['diff', 'a.tsv'], 2, /layout diff takes two layouts/],
  ['another verb is refused', ['show', 'a.tsv'], 2, /show/],
  ['a layout has to be there', ['print', 'gone.tsv'], 3, /gone\.tsv cannot be read: ENOENT/],
])('%s', async (_what, args, exitCode, message) => {
  const captured = await layout(...args);
  expect(captured.exitCode).toBe(exitCode);
  expect(captured.stderr).toMatch(message);
});
