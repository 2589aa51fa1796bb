import { formatDevice } from '../../../layout/device.ts';
import { isEmmc } from '../../../layout/usable-area.ts';
import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const offsetBootpartOnSdcard: Rule = {
  id: 'offset-bootpart-on-sdcard',
  severity: 'warning',
  title: "an eMMC's boot partition on the SD card",
  why: "An SD card has none: U-Boot offers a partition of 0 bytes and fails when it is written (measured on U-Boot v2026.07). On ST's boards mmc0 is the SD card.",
  example: 'boot1 on mmc0',
  fix: "write the offset in bytes, or the eMMC's device",
  check: eachCell('offset', ({ text }, { ip, offset }, { known }) =>
    typeof offset === 'string' && ip?.kind === 'mmc' && !isEmmc(ip, known)
      ? `${formatDevice(ip)} is the SD card and has no ${quote(text)}`
      : undefined,
  ),
};
