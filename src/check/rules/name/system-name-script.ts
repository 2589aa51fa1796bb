import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const systemNameScript: Rule = {
  id: 'system-name-script',
  severity: 'info',
  title: 'a System partition not named boot or bootfs, or another one named so',
  why: 'U-Boot sets the boot flag by type, create_sdcard_from_flashlayout.sh by name.',
  example: 'System named kernel',
  fix: 'use bootfs if you use that script',
  spoils: 'nothing',
  check: eachCell('name', ({ text }, row) => {
    if (row.ip?.kind !== 'mmc' || !row.type) return undefined;
    const isNamedSo = /^boot(fs)?$/.test(text);
    if (row.type.kind === 'System') return isNamedSo ? undefined : `${quote(text)} is bootable for U-Boot only`;
    return isNamedSo && row.type.kind !== 'RawImage' ? `${quote(text)} is bootable for the script only` : undefined;
  }),
};
