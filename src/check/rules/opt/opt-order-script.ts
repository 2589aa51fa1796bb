import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

/** What ST's script compares the column with; it looks at the SD card alone. */
const KNOWN = new Set(['P', 'E', 'PD', 'DP', 'PED']);

export const optOrderScript: Rule = {
  id: 'opt-order-script',
  severity: 'info',
  title: 'options that create_sdcard_from_flashlayout.sh leaves out',
  why: 'It knows P, E, PD, DP and PED only: every other row vanishes from the image of the SD card, and the partition in front of it grows over its place. U-Boot takes the letters in any order.',
  example: 'PE 0x09 fip-b FIP mmc0',
  fix: 'write PED where erasing is acceptable, if you use that script',
  spoils: 'nothing',
  check: eachCell('opt', ({ text }, { opt, ip, type }) =>
    opt?.selected && type?.kind !== 'RawImage' && ip?.kind === 'mmc' && ip.index === 0 && !KNOWN.has(text)
      ? `${quote(text)} is no option to create_sdcard_from_flashlayout.sh`
      : undefined,
  ),
};
