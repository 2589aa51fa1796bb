import type { Placement } from '../../../layout/geometry.ts';
import { formatOffset } from '../../../layout/offset.ts';
import { usableArea } from '../../../layout/usable-area.ts';
import { eachFile } from '../../each.ts';
import { placementOf } from '../../places.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';
import type { Subject } from '../../subject.ts';

export const binaryTooBig: Rule = {
  id: 'binary-too-big',
  severity: 'error',
  title: 'a file larger than its partition',
  why: 'U-Boot notices at the end, or after 8 MiB: "Request would exceed designated area!" on an mmc, "Limit reached" on raw flash. In a small partition nothing is written at all (measured on U-Boot v2026.07).',
  example: '1.5 MiB in a gap of 512 KiB',
  fix: 'move the partitions behind it, or make the file smaller',
  aboutFile: true,
  check: eachFile(({ sizeBytes, sizeIsLeast }, row, subject) => {
    const place = placementOf(row, subject);
    if (place?.sizeBytes === undefined || place.boundedBy !== 'neighbour' || sizeBytes <= place.sizeBytes)
      return undefined;
    const help = helpFor(place, sizeBytes, subject);
    return {
      message: `${quote(row.binary ?? '')} has ${sizeIsLeast ? 'at least ' : ''}${sizeBytes} bytes, its partition ${place.sizeBytes}`,
      ...(help !== undefined && { help }),
    };
  }),
};

/** Where the next partition would have to start. */
function helpFor({ row, address, number }: Placement, sizeBytes: number, { devices, known }: Subject) {
  const next = devices
    .flatMap(({ placements }) => (placements.some((other) => other.row === row) ? placements : []))
    .find((other) => other.number === number + 1);
  if (!next || !row.ip || address === undefined) return undefined;
  const { eraseBytes } = usableArea(row.ip, known);
  const start = formatOffset(address + Math.ceil(sizeBytes / eraseBytes) * eraseBytes);
  return `move line ${next.row.line} to ${start} or behind, and what follows it, or make the file smaller`;
}
