import { formatDevice } from '../../../layout/device.ts';
import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const offsetBootpartNotEmmc: Rule = {
  id: 'offset-bootpart-not-emmc',
  severity: 'error',
  title: "an eMMC's boot partition on raw flash",
  why: 'U-Boot answers "hw partition not expected : -1".',
  example: 'boot1 on nor0',
  fix: 'write the offset in bytes',
  check: eachCell('offset', ({ text }, { ip, offset }) =>
    typeof offset === 'string' && ip && ip.kind !== 'none' && ip.kind !== 'mmc'
      ? `${formatDevice(ip)} has no ${quote(text)}`
      : undefined,
  ),
};
