import { isMtd } from '../layout/device.ts';
import { isProgrammed } from '../layout/phases.ts';
import type { LayoutRow } from '../layout/row.ts';

/** Why an image with holes goes to this row whole; undefined where its holes can be left out. protocol.md §4.2. */
export function holesRefused(row: LayoutRow): string | undefined {
  if (!isProgrammed(row) || !row.ip) return 'a boot stage takes its file whole';
  if (isMtd(row.ip) && row.type?.kind === 'System') return 'UBI erases what lies behind each download';
  if (isMtd(row.ip)) return 'raw flash is written by the erase block';
  if (row.ip.kind !== 'mmc') return 'memory is loaded in one piece';
  if (typeof row.offset === 'string') return `each download to ${row.offset} makes it the boot partition`;
  return undefined;
}

/** Why a row cannot be read back to compare it; undefined where it can. */
export function readbackRefused({ ip, type }: LayoutRow): string | undefined {
  if (!ip) return 'nobody knows where it lies';
  if (ip.kind === 'ram') return 'it goes to memory, and no medium keeps it';
  if (isMtd(ip) && type?.kind === 'System') return 'it is a UBI partition, whose blocks U-Boot arranges by itself';
  return undefined;
}
