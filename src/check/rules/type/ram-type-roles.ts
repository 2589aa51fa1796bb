import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const ramTypeRoles: Rule = {
  id: 'ram-type-roles',
  severity: 'warning',
  title: 'a type without a meaning in memory',
  why: 'From RAM, U-Boot boots System as kernel, FileSystem as device tree and Binary as initrd; the rest it leaves lying.',
  example: 'FIP on ram0',
  fix: 'use System, FileSystem or Binary',
  spoils: 'nothing',
  check: eachCell('type', ({ text }, { ip, type }) =>
    ip?.kind === 'ram' && type && !['System', 'FileSystem', 'Binary'].includes(type.kind)
      ? `${quote(text)} has no part in booting from memory`
      : undefined,
  ),
};
