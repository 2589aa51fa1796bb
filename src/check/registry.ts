import type { Rule } from './rule.ts';
import { BINARY_RULES } from './rules/binary.ts';
import { CELLS_RULES } from './rules/cells.ts';
import { CHAIN_RULES } from './rules/chain.ts';
import { ID_RULES } from './rules/id.ts';
import { IP_RULES } from './rules/ip.ts';
import { NAME_RULES } from './rules/name.ts';
import { OFFSET_RULES } from './rules/offset.ts';
import { OPT_RULES } from './rules/opt.ts';
import { ROW_RULES } from './rules/row.ts';
import { TEXT_RULES } from './rules/text.ts';
import { TYPE_RULES } from './rules/type.ts';

/**
 * All rules, in the order in which they look. A rule may rely on every cell that the rules before it have said
 * nothing about, so the text comes before cells, cells before rows beside each other, and those before files.
 */
export const RULES: readonly Rule[] = [
  ...TEXT_RULES,
  ...ROW_RULES,
  ...CELLS_RULES,
  ...IP_RULES,
  ...ID_RULES,
  ...OPT_RULES,
  ...TYPE_RULES,
  ...OFFSET_RULES,
  ...NAME_RULES,
  ...CHAIN_RULES,
  ...BINARY_RULES,
];
