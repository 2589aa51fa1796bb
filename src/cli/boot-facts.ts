import { isProblem } from '../check/file-facts.ts';
import { STM32_HEADER_FAMILIES } from '../image/stm32-header.ts';
import type { Layout } from '../layout/parse.ts';
import { bootRow } from '../layout/phases.ts';
import type { Family } from '../stm32/chips.ts';
import { PHASE } from '../stm32/phases.ts';
import type { LayoutFile } from './layout-files.ts';

/** U-Boot took a layout without the STM32 header first in v2022.07 (protocol.md §5.1). */
export function wantsHeader(layout: Layout, files: ReadonlyMap<string, LayoutFile>): boolean {
  const facts = files.get(bootRow(layout, PHASE.SSBL)?.binary ?? '')?.facts;
  const version = facts && !isProblem(facts) ? facts.ubootVersion : undefined;
  return version !== undefined && version < '2022.07';
}

/** Families that the FSBL is made for; undefined when nobody can tell. */
export function fsblFamilies(layout: Layout, files: ReadonlyMap<string, LayoutFile>): readonly Family[] | undefined {
  const facts = files.get(bootRow(layout, PHASE.FSBL)?.binary ?? '')?.facts;
  if (!facts || isProblem(facts) || facts.content.kind !== 'stm32') return undefined;
  return STM32_HEADER_FAMILIES[facts.content.header.version];
}
