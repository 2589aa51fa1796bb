import { isEmmc } from '../../../layout/usable-area.ts';
import { at, type Rule } from '../../rule.ts';

export const eraseOnUnreliableSd: Rule = {
  id: 'erase-on-unreliable-sd',
  severity: 'info',
  title: 'D on an SD card',
  why: 'Some cards refuse to erase: "fip (0x6): MMC erase failed".',
  example: 'PD 0x06 fip FIP mmc0 0x00084400',
  fix: 'leave the D away if the card refuses',
  spoils: 'nothing',
  check: ({ rows, known }) => {
    const row = rows.find(({ ip, opt }) => ip?.kind === 'mmc' && !isEmmc(ip, known) && opt?.erase);
    return row ? [at(row, 'opt', 'some SD cards refuse to erase')] : [];
  },
};
