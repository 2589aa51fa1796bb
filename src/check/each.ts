import type { ImageFacts } from '../image/facts.ts';
import type { LayoutLine } from '../layout/lines.ts';
import { sendsFile } from '../layout/phases.ts';
import type { Cell, Field, LayoutRow } from '../layout/row.ts';
import { type FileFacts, isProblem } from './file-facts.ts';
import { at, type Finding, type Rule } from './rule.ts';
import type { Subject } from './subject.ts';

type Check = Rule['check'];
type Said = string | Partial<Finding> | undefined;

/** Looks at the text of every cell of a column that is still certain; says what is wrong, or nothing. */
export function eachCell(field: Field, test: (cell: Cell, row: LayoutRow, subject: Subject) => Said): Check {
  return eachRow(field, (row, subject) => {
    const cell = row.cells[field];
    return cell && test(cell, row, subject);
  });
}

/** Looks at every row; a finding stands at its cell `field`. */
export function eachRow(field: Field, test: (row: LayoutRow, subject: Subject) => Said): Check {
  return (subject) =>
    subject.rows.flatMap((row) => {
      const said = test(row, subject);
      return said === undefined ? [] : [findingOf(row, field, said)];
    });
}

/** Looks at every line of one kind that is not spoilt; a finding covers the line unless it says otherwise. */
export function eachLine(kind: LayoutLine['kind'], test: (line: LayoutLine) => Said): Check {
  return ({ layout, rows }) => {
    const spoilt = new Set(rows.filter(({ cells }) => Object.keys(cells).length === 0).map(({ line }) => line));
    return layout.lines.flatMap((line) => {
      if (line.kind !== kind || spoilt.has(line.number)) return [];
      const said = test(line);
      if (said === undefined) return [];
      const more = typeof said === 'string' ? { message: said } : said;
      return [{ line: line.number, column: 1, endColumn: line.text.length + 1, message: '', ...more }];
    });
  };
}

/** Looks at what is known of every file that is sent to the board. */
export function eachFileFacts(test: (facts: FileFacts, row: LayoutRow, subject: Subject) => Said): Check {
  return eachRow('binary', (row, subject) => {
    const facts = sendsFile(row) ? subject.context.files?.get(row.binary as string) : undefined;
    return facts && test(facts, row, subject);
  });
}

/** Looks at every file that is sent to the board and could be read. */
export function eachFile(test: (image: ImageFacts, row: LayoutRow, subject: Subject) => Said): Check {
  return eachFileFacts((facts, row, subject) => (isProblem(facts) ? undefined : test(facts, row, subject)));
}

function findingOf(row: LayoutRow, field: Field, said: string | Partial<Finding>): Finding {
  return typeof said === 'string' ? at(row, field, said) : at(row, field, said.message ?? '', said);
}
