import type { Device } from '../../../layout/device.ts';
import { formatOffset } from '../../../layout/offset.ts';
import { isEmmc, usableArea } from '../../../layout/usable-area.ts';
import { eachCell } from '../../each.ts';
import { liesBelow } from '../../places.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const emmcFirstOffset: Rule = {
  id: 'emmc-first-offset',
  severity: 'error',
  title: 'a partition in front of the first that an eMMC allows',
  why: 'On an eMMC U-Boot starts behind one erase group: "invalid address 0x4400 (min=0x80000)".',
  example: '0x4400 on mmc1',
  fix: 'start at 0x00080000',
  check: eachCell('offset', ({ text }, row, { known }) => {
    if (!liesBelow(row, known)) return undefined;
    const { first } = usableArea(row.ip as Device, known);
    const place = formatOffset(first);
    if (!isEmmc(row.ip as Device, known)) return undefined;
    return { message: `${quote(text)} lies in front of ${place}`, help: `start at ${place}` };
  }),
};
