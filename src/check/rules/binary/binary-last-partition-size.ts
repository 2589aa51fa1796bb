import { eachFile } from '../../each.ts';
import { placementOf } from '../../places.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const binaryLastPartitionSize: Rule = {
  id: 'binary-last-partition-size',
  severity: 'info',
  title: 'a file in the partition that ends with the device',
  why: 'U-Boot gives the last partition what is left, less the backup GPT; whether that is enough only the device knows.',
  example: 'rootfs.ext4 in the last partition',
  fix: 'say how large the device is with --device-size',
  aboutFile: true,
  spoils: 'nothing',
  check: eachFile(({ sizeBytes }, row, subject) => {
    const place = placementOf(row, subject);
    if (place?.boundedBy !== 'device' || typeof row.offset === 'string' || row.ip?.kind === 'ram') return undefined;
    const size = `${quote(row.binary ?? '')} has ${sizeBytes} bytes`;
    if (place.sizeBytes === undefined) return `${size}, and the device has to have that many left`;
    return sizeBytes > place.sizeBytes
      ? { message: `${size}, the device has ${place.sizeBytes} left`, severity: 'error', spoils: 'cell' }
      : undefined;
  }),
};
