import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, describe as group, test } from 'vitest';
import { memoryBytes } from '../../src/base/bytes.ts';
import { type DescribeOptions, describe } from '../../src/source/describe.ts';
import { sha256Of } from '../../src/source/hash.ts';
import { openFile } from '../../src/source/open-file.ts';
import { makeFsbl, makePattern, makeSsbl } from '../image/make.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phaseline-describe-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function facts(data: Uint8Array, options?: DescribeOptions) {
  const path = join(folder, 'image.bin');
  await writeFile(path, data);
  return { path, facts: await describe(path, options) };
}

group('describing a file', () => {
  test('says where it is, how large, and what', async () => {
    const data = makeSsbl();
    const { path, facts: found } = await facts(data);
    expect(found).toMatchObject({ path, sizeBytes: data.length, content: { kind: 'stm32', checksum: 'unread' } });
    expect(found).not.toHaveProperty('ubootVersion');
  });

  test('sums the payload when asked', async () => {
    const good = makeFsbl({ family: 'mp25', payloadBytes: 3_000_000 });
    const bad = good.slice();
    bad[bad.length - 1] = (good[good.length - 1] as number) ^ 1;
    expect((await facts(good, { checksum: true })).facts.content).toMatchObject({ checksum: 'ok' });
    expect((await facts(bad, { checksum: true })).facts.content).toMatchObject({ checksum: 'wrong' });
    expect((await facts(good.subarray(0, -1), { checksum: true })).facts.content).toMatchObject({ checksum: 'unread' });
  });

  test('looks for the version of U-Boot when asked', async () => {
    expect((await facts(makeSsbl(), { ubootVersion: true })).facts.ubootVersion).toBe('2020.01');
    expect((await facts(makePattern(1000), { ubootVersion: true })).facts).not.toHaveProperty('ubootVersion');
  });

  test('fails as opening does', async () => {
    await expect(describe(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'files/missing' });
  });
});

group('the sha256 of bytes', () => {
  test.each([
    ['nothing', '', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ])('of %s is the published one', async (_, text, digest) => {
    expect(await sha256Of(memoryBytes(new TextEncoder().encode(text)))).toBe(digest);
  });

  test('is the same from a file in many pieces as from memory', async () => {
    const data = makePattern(2 ** 21 + 17);
    const { path } = await facts(data);
    const source = await openFile(path);
    expect(await sha256Of(source)).toBe(await sha256Of(memoryBytes(data)));
    await source.close();
  });
});
