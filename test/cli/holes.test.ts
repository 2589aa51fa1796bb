import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeFip, makeFsbl, makePattern } from '../image/make.ts';
import { bmapText } from '../image/make-bmap.ts';
import { type Captured, cli, folderWith, rows } from './harness.ts';

const BOOT = ['- 0x01 fsbl-boot Binary none 0x0 fsbl.stm32', '- 0x03 fip-boot FIP none 0x0 fip.bin'];
const CARD_BYTES = 100 * 4096;
const MAPPED = [
  [0, 4],
  [50, 60],
] as const;
const IMAGE = new Uint8Array(CARD_BYTES);
for (const [from, to] of MAPPED) IMAGE.set(makePattern((to - from) * 4096, from), from * 4096);
const BMAP = bmapText({
  version: '2.0',
  imageBytes: CARD_BYTES,
  ranges: MAPPED.map(([from, to]) => ({
    text: `${from}-${to - 1}`,
    sum: createHash('sha256')
      .update(IMAGE.subarray(from * 4096, to * 4096))
      .digest('hex'),
  })),
});
const FILES = {
  'layout.tsv': rows(...BOOT, 'P 0x10 rootfs FileSystem mmc0 0x4400 card.img'),
  'fsbl.stm32': makeFsbl({ family: 'mp15' }),
  'fip.bin': makeFip(),
  'card.img': IMAGE,
  'card.img.bmap': BMAP,
};

/** Flashes a card that is full of 0xAA where the image goes. */
async function flash(
  args: readonly string[] = [],
  fault = '',
): Promise<Captured & { card(block: number): Uint8Array }> {
  const folder = folderWith(FILES);
  const storage = join(folder, 'card');
  mkdirSync(storage);
  writeFileSync(join(storage, 'mmc0.img'), new Uint8Array(2 ** 24).fill(0xaa));
  const sim = `sim:stm32mp157c-dk2,storage=${storage}${fault}`;
  const captured = await cli(['flash', join(folder, 'layout.tsv'), '--no-check', '--bus', sim, ...args]);
  return {
    ...captured,
    card: (block) => {
      const out = new Uint8Array(4096);
      const file = openSync(join(storage, 'mmc0.img'), 'r');
      readSync(file, out, 0, 4096, 0x4400 + block * 4096);
      closeSync(file);
      return out;
    },
  };
}

const AA = new Uint8Array(4096).fill(0xaa);
const block = (index: number) => IMAGE.slice(index * 4096, (index + 1) * 4096);

describe('an image with a bmap', () => {
  test('goes to the card in its mapped ranges, and the rest of the card stays as it was', async () => {
    const { exitCode, stdout, card } = await flash();
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/0x10 rootfs \(card\.img\) 56 KiB in /);
    for (const mapped of [0, 3, 50, 59]) expect(card(mapped)).toEqual(block(mapped));
    for (const hole of [4, 49, 60, 99]) expect(card(hole)).toEqual(AA);
  });

  test('--no-skip writes zeros to its holes', async () => {
    const { exitCode, card } = await flash(['--no-skip']);
    expect(exitCode).toBe(0);
    expect(card(50)).toEqual(block(50));
    for (const hole of [4, 49, 60, 99]) expect(card(hole)).toEqual(new Uint8Array(4096));
  });

  test('--dry-run tells what is skipped, and what reading back costs', async () => {
    const { exitCode, stdout } = await flash(['--dry-run', '--verify', 'readback']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^0x10 {2}rootfs +56 KiB {2}card\.img$/m);
    expect(stdout).toContain('card.img: 2 ranges of 400 KiB, 344 KiB of holes are skipped');
    expect(stdout).toContain('240 KiB will be read back and compared, which takes about 1 s');
  });

  test('--dry-run --json has the same facts', async () => {
    const { lines } = await flash(['--dry-run', '--verify', 'readback', '--json']);
    const [plan] = lines() as [{ phases: object[]; readback: object }];
    expect(plan.phases.at(-1)).toEqual({
      id: '0x10',
      name: 'rootfs',
      file: 'card.img',
      bytes: 57_344,
      imageBytes: 409_600,
      extents: 2,
    });
    expect(plan.readback).toEqual({ bytes: 245_760, seconds: expect.closeTo(60 * 0.00206, 6) });
  });

  test('--verify readback passes, and finds a bit that turned over in a range: exit 8', async () => {
    const good = await flash(['--verify', 'readback']);
    expect(good.exitCode).toBe(0);
    expect(good.stdout).toMatch(/^verify \[1\/1\] 0x10 rootfs \(card\.img\) 240 KiB equal in /m);
    const at = 50 * 4096 + 7;
    const bad = await flash(['--verify', 'readback'], `,fault=flip mmc0 byte ${0x4400 + at} bit 2`);
    expect(bad.exitCode).toBe(8);
    expect(bad.stderr).toMatch(
      new RegExp(`FAIL: phase 0x10 rootfs \\(card\\.img\\): at byte ${at} 0x.. was sent and 0x.. was read back`),
    );
    expect(bad.stderr).toContain('Do not ship this unit');
  });
});

test('--verify readback of what cannot be read back is exit 2 in one line, also with --dry-run', async () => {
  const ubi = rows(...BOOT, 'P 0x10 ubi System nand0 0xA00000 card.img');
  const folder = folderWith({ ...FILES, 'layout.tsv': ubi });
  for (const more of [[], ['--dry-run']]) {
    const words = [
      'flash',
      join(folder, 'layout.tsv'),
      '--no-check',
      '--verify',
      'readback',
      '--bus',
      'sim:stm32mp157c-ev1',
    ];
    const { exitCode, stdout, stderr } = await cli([...words, ...more]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /--verify readback: 0x10 ubi cannot be read back: it is a UBI partition.*\[usage\/arguments\]\n$/,
    );
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  }
});
