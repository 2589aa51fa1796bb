import { hexNumber } from '../../../base/sizes.ts';
import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import { LAST_ID } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const idOutOfRange: Rule = {
  id: 'id-out-of-range',
  severity: 'error',
  title: 'an id above 0xF0',
  why: 'The ids behind belong to the board: 0xF1 commands, 0xF2 OTP, 0xF4 PMIC, 0xFE the end, 0xFF an error. U-Boot answers "invalid phase value = 0xF1".',
  example: '0xF1',
  fix: 'stay between 0x01 and 0xF0',
  check: eachCell('id', ({ text }, { id }) => {
    const beyond = id === undefined ? /^(0x[0-9a-f]+|[1-9]\d*)$/i.test(text) : id > LAST_ID;
    return beyond ? `${quote(text)} is above ${hexNumber(LAST_ID)}` : undefined;
  }),
};
