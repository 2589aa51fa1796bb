import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import { isFipName } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const fipTypedBinary: Rule = {
  id: 'fip-typed-binary',
  severity: 'warning',
  title: 'a FIP partition of type Binary',
  why: 'Its GPT entry gets the wrong type GUID; TF-A then finds it only if it is called fip.',
  example: 'P 0x08 fip-a Binary mmc0',
  fix: 'write FIP, which U-Boot knows since v2021.07',
  spoils: 'nothing',
  check: eachCell('type', ({ text }, row) =>
    row.ip?.kind === 'mmc' && typeof row.offset === 'number' && row.type?.kind === 'Binary' && isFipName(row.name)
      ? `${quote(row.name ?? '')} is of type ${quote(text)}`
      : undefined,
  ),
};
