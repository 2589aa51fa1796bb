import { formatSize } from '../../../base/sizes.ts';
import { usableArea } from '../../../layout/usable-area.ts';
import { eachFile } from '../../each.ts';
import { placementOf } from '../../places.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const copiesDoNotFit: Rule = {
  id: 'copies-do-not-fit',
  severity: 'error',
  title: 'copies that do not fit into the partition',
  why: 'U-Boot starts each copy at an erase block: "copy of fsbl failed".',
  example: 'Binary(2) of 300 KiB in 512 KiB with blocks of 256 KiB',
  fix: 'make the partition larger',
  aboutFile: true,
  check: eachFile(({ content, sizeBytes }, row, subject) => {
    const copies = row.type?.copies ?? 1;
    const size = placementOf(row, subject)?.sizeBytes;
    if (copies < 2 || size === undefined || !row.ip) return undefined;
    const block = usableArea(row.ip, subject.known).eraseBytes;
    const imageBytes = content.kind === 'stm32' ? content.header.headerBytes + content.header.payloadBytes : sizeBytes;
    const wanted = copies * Math.ceil(imageBytes / block) * block;
    return wanted > size
      ? `${copies} copies of ${quote(row.binary ?? '')} take ${formatSize(wanted)}, the partition has ${formatSize(size)}`
      : undefined;
  }),
};
