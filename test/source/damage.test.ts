import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { openImage } from '../../src/source/open-image.ts';
import { reasonIn } from '../../src/source/unpack/tool.ts';
import { makePattern } from '../image/make.ts';
import { contentOf, failureOf, testFolder } from './packed.ts';

const folder = testFolder();
const DATA = makePattern(2_000_000);
const TOOLS = ['xz', 'zstd', 'bzip2'];
const isThere = (tool: string) => spawnSync(tool, ['--version'], { stdio: 'ignore' }).error === undefined;

function packedBy(tool: string, data = DATA): Uint8Array {
  return tool === 'gzip' ? gzipSync(data) : execFileSync(tool, ['-c'], { input: data, maxBuffer: 2 ** 26 });
}

function flipped(data: Uint8Array, at: number): Uint8Array {
  const copy = data.slice();
  copy[at] = (copy[at] as number) ^ 0x10;
  return copy;
}

/** Children of this process that have not been waited for, or that run. */
function children(): string[] {
  const own = String(process.pid);
  return readdirSync('/proc').filter((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'latin1');
      const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return parent === own && TOOLS.some((tool) => stat.includes(`(${tool})`));
    } catch {
      return false; // it has gone since
    }
  });
}

describe.each(['gzip', ...TOOLS])('damaged %s data', (tool) => {
  const run = test.skipIf(tool !== 'gzip' && !isThere(tool));

  run('is found out when it ends early', async () => {
    const packed = packedBy(tool);
    for (const length of [packed.length - 1, packed.length - 9, 1_000_000, 40]) {
      const error = await failureOf(folder.write('card.img', packed.subarray(0, length)));
      expect(error.code).toBe('files/format');
      expect(error.message).toMatch(/card\.img: the \w+ data is damaged: .+/);
      expect(error.message).not.toMatch(/\n/);
    }
    expect(children()).toEqual([]);
  });

  run('is found out when a bit has changed, before the last byte is given', async () => {
    const packed = packedBy(tool);
    for (const at of [packed.length >> 1, packed.length - 6]) {
      const path = folder.write('card.img', flipped(packed, at));
      expect((await failureOf(path)).code).toBe('files/format');
    }
    expect(children()).toEqual([]);
  });

  run('is found out when something else follows it', async () => {
    const path = folder.write('card.img', Buffer.concat([packedBy(tool), Buffer.from('something else')]));
    expect((await failureOf(path)).code).toBe('files/format');
  });

  run('is found out when its second stream does not begin as one', async () => {
    const second = flipped(packedBy(tool), 1);
    const path = folder.write('card.img', Buffer.concat([packedBy(tool), second]));
    expect((await failureOf(path)).code).toBe('files/format');
  });

  run('is found out in an archive, behind the member that is wanted', async () => {
    folder.write('fip.bin', DATA.subarray(0, 5000));
    folder.write('rest.bin', DATA);
    const tar = execFileSync('tar', ['-cf', '-', 'fip.bin', 'rest.bin'], { cwd: folder.path, maxBuffer: 2 ** 26 });
    const packed = packedBy(tool, tar);
    for (const damage of [packed.subarray(0, 1_000_000), flipped(packed, 1_000_000)]) {
      const path = folder.write('release.tar', damage);
      expect((await failureOf(`${path}!fip.bin`)).code).toBe('files/format');
    }
    expect(children()).toEqual([]);
  });
});

describe('the programs that expand', () => {
  const run = test.skipIf(!isThere('xz'));

  run('have ended when a source is closed in the middle of its streams', async () => {
    const source = await openImage(folder.write('card.img.xz', packedBy('xz')));
    const streams = [source.stream(), source.stream(5)].map((stream) => stream[Symbol.asyncIterator]());
    for (const stream of streams) await stream.next();
    for await (const piece of source.stream(100, 10)) expect(piece.length).toBeGreaterThan(0);
    expect(children().length).toBeGreaterThan(1);
    await source.close();
    expect(children()).toEqual([]);
    for (const stream of streams) await expect(stream.next()).rejects.toMatchObject({ code: 'files/unreadable' });
  });

  run('go on from range to range: one program for all of them', async () => {
    const source = await openImage(folder.write('card.img.xz', packedBy('xz')));
    for (let at = 200_000; at < DATA.length; at += 300_000) {
      for await (const piece of source.stream(at, 1000)) expect(piece.length).toBeGreaterThan(0);
      expect(children()).toHaveLength(1);
    }
    await source.close();
  });

  test.skipIf(!isThere('zstd'))('take what zstd packed with its largest window', async () => {
    const packed = execFileSync('zstd', ['--long=31', '--ultra', '-qc'], { input: DATA, maxBuffer: 2 ** 26 });
    const path = folder.write('card.img.zst', packed);
    expect(Buffer.compare(await contentOf(path), DATA)).toBe(0);
  });

  run('that are killed are said to have been', async () => {
    const source = await openImage(folder.write('card.img.xz', packedBy('xz')));
    const stream = source.stream()[Symbol.asyncIterator]();
    await stream.next();
    for (const pid of children()) process.kill(Number(pid), 'SIGKILL');
    const rest = (async () => {
      while (!(await stream.next()).done);
    })();
    await expect(rest).rejects.toMatchObject({
      code: 'files/unreadable',
      message: /card\.img\.xz.*xz ended by SIGKILL/,
    });
    await source.close();
  });

  test('that are not installed are named, with the package to install', async () => {
    const path = folder.write('card.img', Buffer.from('fd377a585a000004', 'hex'));
    const before = process.env.PATH;
    process.env.PATH = folder.path;
    try {
      const error = await failureOf(path);
      expect(error.code).toBe('files/unreadable');
      expect(error.message).toMatch(/compressed with xz, and there is no program xz .*xz-utils/);
    } finally {
      process.env.PATH = before;
    }
  });

  test.each([
    ['xz', 'xz: (stdin): Unexpected end of input\n', 'Unexpected end of input'],
    ['xz', '/usr/bin/xz: (stdin): Compressed data is corrupt\n', 'Compressed data is corrupt'],
    ['zstd', '\rzstd: /*stdin*\\ : Read error (39) : premature end \n', 'Read error (39) : premature end'],
    [
      'bzip2',
      '\nbzip2: Data integrity error when decompressing.\n\tInput file = (stdin)',
      'Data integrity error when decompressing.',
    ],
    ['zstd', '', ''],
  ])('of %s give a reason out of what it said', (tool, complaint, reason) => {
    expect(reasonIn(complaint, tool)).toBe(reason);
  });
});
