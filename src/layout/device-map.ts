import type { StorageDevice } from './geometry.ts';
import { isProgrammed } from './phases.ts';
import { type LayoutRow, NO_BINARY } from './row.ts';
import { type KnownDevices, SECTOR_BYTES, usableArea } from './usable-area.ts';

/** What happens to a part of a device: `kept` stays as it is, `created` gets a GPT entry and no content. */
export type Fate = 'written' | 'erased, written' | 'erased' | 'created' | 'kept';

/** One part of a device, or of one of an eMMC's boot partitions. */
export interface Area {
  readonly kind: 'partition' | 'table' | 'gap';
  readonly startBytes: number | undefined;
  /** Undefined when it ends with a device whose size is not known. */
  readonly sizeBytes: number | undefined;
  readonly fate: Fate;
  /** Of partitions only. */
  readonly row?: LayoutRow;
  /** The boot partition that the area is in. */
  readonly boot?: 'boot1' | 'boot2';
}

const GPT_BYTES = 34 * SECTOR_BYTES;

/** The parts of a device in their order; tables, gaps and what lies behind the last partition too. */
export function areasOf(storage: StorageDevice, known: KnownDevices): readonly Area[] {
  const { device, placements, update } = storage;
  const areas: Area[] = placements.map(({ row, address, sizeBytes }) => ({
    kind: 'partition',
    startBytes: address,
    sizeBytes,
    fate: fateOf(row),
    row,
    ...(typeof row.offset === 'string' && row.type?.kind !== 'RawImage' && { boot: row.offset }),
  }));
  const user = placements.filter(({ number }) => number > 0);
  const [first] = user;
  if (first?.address === undefined) return areas;
  const hasTable = device.kind === 'mmc';
  const fate = update === 'full' ? 'written' : 'kept';
  const start = hasTable ? GPT_BYTES : 0;
  const before: Area[] = hasTable ? [{ kind: 'table', startBytes: 0, sizeBytes: GPT_BYTES, fate }] : [];
  if (first.address > start)
    before.push({ kind: 'gap', startBytes: start, sizeBytes: first.address - start, fate: 'kept' });
  const size = known.get(storage.name)?.sizeBytes;
  const { end } = usableArea(device, known);
  const behind: Area[] =
    hasTable && end !== undefined && size !== undefined
      ? [{ kind: 'table', startBytes: end, sizeBytes: size - end, fate }]
      : [];
  const index = areas.findIndex(({ row }) => row === first.row);
  return [...areas.slice(0, index), ...before, ...areas.slice(index), ...behind];
}

function fateOf(row: LayoutRow): Fate {
  const { opt } = row;
  if (!opt?.selected) return 'kept';
  if (isProgrammed(row) && row.binary !== NO_BINARY) return opt.erase ? 'erased, written' : 'written';
  return opt.erase ? 'erased' : 'created';
}
