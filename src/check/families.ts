import { STM32_HEADER_FAMILIES } from '../image/stm32-header.ts';
import type { Layout } from '../layout/parse.ts';
import { bootRow } from '../layout/phases.ts';
import { CHIPS, FAMILIES, type Family } from '../stm32/chips.ts';
import { isProblem } from './file-facts.ts';
import type { CheckContext } from './subject.ts';

/** The families that a layout can be for, and what says so. */
export interface LikelyFamilies {
  readonly families: readonly Family[];
  /** Undefined when nothing tells; there are no families then. */
  readonly from?: 'option' | 'board' | 'layout-name' | 'fsbl-name' | 'fsbl-header';
}

/**
 * The one asked for; else the one of the board; else the one that the layout is named after; else the one that
 * the file on 0x01 is named after; else by the header of that file.
 */
export function likelyFamilies(layout: Layout, context: CheckContext): LikelyFamilies {
  if (context.family) return { families: [context.family], from: 'option' };
  if (context.board) return { families: [context.board.family], from: 'board' };
  const ofLayout = familiesNamed(fileName(layout.path));
  if (ofLayout.length === 1) return { families: ofLayout, from: 'layout-name' };
  const fsbl = bootRow(layout, 1)?.binary;
  const ofFsbl = familiesNamed(fsbl ?? '');
  if (ofFsbl.length === 1) return { families: ofFsbl, from: 'fsbl-name' };
  const facts = fsbl === undefined ? undefined : context.files?.get(fsbl);
  if (!facts || isProblem(facts)) return { families: [] };
  const { content } = facts;
  if (content.kind !== 'stm32') return { families: [] };
  return { families: STM32_HEADER_FAMILIES[content.header.version], from: 'fsbl-header' };
}

/** The families whose chips a name speaks of: `stm32mp157c-dk2`, `tf-a-mp25`. */
export function familiesNamed(name: string): readonly Family[] {
  const text = name.toUpperCase();
  return FAMILIES.filter((family) => text.includes(CHIPS[family].namePrefix) || isWord(text, family));
}

function isWord(text: string, family: Family): boolean {
  return new RegExp(`(?<![A-Z0-9])${family.toUpperCase()}\\d?[A-Z]{0,2}(?![A-Z0-9])`).test(text);
}

function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

/** True when it is certain that the board is an STM32MP13 or MP15. */
export function isMp1(families: readonly Family[]): boolean {
  return families.length > 0 && families.every((family) => family === 'mp13' || family === 'mp15');
}

/** True when it is certain that the board is an STM32MP2. */
export function isMp2(families: readonly Family[]): boolean {
  return families.length > 0 && families.every((family) => family.startsWith('mp2'));
}
