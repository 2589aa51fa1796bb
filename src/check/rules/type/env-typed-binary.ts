import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const envTypedBinary: Rule = {
  id: 'env-typed-binary',
  severity: 'info',
  title: "U-Boot's environment of type Binary",
  why: 'U-Boot finds it by name or by the type GUID that ENV gives it, as it was built.',
  example: 'PED 0x0A u-boot-env Binary mmc0',
  fix: 'write ENV, which U-Boot knows since v2023.10',
  spoils: 'nothing',
  check: eachCell('type', ({ text }, row) =>
    row.ip?.kind === 'mmc' && row.type?.kind === 'Binary' && row.name === 'u-boot-env'
      ? `${quote(row.name)} is of type ${quote(text)}`
      : undefined,
  ),
};
