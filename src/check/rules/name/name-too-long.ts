import { NAME_MAX_BYTES } from '../../../layout/parse.ts';
import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const nameTooLong: Rule = {
  id: 'name-too-long',
  severity: 'error',
  title: 'a name of more than 16 bytes',
  why: 'U-Boot answers "partition name too long [17]".',
  example: 'abcdefghijklmnopq',
  fix: 'shorten it to 16',
  check: eachCell('name', ({ text }, { name }) =>
    name === undefined ? `${quote(text)} is longer than ${NAME_MAX_BYTES} bytes` : undefined,
  ),
};
