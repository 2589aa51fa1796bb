import { formatSize } from '../../../base/sizes.ts';
import { formatDevice } from '../../../layout/device.ts';
import { eachFile } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const rawimageBackupGpt: Rule = {
  id: 'rawimage-backup-gpt',
  severity: 'info',
  title: 'a whole-device image without its backup GPT at the end',
  why: 'The image is smaller than the device, so the backup GPT is not where it belongs; Linux says so and goes on.',
  example: 'an image of 1 GiB on a card of 8 GiB',
  fix: 'run sgdisk -e on the device later',
  aboutFile: true,
  spoils: 'nothing',
  check: eachFile(({ content, sizeBytes }, row, { known }) => {
    const size = row.ip ? known.get(formatDevice(row.ip))?.sizeBytes : undefined;
    if (row.type?.kind !== 'RawImage' || content.kind !== 'gpt' || size === undefined || sizeBytes >= size)
      return undefined;
    return `${quote(row.binary ?? '')} ends ${formatSize(size - sizeBytes)} before the device`;
  }),
};
