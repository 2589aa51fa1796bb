import { formatSize } from '../../../base/sizes.ts';
import { usableArea } from '../../../layout/usable-area.ts';
import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const offsetBeyondDevice: Rule = {
  id: 'offset-beyond-device',
  severity: 'error',
  title: 'a partition behind the end of the device',
  why: 'U-Boot answers "invalid address 0x… (max=0x…)".',
  example: '0x10000000 on a card of 64 MiB',
  fix: 'move the partition forward',
  check: eachCell('offset', ({ text }, { ip, offset }, { known }) => {
    const end = ip && ip.kind !== 'none' ? usableArea(ip, known).end : undefined;
    return end !== undefined && typeof offset === 'number' && offset >= end
      ? `${quote(text)} lies behind the usable ${formatSize(end)}`
      : undefined;
  }),
};
