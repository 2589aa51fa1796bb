import type { Rule } from '../rule.ts';
import { blankLine } from './text/blank-line.ts';
import { bom } from './text/bom.ts';
import { crlfLineEndings } from './text/crlf-line-endings.ts';
import { emptyFile } from './text/empty-file.ts';
import { fileExtension } from './text/file-extension.ts';
import { headerUnusual } from './text/header-unusual.ts';
import { headerWithoutHash } from './text/header-without-hash.ts';
import { layoutUnreadable } from './text/layout-unreadable.ts';
import { noFinalNewline } from './text/no-final-newline.ts';
import { noRows } from './text/no-rows.ts';
import { nulByte } from './text/nul-byte.ts';
import { tooManyRows } from './text/too-many-rows.ts';
import { unknownRule } from './text/unknown-rule.ts';

/** Rules about the file as a text; what is wrong with all of it ends the check. */
export const TEXT_RULES: readonly Rule[] = [
  layoutUnreadable,
  unknownRule,
  bom,
  emptyFile,
  nulByte,
  noRows,
  tooManyRows,
  headerWithoutHash,
  headerUnusual,
  crlfLineEndings,
  noFinalNewline,
  fileExtension,
  blankLine,
];
