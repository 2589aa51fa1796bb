import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { makeFip, makeFsbl, makeGptImage, makePattern } from '../image/make.ts';
import { bmapText } from '../image/make-bmap.ts';
import { makeSparse } from '../image/make-sparse.ts';
import { type Captured, cli, folderWith, rows, startOf } from './harness.ts';

const FSBL = '- 0x01 fsbl-boot Binary none 0x0 fsbl.stm32';
const FIP = '- 0x03 fip-boot FIP none 0x0 fip.bin';
const CARD = makeGptImage({ diskBytes: 2 ** 19 });
const BOOT = { 'fsbl.stm32': makeFsbl({ family: 'mp15' }), 'fip.bin': makeFip() };
const raw = (file: string) => `P 0x10 sdcard RawImage mmc0 0x0 ${file}`;
/** Two partitions of an SD card, the first with room for 512 KiB. */
const parts = (a: string, b = 'b.img') => [
  `P 0x10 boot Binary mmc0 0x4400 ${a}`,
  `P 0x11 data Binary mmc0 0x84400 ${b}`,
];

function flash(folder: string, ...args: readonly string[]): Promise<Captured> {
  const bus = `sim:stm32mp157c-dk2,storage=${join(folder, 'card')}`;
  return cli(['flash', join(folder, 'layout.tsv'), '--yes', '--bus', bus, ...args]);
}

function cardOf(folder: string, length: number): Buffer {
  return startOf(join(folder, 'card/mmc0.img'), length);
}

describe('flash of images as people have them', () => {
  test.each([
    ['sdcard.img.gz', gzipSync(CARD)],
    ['sdcard.simg', makeSparse([{ raw: CARD }])],
    ['sdcard.simg.gz', gzipSync(makeSparse([{ raw: CARD }]))],
    // The name says nothing: the content does.
    ['sdcard.img', gzipSync(CARD)],
  ])('%s is expanded on the way to the card', async (name, data) => {
    const folder = folderWith({ ...BOOT, 'layout.tsv': rows(FSBL, FIP, raw(name)), [name]: data });
    const { exitCode, stdout } = await flash(folder);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`(${name})`);
    expect(Buffer.compare(cardOf(folder, CARD.length), CARD)).toBe(0);
  });

  test('members of an archive are taken out of it, boot files too', async () => {
    const folder = folderWith({ ...BOOT, 'sdcard.img.gz': gzipSync(CARD) });
    execFileSync('tar', ['-czf', 'release.tgz', '--transform', 's,^,out/,', ...Object.keys(BOOT), 'sdcard.img.gz'], {
      cwd: folder,
    });
    const member = (row: string) => row.replace(/\S+$/, (file) => `release.tgz!out/${file}`);
    const other = folderWith({
      'layout.tsv': rows(...[FSBL, FIP, raw('sdcard.img.gz')].map(member)),
      'release.tgz': readFileSync(join(folder, 'release.tgz')),
    });
    expect(await flash(other)).toMatchObject({ exitCode: 0 });
    expect(Buffer.compare(cardOf(other, CARD.length), CARD)).toBe(0);
  });

  test('what expands beyond its partition is refused before the board is touched, and not expanded further', async () => {
    const zeros = gzipSync(new Uint8Array(200 * 2 ** 20));
    const folder = folderWith({
      ...BOOT,
      'layout.tsv': rows(FSBL, FIP, ...parts('a.gz')),
      'a.gz': zeros,
      'b.img': 'b',
    });
    const { exitCode, stdout, stderr } = await flash(folder, '--json');
    expect(exitCode).toBe(4);
    expect(stderr).toContain('layout.tsv:4:');
    expect(stderr).toContain('"a.gz" has at least 524289 bytes, its partition 524288');
    expect(stdout).not.toContain('"event":"phase"');
  });

  test('damaged data is refused with the reason before the board is touched', async () => {
    const cut = gzipSync(CARD).subarray(0, -20);
    const folder = folderWith({ ...BOOT, 'layout.tsv': rows(FSBL, FIP, raw('sdcard.img.gz')), 'sdcard.img.gz': cut });
    const { exitCode, stdout, stderr } = await flash(folder);
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(/layout\.tsv:4:.*sdcard\.img\.gz: the gzip data is damaged: unexpected end of file/);
    expect(stdout).not.toContain('0x01');
    expect(stdout + stderr).not.toMatch(/\n\s+at /);
  });

  test.skipIf(spawnSync('xz', ['--version']).error)(
    'damage that shows only on the way ends the job there',
    async () => {
      const packed = execFileSync('xz', ['-c0'], { input: makePattern(2 ** 20), maxBuffer: 2 ** 22 });
      packed[900_000] = (packed[900_000] as number) ^ 1;
      const row = 'P 0x10 boot Binary mmc0 0x4400 a.xz';
      const folder = folderWith({ ...BOOT, 'layout.tsv': rows(FSBL, FIP, row), 'a.xz': packed });
      const out = await flash(folder, '--json');
      expect(out.exitCode).toBe(4);
      expect(out.lines().at(-1)).toMatchObject({
        event: 'result',
        ok: false,
        code: 'files/format',
        message: expect.stringMatching(/a\.xz: the xz data is damaged: Compressed data is corrupt/),
      });
    },
  );

  test('a sparse file’s content is judged as what it expands to', async () => {
    const simg = makeSparse([{ dontCare: 1 }, { raw: makePattern(2 ** 19) }]);
    const folder = folderWith({
      ...BOOT,
      'layout.tsv': rows(FSBL, FIP, ...parts('a.simg')),
      'a.simg': simg,
      'b.img': 'b',
    });
    const { exitCode, stderr } = await flash(folder);
    expect(exitCode).toBe(4);
    expect(stderr).toContain('"a.simg" has 528384 bytes, its partition 524288');
  });
});

describe('block maps', () => {
  const bmap = bmapText({ version: '2.0', imageBytes: CARD.length, ranges: [{ text: '0-30' }] });
  const unfit = bmapText({ version: '2.0', imageBytes: CARD.length + 1, ranges: [{ text: '0' }] });
  const one = { ...BOOT, 'layout.tsv': rows(FSBL, FIP, raw('sdcard.img')), 'sdcard.img': CARD };
  const two = { ...BOOT, 'layout.tsv': rows(FSBL, FIP, ...parts('sdcard.img')), 'sdcard.img': CARD, 'b.img': 'b' };

  const imageRow = (out: Captured) =>
    (JSON.parse(out.stdout).phases as readonly Record<string, unknown>[]).find(({ id }) => id === '0x10');

  test('beside an image say what is sent of it', async () => {
    const plan = await flash(folderWith({ ...one, 'sdcard.bmap': bmap }), '--dry-run', '--json');
    expect(imageRow(plan)).toMatchObject({ bytes: 31 * 4096, imageBytes: CARD.length, extents: 1 });
  });

  test('can be named, for the one image or for one of several', async () => {
    const folder = folderWith({ ...one, map: bmap });
    expect(imageRow(await flash(folder, '--dry-run', '--json', '--bmap', join(folder, 'map')))).toMatchObject({
      bytes: 31 * 4096,
    });
    const several = folderWith({ ...two, map: bmap });
    const named = await flash(several, '--dry-run', '--json', '--bmap', `0x10=${join(several, 'map')}`);
    expect(imageRow(named)).toMatchObject({ bytes: 31 * 4096 });
  });

  test('that do not fit end the job, unless nobody wants them', async () => {
    const folder = folderWith({ ...one, 'sdcard.img.bmap': unfit });
    const { exitCode, stdout, stderr } = await flash(folder);
    expect(exitCode).toBe(4);
    expect(stdout + stderr).toMatch(/sdcard\.img\.bmap does not fit: it is for an image of 524289 bytes/);
    for (const none of ['none', '0x10=none']) {
      expect(imageRow(await flash(folder, '--dry-run', '--json', '--bmap', none))).toMatchObject({
        bytes: CARD.length,
      });
    }
  });

  test.each([
    ['map', /--bmap map: the layout writes 2 images; say ID=map/],
    ['0x12=map', /--bmap 0x12=map: the layout writes no file to 0x12/],
    ['0x01=map', /--bmap 0x01=map: the layout writes no file to 0x01/],
  ])('--bmap %s is refused where it leaves open for what it is', async (text, message) => {
    const { exitCode, stderr } = await flash(folderWith(two), '--dry-run', '--bmap', text);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe('check and inspect', () => {
  const folder = () => {
    const files = { 'a.gz': gzipSync(CARD), 'b.img': makeSparse([{ raw: CARD }]) };
    return folderWith({ ...BOOT, ...files, 'layout.tsv': rows(FSBL, FIP, ...parts('a.gz')) });
  };
  const rulesIn = ({ stdout }: Captured) =>
    JSON.parse(stdout).files.flatMap((file: { diagnostics: { ruleId: string }[] }) =>
      file.diagnostics.map(({ ruleId }) => ruleId),
    );

  test('check reports what other tools cannot expand, and for phaseline what is wrong with what comes out', async () => {
    const layout = join(folder(), 'layout.tsv');
    const any = rulesIn(await cli(['check', layout, '--json']));
    expect(any).toEqual(expect.arrayContaining(['binary-compressed', 'binary-sparse']));
    const ours = rulesIn(await cli(['check', layout, '--json', '--tool', 'phaseline']));
    expect(ours).not.toContain('binary-compressed');
    expect(ours).not.toContain('binary-sparse');
  });

  test('check misses a member of an archive, which only phaseline takes', async () => {
    const path = folderWith({ ...BOOT, 'b.img': 'b', 'layout.tsv': rows(FSBL, FIP, ...parts('r.tar!b.img')) });
    execFileSync('tar', ['-cf', 'r.tar', 'b.img'], { cwd: path });
    const any = await cli(['check', join(path, 'layout.tsv')]);
    expect(any.stdout).toMatch(/r\.tar!b\.img is no file; only phaseline looks into archives/);
    expect(rulesIn(await cli(['check', join(path, 'layout.tsv'), '--json', '--tool', 'phaseline']))).not.toContain(
      'binary-missing',
    );
  });

  test('inspect tells what a file is and what is sent of it', async () => {
    const path = join(folder(), 'a.gz');
    const { stdout } = await cli(['inspect', path]);
    expect(stdout).toContain(`${path}: compressed with gzip`);
    expect(stdout).toContain('sent         524288 bytes (512 KiB) after gzip');
    expect(stdout).toContain('holds        disk image with a GPT');
    const [file] = JSON.parse((await cli(['inspect', path, '--json'])).stdout).files;
    expect(file).toMatchObject({
      content: { kind: 'gzip' },
      expanded: { steps: ['gzip'], sizeBytes: CARD.length, content: { kind: 'gpt', backup: 'unread' } },
    });
  });
});
