import { beforeAll, describe, expect, test } from 'vitest';
import { familiesNamed, likelyFamilies } from '../../src/check/families.ts';
import type { FileFacts } from '../../src/check/file-facts.ts';
import { REFERENCE_BOARDS, type ReferenceBoard } from '../../src/check/reference-boards.ts';
import { parseLayout } from '../../src/layout/parse.ts';
import { makeFsbl } from '../image/make.ts';
import { factsOfAll } from './files.ts';

const rows = (binary: string) => `-\t0x01\tfsbl-boot\tBinary\tnone\t0x0\t${binary}\n`;
let files: ReadonlyMap<string, FileFacts>;

beforeAll(async () => {
  const image = makeFsbl({ family: 'mp25' });
  files = await factsOfAll({ 'fsbl.stm32': image, 'tf-a-stm32mp157c.stm32': image });
});

describe('a name', () => {
  test.each([
    ['tf-a-stm32mp157c-dk2.stm32', ['mp15']],
    ['stm32mp135f-dk-sdcard.tsv', ['mp13']],
    ['STM32MP257F-EV1', ['mp25']],
    ['fsbl-mp13.stm32', ['mp13']],
    ['mp257f.bin', ['mp25']],
    ['stm32mp1.bin', []],
    ['temp15.bin', []],
    ['fsbl.stm32', []],
  ])('%s speaks of %j', (name, families) => {
    expect(familiesNamed(name)).toEqual(families);
  });
});

describe('the family of a layout', () => {
  const board = REFERENCE_BOARDS.find(({ name }) => name === 'stm32mp235f-dk') as ReferenceBoard;

  test.each([
    ['is the one asked for', 'stm32mp135f.tsv', 'fsbl.stm32', { family: 'mp21' as const, board }, ['mp21'], 'option'],
    ['is the one of the board', 'stm32mp135f.tsv', 'fsbl.stm32', { board }, ['mp23'], 'board'],
    ['is the one in its name', 'boards/stm32mp135f.tsv', 'fsbl.stm32', {}, ['mp13'], 'layout-name'],
    ['does not come from the folder', 'stm32mp135f/layout.tsv', 'fsbl.stm32', {}, ['mp23', 'mp25'], 'fsbl-header'],
    ['is the one that the FSBL is named after', 'layout.tsv', 'tf-a-stm32mp157c.stm32', {}, ['mp15'], 'fsbl-name'],
    ['is the one of the header', 'layout.tsv', 'fsbl.stm32', {}, ['mp23', 'mp25'], 'fsbl-header'],
    ['is unknown when nothing tells', 'layout.tsv', 'other.stm32', {}, [], undefined],
  ])('%s', (_what, path, binary, context, families, from) => {
    const likely = likelyFamilies(parseLayout(rows(binary), path), { files, ...context });
    expect(likely.families).toEqual(families);
    expect(likely.from).toBe(from);
  });
});
