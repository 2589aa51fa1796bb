import { isProgrammed } from '../../../layout/phases.ts';
import { at, type Rule } from '../../rule.ts';

export const emmcBootpartOrder: Rule = {
  id: 'emmc-bootpart-order',
  severity: 'warning',
  title: 'boot2 written before boot1',
  why: "Behind each of them U-Boot makes it the one that the ROM starts; the last one stays (measured on U-Boot v2026.07). ST's layouts end with boot2.",
  example: 'fsbl1 0x05 on boot1, fsbl2 0x04 on boot2',
  fix: 'give boot1 the lower id',
  spoils: 'nothing',
  check: ({ devices }) =>
    devices.flatMap(({ placements }) => {
      const find = (offset: string) =>
        placements.map(({ row }) => row).find((row) => row.offset === offset && isProgrammed(row));
      const [first, second] = [find('boot1'), find('boot2')];
      if (first?.id === undefined || second?.id === undefined || first.id < second.id) return [];
      return [at(first, 'offset', 'boot1 is written last and stays the one that is started')];
    }),
};
