import { PARTITION_TYPES } from '../../../layout/partition-type.ts';
import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const typeCase: Rule = {
  id: 'type-case',
  severity: 'error',
  title: 'a type in the wrong case',
  why: 'U-Boot compares types exactly: "type parsing error : \'binary\'".',
  example: 'binary',
  fix: 'write the type as documented',
  correction: 'writes the type as documented',
  check: eachCell('type', ({ text }, { type }) => {
    const bare = text.replace(/\(.*$/, '').toLowerCase();
    const meant = PARTITION_TYPES.find((name) => name.toLowerCase() === bare);
    if (type || meant === undefined || text.startsWith(meant)) return undefined;
    return {
      message: `${quote(text)} is not the type ${meant}`,
      help: `write ${meant}`,
      correction: `${meant}${text.slice(meant.length)}`,
    };
  }),
};
