import { PARTITION_TYPES } from '../../../layout/partition-type.ts';
import { eachCell } from '../../each.ts';
import { nearest } from '../../nearest.ts';
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
    const near = nearest(text, PARTITION_TYPES);
    return { message: `${quote(text)} is no type`, ...(near && { help: `write ${near}` }) };
  }),
};
