import { describe, expect, test } from 'vitest';
import { type BoardWords, readBoardWords } from '../../src/flash/board-words.ts';
import { flash, makeBench } from './harness.ts';
import { bootFiles, layoutText } from './layouts.ts';

describe('the board’s words tell the cause and the row', () => {
  test.each<[string, BoardWords]>([
    ["Layout line 7: missing 'P' in option ED", { cause: 'row', boardLine: 7 }],
    ['mmc device 1 not found', { cause: 'medium-missing', device: 'mmc1' }],
    ['mmc device 0 not probed', { cause: 'medium-missing', device: 'mmc0' }],
    ['MTD device spi-nand0 not found', { cause: 'medium-missing', device: 'spi-nand0' }],
    ['rootfs (0x12): invalid address 0x180000000 (max=0x77ffffff)', { cause: 'medium-small', id: 0x12 }],
    ['fsbl1 (0x4): invalid address 0x200 (min=0x4400)', { cause: 'alignment', id: 4 }],
    ['fip (0x6): not aligned address : 0x4400 on erase size 0x80000', { cause: 'alignment', id: 6 }],
    ["boot (0x10):Couldn't find part 4 on device mmc 0", { cause: 'other-partitions', id: 0x10 }],
    ['GPT partitionning fail: gpt write mmc 0 …', { cause: 'partition-table' }],
    ['env (0xa): MMC erase failed', { cause: 'erase', id: 10 }],
    ['DFU write error', { cause: 'write' }],
    ['fsbl (0x4): copy of fsbl failed', { cause: 'fsbl-copy', id: 4 }],
    ['FIP Header check failed for phase 3', { cause: 'fip' }],
    ['Layout: invalid checksum : 0x1 expected 0x2', { cause: 'stale-layout' }],
    ['Layout: duplicated phase 0x10 for part a and b', { cause: 'row', id: 0x10 }],
    ['words that nobody has heard yet', { cause: undefined }],
  ])('%s', (text, words) => {
    expect(readBoardWords(text)).toEqual(words);
  });
});

test('the line of the file is told for words about a medium as well', async () => {
  const bench = makeBench('stm32mp157c-ev1', { faults: ['absent mmc1'] });
  const boot = bootFiles('mp15');
  const rows = ['P 0x04 a Binary mmc0 0x4400 a.bin', 'P 0x10 b Binary mmc1 0x80000 a.bin'];
  const { result } = await flash(bench, {
    layout: layoutText(...boot.rows, '# the card', ...rows),
    images: { ...boot.images, 'a.bin': new Uint8Array(512) },
  });
  const line = boot.rows.length + 3;
  expect(result).toMatchObject({ code: 'board/layout-refused' });
  expect(result.message).toContain(`mmc device 1 not found (line ${line} of layout.tsv)`);
});
