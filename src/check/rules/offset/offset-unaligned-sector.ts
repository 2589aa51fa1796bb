import { formatOffset } from '../../../layout/offset.ts';
import type { LayoutRow } from '../../../layout/row.ts';
import { isEmmc, usableArea } from '../../../layout/usable-area.ts';
import { eachCell } from '../../each.ts';
import { isProblem } from '../../file-facts.ts';
import { isUnaligned, placementOf } from '../../places.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';
import type { Subject } from '../../subject.ts';

export const offsetUnalignedSector: Rule = {
  id: 'offset-unaligned-sector',
  severity: 'error',
  title: 'a partition that does not start with a sector',
  why: 'U-Boot answers "not aligned address : 0x4401 on erase size 0x200".',
  example: '0x44401',
  fix: 'use multiples of 0x200',
  correction: 'moves the partition to the next sector where there is room for its file',
  check: eachCell('offset', ({ text }, row, subject) => {
    const { known } = subject;
    if (row.ip?.kind !== 'mmc' || isEmmc(row.ip, known) || !isUnaligned(row, known)) return undefined;
    const { eraseBytes } = usableArea(row.ip, known);
    const correction = roundedUp(row, eraseBytes, subject);
    return {
      message: `${quote(text)} is no multiple of ${eraseBytes} bytes`,
      ...(correction !== undefined && { correction: formatOffset(correction) }),
    };
  }),
};

/** The next sector, if the partition has an end that is known and its file fits in front of it. */
function roundedUp(row: LayoutRow, eraseBytes: number, subject: Subject): number | undefined {
  const place = placementOf(row, subject);
  if (place?.address === undefined || place.number === 0) return undefined;
  const rounded = Math.ceil(place.address / eraseBytes) * eraseBytes;
  if (place.sizeBytes === undefined) return place.boundedBy === 'device' ? rounded : undefined;
  const left = place.sizeBytes - (rounded - place.address);
  const facts = subject.context.files?.get(row.binary ?? '');
  const fileBytes = facts && !isProblem(facts) ? facts.sizeBytes : 1;
  return left >= Math.max(fileBytes, eraseBytes) ? rounded : undefined;
}
