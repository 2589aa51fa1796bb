import { isMtd } from '../../../layout/device.ts';
import { numbered } from '../../places.ts';
import { quote } from '../../quote.ts';
import { at, type Rule } from '../../rule.ts';

export const mtdLastPartitionOpenEnded: Rule = {
  id: 'mtd-last-partition-open-ended',
  severity: 'warning',
  title: 'a raw flash whose last partition takes all that is left',
  why: 'U-Boot holds every size against the device tree: "Bad size for partition 1 (fsbl1) at 0x0 = 0x2000000 <> 0x40000 expected".',
  example: 'u-boot-env as the last row on nor0',
  fix: 'add a row for the rest: PE 0x0B nor-user Binary nor0 OFFSET none',
  spoils: 'nothing',
  check: (subject) =>
    subject.devices.flatMap((device) => {
      const last = isMtd(device.device) ? numbered(device).at(-1)?.row : undefined;
      if (!last?.type || !last.opt || last.type.kind === 'System' || last.binary === undefined) return [];
      const isFiller = last.opt.empty && (last.type.kind === 'Binary' || last.type.kind === 'FileSystem');
      return isFiller ? [] : [at(last, 'offset', `${quote(last.name ?? '')} takes all that is left of ${device.name}`)];
    }),
};
