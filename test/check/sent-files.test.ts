import { beforeAll, describe, expect, test } from 'vitest';
import { checkLayout } from '../../src/check/check-layout.ts';
import type { FileFacts } from '../../src/check/file-facts.ts';
import type { CheckContext } from '../../src/check/subject.ts';
import { parseLayout } from '../../src/layout/parse.ts';
import { makeExt4, makeFsbl, makeGptImage, makePattern } from '../image/make.ts';
import { brokenLayout } from './boards.ts';
import { factsOf, factsOfAll, imagesFor } from './files.ts';

const MIB = 2 ** 20;
let good: ReadonlyMap<string, FileFacts>;

beforeAll(async () => {
  good = await factsOfAll(imagesFor('mp15'));
});

function rules(text: string, files: Readonly<Record<string, FileFacts>>, context: CheckContext): readonly string[] {
  const found = checkLayout(parseLayout(text), { files: new Map([...good, ...Object.entries(files)]), ...context });
  return found.filter(({ severity }) => severity !== 'info').map(({ severity, ruleId }) => `${severity} ${ruleId}`);
}

describe('a compressed file', () => {
  const text = brokenLayout('raw', { 4: 'P 0x10 sdcard RawImage mmc0 0x0 sdcard.img.lz4' });
  const file: FileFacts = { path: 'x', sizeBytes: 1000, content: { kind: 'lz4' } };

  test.each(['any', 'phaseline'] as const)('that is to be sent as it is stops the tool %s', (tool) => {
    expect(rules(text, { 'sdcard.img.lz4': file }, { tool })).toEqual(['error binary-compressed']);
  });
});

describe('a file that was not unpacked to its end', () => {
  const known = { path: 'x', sizeBytes: MIB, sizeIsLeast: true } as const;
  const env = brokenLayout('sd', { 10: 'P 0x0A u-boot-env ENV mmc0 0x00904400 env.gz' });

  test('is too large, and nothing is missing from it', () => {
    const content = { kind: 'ext4', sizeBytes: 64 * MIB } as const;
    expect(rules(env, { 'env.gz': { ...known, content } }, { tool: 'phaseline' })).toEqual(['error binary-too-big']);
  });
});

describe('a file outside the folders', () => {
  const text = brokenLayout('raw', { 4: 'P 0x10 sdcard RawImage mmc0 0x0 ../sdcard.img' });
  const files: Readonly<Record<string, FileFacts>> = {
    '../sdcard.img': { problem: 'outside', reason: 'it lies outside' },
  };

  test('stops phaseline, and is an info to tools that take it', () => {
    expect(rules(text, files, { tool: 'phaseline' })).toEqual(['error binary-outside']);
    expect(rules(text, files, {})).toEqual([]);
    const found = checkLayout(parseLayout(text), { files: new Map([...good, ...Object.entries(files)]) });
    expect(found.map(({ ruleId }) => ruleId)).toEqual(['binary-outside', 'binary-parent-escape']);
  });
});

describe('an eMMC’s boot partition', () => {
  const text = brokenLayout('emmc', { 6: null }).replaceAll('fsbl.stm32', 'combo.bin');

  test.each([
    ['may carry the FIP behind the FSBL', 2 * MIB, []],
    ['has no room for a FIP where the file is the FSBL alone', 0x40000, ['error fip-missing']],
  ])('%s', async (_what, sizeBytes, expected) => {
    const fsbl = await factsOf('', makeFsbl({ family: 'mp15' }), sizeBytes);
    expect(rules(text, { 'combo.bin': fsbl }, {})).toEqual(expected);
  });
});

describe('a whole-device image for an eMMC', () => {
  const edits = (image: string) => ({
    4: 'P 0x04 fsbl1 Binary mmc1 boot1 fsbl.stm32',
    5: 'P 0x05 fsbl2 Binary mmc1 boot2 fsbl.stm32',
    6: `P 0x10 emmc RawImage mmc1 0x0 ${image}`,
  });
  const disks = async (...names: readonly string[]) => {
    const partitions = names.map((name, index) => ({ name, offset: 0x8000 * (index + 1), data: makePattern(512) }));
    return factsOf('', makeGptImage({ partitions }));
  };

  test.each([
    ['needs no fsbl, which the ROM takes from boot1', ['fip', 'rootfs'], []],
    ['needs a FIP', ['rootfs'], ['warning rawimage-gpt-names']],
  ])('%s', async (_what, names, expected) => {
    expect(rules(brokenLayout('raw', edits('disk.img')), { 'disk.img': await disks(...names) }, {})).toEqual(expected);
  });

  test('needs nothing of that where the board starts from another device', async () => {
    const nor = {
      4: 'P 0x04 fsbl1 Binary nor0 0x0 fsbl.stm32',
      5: 'P 0x05 fsbl2 Binary nor0 0x40000 fsbl.stm32',
      6: 'P 0x06 fip FIP nor0 0x80000 fip.bin',
      7: 'PE 0x07 rest Binary nor0 0x480000 none',
      8: 'P 0x10 emmc RawImage mmc1 0x0 disk.img',
    };
    const files = { 'disk.img': await disks('rootfs'), 'rootfs.img': await factsOf('', makeExt4()) };
    expect(rules(brokenLayout('raw', nor), files, {})).toEqual([]);
  });
});

describe('what to write instead', () => {
  const help = async (text: string, context: CheckContext = {}) => {
    const big: FileFacts = { path: 'x', sizeBytes: 0x8_0001, content: { kind: 'unknown' } };
    const files = new Map<string, FileFacts>([...good, ['big.bin', big]]);
    const found = checkLayout(parseLayout(text), { files, ...context });
    return found.filter(({ severity }) => severity === 'error').map((diagnostic) => diagnostic.help);
  };

  test.each([
    [
      'the address where the next partition fits',
      'sd',
      10,
      'P 0x0A u-boot-env ENV mmc0 0x00904400 big.bin',
      'move line 11 to 0x00984600 or behind, and what follows it, or make the file smaller',
    ],
    [
      'the addresses beside one within an erase group',
      'emmc',
      7,
      'P 0x10 bootfs System mmc1 0x00484400 bootfs.ext4',
      'write 0x00480000 or 0x00500000',
    ],
    [
      'the addresses beside one within an erase block',
      'nor',
      7,
      'PE 0x07 rest Binary nor0 0x00484400 none',
      'write 0x00480000 or 0x00490000',
    ],
  ] as const)('is %s', async (_what, board, line, row, wanted) => {
    expect(await help(brokenLayout(board, { [line]: row }))).toEqual([wanted]);
  });

  test('is the first address that an eMMC with larger erase groups allows', async () => {
    const devices = new Map([['mmc1', { eraseBytes: 2 ** 22 }]]);
    const text = brokenLayout('emmc', { 7: null, 8: null });
    expect(await help(text, { devices })).toEqual(['start at 0x00400000']);
  });
});
