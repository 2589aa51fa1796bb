import type { Rule } from '../rule.ts';
import { ellipsisRow } from './row/ellipsis-row.ts';
import { extraColumn } from './row/extra-column.ts';
import { indentedComment } from './row/indented-comment.ts';
import { inlineComment } from './row/inline-comment.ts';
import { leadingTab } from './row/leading-tab.ts';
import { missingColumn } from './row/missing-column.ts';
import { nonAsciiCharacter } from './row/non-ascii-character.ts';
import { spaceInField } from './row/space-in-field.ts';
import { spaceInName } from './row/space-in-name.ts';
import { spacesInsteadOfTabs } from './row/spaces-instead-of-tabs.ts';
import { trailingTab } from './row/trailing-tab.ts';

/** Rules about how rows fall into columns. */
export const ROW_RULES: readonly Rule[] = [
  indentedComment,
  ellipsisRow,
  spacesInsteadOfTabs,
  leadingTab,
  missingColumn,
  extraColumn,
  trailingTab,
  nonAsciiCharacter,
  spaceInField,
  spaceInName,
  inlineComment,
];
