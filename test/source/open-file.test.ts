import { execFileSync } from 'node:child_process';
import {
  appendFile,
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readlink,
  realpath,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { concatBytes, toHex } from '../../src/base/bytes.ts';
import { PhaselineError } from '../../src/base/errors.ts';
import { openFile } from '../../src/source/open-file.ts';
import { makePattern } from '../image/make.ts';

const MIB = 2 ** 20;
const PIECE = 256 * 1024;
let folder: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'phaseline-source-')));
});

afterEach(() => rm(folder, { recursive: true }));

async function file(data: Uint8Array, name = 'image.bin'): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, data);
  return path;
}

async function failure(work: Promise<unknown>): Promise<PhaselineError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof PhaselineError)) throw new Error(`no PhaselineError but ${String(error)}`);
  return error;
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece.slice());
  return concatBytes(pieces);
}

describe('an open file', () => {
  test.each([
    ['a range in the middle', 100, 50, 100, 150],
    ['a range that ends behind the file', 990, 50, 990, 1000],
    ['a range behind the file', 1000, 50, 1000, 1000],
    ['a range far behind the file', 5000, 1, 1000, 1000],
    ['nothing', 10, 0, 10, 10],
  ])('gives %s', async (_, offset, length, from, to) => {
    const data = makePattern(1000);
    const source = await openFile(await file(data));
    expect(source.size).toBe(1000);
    expect(toHex(await source.read(offset, length))).toBe(toHex(data.subarray(from, to)));
    await source.close();
  });

  test.each([
    ['everything', undefined, undefined, 0, 2 * MIB + 5],
    ['from an offset on', MIB - 1, undefined, MIB - 1, 2 * MIB + 5],
    ['a range', 7, MIB + 1, 7, MIB + 8],
    ['a range that ends behind the file', 2 * MIB, 100, 2 * MIB, 2 * MIB + 5],
    ['nothing', 5, 0, 5, 5],
    ['nothing behind the file', 3 * MIB, 5, 0, 0],
  ])('streams %s', async (_, offset, length, from, to) => {
    const data = makePattern(2 * MIB + 5);
    const source = await openFile(await file(data));
    expect(Buffer.compare(await collect(source.stream(offset, length)), data.subarray(from, to))).toBe(0);
    await source.close();
  });

  test('streams an empty file as no piece at all', async () => {
    const source = await openFile(await file(new Uint8Array(0)));
    for await (const piece of source.stream()) expect.fail(`a piece of ${piece.length}`);
    await source.close();
  });

  test('reads at most one piece ahead of who asks for it', async () => {
    const path = await file(makePattern(4 * MIB));
    const source = await openFile(path);
    const stream = source.stream()[Symbol.asyncIterator]();
    expect((await stream.next()).value).toHaveLength(PIECE);
    await appendFile(path, 'x');
    const rest: Uint8Array[] = [];
    const reading = (async () => {
      for (let next = await stream.next(); !next.done; next = await stream.next()) rest.push(next.value);
    })();
    expect(await failure(reading)).toMatchObject({ code: 'files/changed' });
    expect(rest.length).toBeLessThanOrEqual(1);
    await source.close();
  });

  test('leaves a piece as it is until two more have come', async () => {
    const data = makePattern(3 * MIB);
    const source = await openFile(await file(data));
    const pieces: Uint8Array[] = [];
    for await (const piece of source.stream()) {
      pieces.push(piece);
      const from = Math.max(0, pieces.length - 3);
      const kept = concatBytes(pieces.slice(from));
      expect(Buffer.compare(kept, data.subarray(from * PIECE, from * PIECE + kept.length))).toBe(0);
    }
    expect(pieces).toHaveLength(12);
    await source.close();
  });

  test('can be left in the middle of a stream and closed twice, and is free then', async () => {
    const path = await file(makePattern(3 * MIB));
    const source = await openFile(path);
    for await (const piece of source.stream()) {
      expect(piece).toHaveLength(PIECE);
      break;
    }
    await source.close();
    await source.close();
    expect(await failure(source.read(0, 10))).toMatchObject({ code: 'files/unreadable' });
  });

  test('serves two streams at once', async () => {
    const data = makePattern(2 * MIB + 1);
    const source = await openFile(await file(data));
    const [a, b] = await Promise.all([collect(source.stream()), collect(source.stream(1))]);
    expect(Buffer.compare(a, data)).toBe(0);
    expect(Buffer.compare(b, data.subarray(1))).toBe(0);
    await source.close();
  });
});

describe('a file that changes while it is read', () => {
  test.each([
    ['grows', (path: string) => appendFile(path, 'more')],
    ['shrinks', (path: string) => truncate(path, 500)],
    ['is emptied', (path: string) => truncate(path, 0)],
    ['is touched', (path: string) => utimes(path, 1, 1)],
  ])('is found out when it %s', async (_, change) => {
    const path = await file(makePattern(1000));
    const source = await openFile(path);
    await source.read(0, 100);
    await change(path);
    expect(await failure(source.read(0, 1000))).toMatchObject({
      code: 'files/changed',
      message: `${path} changed while it was being read`,
    });
    expect(await failure(collect(source.stream()))).toMatchObject({ code: 'files/changed' });
    await source.close();
  });
});

describe('what cannot be opened', () => {
  test('a file that is not there is missing', async () => {
    const path = join(folder, 'nothing.bin');
    expect(await failure(openFile(path))).toMatchObject({ code: 'files/missing', message: `${path} does not exist` });
  });

  test.each([
    ['a path through a file', 'image.bin/x', 'files/missing'],
    ['a name too long', 'x'.repeat(300), 'files/missing'],
    ['a name with a NUL', 'a\0b', 'files/missing'],
    ['a link to itself', 'loop', 'files/unreadable'],
  ])('%s', async (_, name, code) => {
    await file(makePattern(10));
    await symlink('loop', join(folder, 'loop'));
    const error = await failure(openFile(join(folder, name)));
    expect(error.code).toBe(code);
    expect(error.message).not.toMatch(/[\0\n]/);
  });

  test('a folder is unreadable', async () => {
    await mkdir(join(folder, 'sub'));
    const error = await failure(openFile(join(folder, 'sub')));
    expect(error).toMatchObject({
      code: 'files/unreadable',
      message: `${join(folder, 'sub')} is a folder, not a file`,
    });
  });

  test.skipIf(process.platform === 'win32')(
    'a device and a pipe are unreadable, and nobody waits for a writer',
    async () => {
      execFileSync('mkfifo', [join(folder, 'pipe')]);
      expect((await failure(openFile('/dev/null'))).message).toBe('/dev/null is a device, not a file');
      expect((await failure(openFile(join(folder, 'pipe')))).message).toMatch(/is a pipe or socket, not a file$/);
    },
  );

  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'a file without permission is unreadable',
    async () => {
      const path = await file(makePattern(10));
      await chmod(path, 0);
      expect(await failure(openFile(path))).toMatchObject({ code: 'files/unreadable' });
    },
  );

  test.skipIf(process.platform !== 'linux')('no attempt leaves it open', async () => {
    for (let i = 0; i < 5; i += 1) await failure(openFile(folder));
    const open = await readdir('/proc/self/fd');
    const targets = await Promise.all(open.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => 'closed')));
    expect(targets).not.toContain(folder);
  });
});
