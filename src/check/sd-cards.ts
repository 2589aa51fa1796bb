import { type Device, formatDevice } from '../layout/device.ts';
import type { LayoutRow } from '../layout/row.ts';
import { isEmmc, type KnownDevices, usableArea } from '../layout/usable-area.ts';
import type { ReferenceBoard } from './reference-boards.ts';

/** Behind the GPT: where the first partition of an SD card lies. */
const FIRST_OF_CARD = 0x4400;

/**
 * The devices that would be eMMCs by ST's numbering and whose erase size nobody gave, whose addresses are those of
 * an SD card throughout: the first is 0x4400, no other is one where an eMMC's erase group starts, and nothing
 * goes to a boot partition. Boards that are not ST's number as they like, and an error would be a false one.
 */
export function sdCardsByAddress(
  rows: readonly LayoutRow[],
  known: KnownDevices,
  board: ReferenceBoard | undefined,
): ReadonlySet<string> {
  const groups = new Map<string, { device: Device; rows: LayoutRow[] }>();
  for (const row of rows) {
    if (!row.ip || !isEmmc(row.ip, known)) continue;
    const name = formatDevice(row.ip);
    if (known.get(name)?.eraseBytes !== undefined || board?.devices[name]) continue;
    const group = groups.get(name) ?? { device: row.ip, rows: [] };
    group.rows.push(row);
    groups.set(name, group);
  }
  const cards = [...groups].filter(([, group]) => {
    const { eraseBytes } = usableArea(group.device, known);
    const addresses = group.rows.map(({ offset }) => (typeof offset === 'number' ? offset : 0));
    return (
      addresses.length > 1 &&
      Math.min(...addresses) === FIRST_OF_CARD &&
      addresses.every((address) => address % eraseBytes !== 0)
    );
  });
  return new Set(cards.map(([name]) => name));
}
