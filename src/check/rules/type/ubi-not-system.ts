import { isMtd } from '../../../layout/device.ts';
import { isProgrammed } from '../../../layout/phases.ts';
import { eachRow } from '../../each.ts';
import { isProblem } from '../../file-facts.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const ubiNotSystem: Rule = {
  id: 'ubi-not-system',
  severity: 'error',
  title: 'a UBI image that is not of type System',
  why: 'Only for System does U-Boot skip bad blocks and erase what is left behind the image, which UBI needs.',
  example: 'P 0x10 rootfs FileSystem nand0 0x01200000 rootfs.ubi',
  fix: 'write System',
  check: eachRow('type', (row, { context }) => {
    if (
      !row.ip ||
      !isMtd(row.ip) ||
      !isProgrammed(row) ||
      !row.type ||
      row.type.kind === 'System' ||
      row.binary === undefined
    )
      return undefined;
    const facts = context.files?.get(row.binary);
    const isUbi = facts && !isProblem(facts) ? facts.content.kind === 'ubi' : /\.ubi(img)?$/.test(row.binary);
    return isUbi ? `${quote(row.binary)} is a UBI image in a partition of type ${row.type.kind}` : undefined;
  }),
};
