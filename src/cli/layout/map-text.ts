import { printable } from '../../base/printable.ts';
import { formatSize, hexNumber } from '../../base/sizes.ts';
import type { Area } from '../../layout/device-map.ts';
import type { MappedDevice } from './map-devices.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const BAR_WIDTH = 8;
/** Where the file's name stands if there is room for it. */
const FILE_COLUMN = 78;
/** The share of a partition that ends with a device of unknown size. */
const OPEN_SHARE = 0.25;

/** A picture of a device: a strip with a letter for each partition, and a line for each of its parts. */
export function mapText({ name, sizeBytes, update, areas }: MappedDevice, columns: number): readonly string[] {
  const size = sizeBytes === undefined ? 'of unknown size' : formatSize(sizeBytes);
  const partial = update === 'partial' ? ', keeps its partition table, which must match' : '';
  const letters = new Map(areas.filter(({ row }) => row).map((area, index) => [area, LETTERS[index] ?? '*']));
  const strip = stripOf(areas, letters, columns);
  return [
    `${name}, ${size}${partial}`,
    ...(strip === '' ? [] : [strip]),
    ...areas.map((area) => lineOf(area, letters.get(area) ?? ' ', columns)),
  ];
}

function stripOf(
  areas: readonly MappedDevice['areas'][number][],
  letters: ReadonlyMap<Area, string>,
  columns: number,
): string {
  const user = areas.filter(({ boot }) => boot === undefined);
  const known = user.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0);
  const open = user.some(({ sizeBytes }) => sizeBytes === undefined);
  if (known === 0) return '';
  const total = open ? known / (1 - OPEN_SHARE) : known;
  const cells = user.map((area) => {
    const share = area.sizeBytes === undefined ? OPEN_SHARE : area.sizeBytes / total;
    const letter = letters.get(area) ?? (area.kind === 'table' ? '=' : '.');
    return letter.repeat(Math.max(1, Math.round(share * (columns - user.length))));
  });
  return `${cells.join('')}${open ? '>' : ''}`.slice(0, columns);
}

function lineOf(area: MappedDevice['areas'][number], letter: string, columns: number): string {
  const { kind, startBytes, sizeBytes, fate, row, boot, fileBytes } = area;
  const start = boot ?? (startBytes === undefined ? '?' : hexNumber(startBytes, 8));
  const size = sizeBytes === undefined ? (boot ? '?' : 'the rest') : formatSize(sizeBytes);
  const name = row
    ? `${row.id === undefined ? '?' : hexNumber(row.id)} ${row.name ?? '?'}`
    : kind === 'table'
      ? 'GPT'
      : '(gap)';
  const fill = fillText(fileBytes, sizeBytes);
  const text = `${letter} ${start.padEnd(11)} ${size.padStart(9)} ${fill} ${printable(name).padEnd(21)} ${fate}`;
  const withFile = `${text.padEnd(FILE_COLUMN)}${printable(row?.binary ?? '')}`;
  return (fileBytes !== undefined && withFile.length <= columns ? withFile : text.slice(0, columns)).trimEnd();
}

/** `####.... 47 %`: how much of a partition its file takes. */
function fillText(fileBytes: number | undefined, sizeBytes: number | undefined): string {
  if (fileBytes === undefined) return ' '.repeat(BAR_WIDTH + 6);
  if (sizeBytes === undefined) return `${formatSize(fileBytes)}`.padStart(BAR_WIDTH + 6);
  const share = sizeBytes === 0 ? Number.POSITIVE_INFINITY : fileBytes / sizeBytes;
  if (share > 1) return 'too big'.padStart(BAR_WIDTH + 6);
  const full = Math.round(share * BAR_WIDTH);
  return `${'#'.repeat(full)}${'.'.repeat(BAR_WIDTH - full)} ${`${Math.ceil(share * 100)}`.padStart(3)} %`;
}
