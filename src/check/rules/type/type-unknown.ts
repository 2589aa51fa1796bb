import { PARTITION_TYPES } from '../../../layout/partition-type.ts';
import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const typeUnknown: Rule = {
  id: 'type-unknown',
  severity: 'error',
  title: 'a type that does not exist',
  why: 'U-Boot answers "type parsing error : \'FileSytem\'".',
  example: 'FileSytem',
  fix: 'use Binary, FIP, FWU_MDATA, ENV, System, FileSystem, ESP or RawImage',
  check: eachCell('type', ({ text }, { type }) => {
    if (type) return undefined;
    const near = PARTITION_TYPES.find((name) => editsBetween(name, text) <= 2);
    return { message: `${quote(text)} is no type`, ...(near && { help: `write ${near}` }) };
  }),
};

/** Letters to insert, delete or replace; anything above 2 is just "many". */
function editsBetween(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...a].entries()) {
    const current = [row + 1];
    for (let column = 0; column < b.length; column += 1) {
      const replaced = (previous[column] as number) + (letter === b[column] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] as number) + 1, (current[column] as number) + 1));
    }
    previous = current;
  }
  return previous.at(-1) as number;
}
