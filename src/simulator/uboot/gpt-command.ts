import { randomUUID } from 'node:crypto';
import type { MmcDevice } from '../storage/mmc-device.ts';
import { readCNumber } from './c-number.ts';
import { encodeGpt, FIRST_USABLE_SECTOR, type GptEntry, lastUsableSector, SECTOR } from './gpt.ts';
import { type GptArgument, parseGptArgument, unquote } from './gpt-arguments.ts';
import type { LayoutRow, RowType } from './layout-row.ts';
import { blockCount } from './mmc-blocks.ts';
import { fail, type LayoutDevice, type Session, spendWriting } from './session.ts';

/** The buffer for the command, and what must be left of it for one more partition. protocol.md §5.4. */
const COMMAND_BYTES = 8192;
const PARTITION_ROOM = 100;

const LINUX = '0FC63DAF-8483-4772-8E79-3D69D8477DE4';

interface PartitionType {
  readonly guid: string;
  /** How the command names it where it does not spell out the GUID. */
  readonly word?: string;
}

/** protocol.md §5.4. */
const TYPES: Readonly<Record<Exclude<RowType, 'RawImage'>, PartitionType>> = {
  Binary: { guid: '8DA63339-0007-60C0-C436-083AC8230908' },
  ENV: { guid: '3DE21764-95BD-54BD-A5C3-4ABE786F38A8', word: 'u-boot-env' },
  FIP: { guid: '19D5DF83-11B0-457B-BE2C-7559C13142A5' },
  FWU_MDATA: { guid: '8A7A84A0-8387-40F6-AB41-A8B9A5A60D23' },
  ESP: { guid: 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B', word: 'system' },
  System: { guid: LINUX, word: 'linux' },
  FileSystem: { guid: LINUX, word: 'linux' },
};

/** Unique GUIDs that Linux and TF-A look for. protocol.md §5.4. */
const ROOTFS_GUIDS = [
  'E91C4E10-16E6-4C0E-BD0E-77BECF4A3582',
  '491F6117-415D-4F53-88C9-6E0DE54DEAC6',
  'FD58F1C7-BE0D-4338-88E9-AD8F050AEB18',
] as const;
const FIP_GUIDS: Readonly<Record<string, string>> = {
  'fip-a': '4FD84C93-54EF-463F-A7EF-AE25FF887087',
  'fip-b': '09C54952-D5BF-45AF-ACEE-335303766FB3',
};

/** Writes a new partition table on every mmc whose rows are all selected. False after a failure. */
export function writePartitionTables(session: Session): boolean {
  return session.devices.every(
    (device) => device.mmc === undefined || !device.fullUpdate || writePartitionTable(session, device, device.mmc),
  );
}

function writePartitionTable(session: Session, device: LayoutDevice, mmc: MmcDevice): boolean {
  let command = '';
  let rootfsFound = false;
  for (const row of device.rows) {
    // Rows that no longer fit are left out silently (FINDINGS §3).
    if (row.partition < 0 || row.type === 'RawImage' || command.length + PARTITION_ROOM > COMMAND_BYTES) continue;
    const isRootfs: boolean = !rootfsFound && (row.name === 'rootfs' || row.name === 'rootfs-a');
    rootfsFound ||= isRootfs;
    const fipGuid = row.type === 'FIP' ? FIP_GUIDS[row.name] : undefined;
    if (command === '') command = `gpt write mmc ${device.index} "`;
    command += commandPart(row, TYPES[row.type], fipGuid ?? (isRootfs ? ROOTFS_GUIDS[device.index] : undefined));
  }
  if (command === '' || runGptWrite(session, mmc, command.slice(command.indexOf('"') + 1))) return true;
  fail(session, `GPT partitionning fail: ${command}"`);
  return false;
}

function commandPart(row: LayoutRow, type: PartitionType, uniqueGuid: string | undefined): string {
  const place = `name=${row.name},start=0x${row.address.toString(16)},size=0x${row.size.toString(16)}`;
  const bootable = row.type === 'System' ? ',bootable' : '';
  return `${place},type=${type.word ?? type.guid}${bootable}${uniqueGuid ? `,uuid=${uniqueGuid.toLowerCase()}` : ''};`;
}

/** `partitions` as it stands in the command between its quotes. */
function runGptWrite(session: Session, mmc: MmcDevice, partitions: string): boolean {
  const sectors = blockCount(mmc);
  const entries = fillEntries(parseGptArgument(unquote(partitions) ?? '') ?? [], sectors);
  const mbr = mmc.read(0, 0, SECTOR);
  if (!entries || !mbr) return false;
  for (const { sector, data } of encodeGpt(sectors, mbr, randomUUID(), entries)) {
    if (!mmc.write(0, sector * SECTOR, data)) return false;
    spendWriting(session, data.length, mmc.defects.writeMsPerMiB);
  }
  return true;
}

/** The entries, or undefined where `gpt write` gives up: over the table, beyond the disk, a GUID that is none. */
function fillEntries(planned: readonly GptArgument[], sectors: number): readonly GptEntry[] | undefined {
  const entries: GptEntry[] = [];
  let next = FIRST_USABLE_SECTOR;
  for (const [index, { name, type, uniqueGuid, size, start, bootable }] of planned.entries()) {
    const typeGuid = Object.values(TYPES).find((known) => [known.word, known.guid].includes(type ?? ''))?.guid;
    if (!typeGuid || !/^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$/.test(uniqueGuid ?? '')) return undefined;
    const count = sectorsOf(size);
    const first = sectorsOf(start ?? '') || next;
    if (first < FIRST_USABLE_SECTOR && count > 0) return undefined;
    next = first + count;
    if (next > lastUsableSector(sectors) + 1) return undefined;
    const takesRest = count === 0 && index === planned.length - 1;
    const last = takesRest ? lastUsableSector(sectors) : next - 1;
    entries.push({ typeGuid, uniqueGuid: uniqueGuid || randomUUID(), first, last, bootable, name });
  }
  return entries.length > 0 ? entries : undefined;
}

/** Sectors of a number of bytes as a command line has it: `0x4400`, `17408`, `16MiB`; `-` is none. */
function sectorsOf(text: string): number {
  const { value, tail } = readCNumber(text, 0);
  const shift = { k: 10n, m: 20n, g: 30n }[tail.charAt(0).toLowerCase()] ?? 0n;
  return Number((value << shift) / BigInt(SECTOR));
}
