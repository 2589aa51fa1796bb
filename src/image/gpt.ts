import { type Bytes, concatBytes } from '../base/bytes.ts';
import { crc32 } from '../base/crc32.ts';
import {
  decodeGptHeader,
  encodeGptHeader,
  GPT_ENTRY_BYTES,
  GPT_ENTRY_COUNT,
  type GptHeader,
  gptTableBytes,
  SECTOR_BYTES,
} from './gpt-header.ts';
import { decodeGptTable, encodeGptTable, type GptPartition } from './gpt-table.ts';
import type { Verdict } from './verdict.ts';

/** The copy at the end of the disk: right, unlike the primary or damaged, not there, or too far away to look. */
export type GptBackup = 'ok' | 'wrong' | 'missing' | 'unread';

export interface Gpt {
  readonly diskGuid: string;
  /** From the header's word for the backup's place; the file may be shorter or longer. */
  readonly diskBytes: number;
  /** In the order of the table. */
  readonly partitions: readonly GptPartition[];
  readonly backup: GptBackup;
}

/**
 * Reads the primary GPT of a disk image with 512-byte sectors, CRCs checked, and looks whether the backup
 * agrees, unless the end is `far`. Reads two sectors and both tables: 33 KiB with the usual 128 entries, 257 KiB with the most allowed.
 */
export async function readGpt(bytes: Bytes, far = false): Promise<Verdict<Gpt>> {
  const header = decodeGptHeader(await bytes.read(SECTOR_BYTES, SECTOR_BYTES));
  if (!header.ok) return header;
  const diskBytes = (header.value.alternateLba + 1) * SECTOR_BYTES;
  if (!Number.isSafeInteger(diskBytes)) return { ok: false, reason: `a disk of ${diskBytes} bytes` };
  const table = await readTable(bytes, header.value);
  if (!table) return { ok: false, reason: `the table at sector ${header.value.tableLba} is not in the file` };
  const partitions = decodeGptTable(table, header.value);
  if (!partitions.ok) return partitions;
  const backup = far ? 'unread' : await backupState(bytes, header.value);
  return { ok: true, value: { diskGuid: header.value.diskGuid, diskBytes, partitions: partitions.value, backup } };
}

async function readTable(bytes: Bytes, header: GptHeader): Promise<Uint8Array | undefined> {
  const at = header.tableLba * SECTOR_BYTES;
  const length = gptTableBytes(header);
  return at + length <= bytes.size ? bytes.read(at, length) : undefined;
}

async function backupState(bytes: Bytes, primary: GptHeader): Promise<GptBackup> {
  const at = primary.alternateLba * SECTOR_BYTES;
  if (at + SECTOR_BYTES > bytes.size) return 'missing';
  const sector = await bytes.read(at, SECTOR_BYTES);
  const backup = decodeGptHeader(sector);
  if (!backup.ok) return sector.every((byte) => byte === 0) ? 'missing' : 'wrong';
  if (backup.value.tableCrc !== primary.tableCrc || backup.value.diskGuid !== primary.diskGuid) return 'wrong';
  const table = await readTable(bytes, backup.value);
  return table !== undefined && crc32(table) === primary.tableCrc ? 'ok' : 'wrong';
}

/** A GPT to write: the sectors from 0 (protective MBR, header, table) and those at the very end (table, header). */
export interface GptSectors {
  readonly primary: Uint8Array;
  readonly backup: Uint8Array;
}

/** Both copies for a disk of `diskBytes`, with 128 entries as U-Boot writes them. RangeError on bad GUIDs or offsets. */
export function encodeGpt(gpt: Pick<Gpt, 'diskGuid' | 'diskBytes' | 'partitions'>): GptSectors {
  const table = encodeGptTable(gpt.partitions);
  const tableSectors = table.length / SECTOR_BYTES;
  const lastLba = gpt.diskBytes / SECTOR_BYTES - 1;
  const primary: GptHeader = {
    ownLba: 1,
    alternateLba: lastLba,
    firstUsableLba: 2 + tableSectors,
    lastUsableLba: lastLba - tableSectors - 1,
    diskGuid: gpt.diskGuid,
    tableLba: 2,
    entryCount: GPT_ENTRY_COUNT,
    entryBytes: GPT_ENTRY_BYTES,
    tableCrc: crc32(table),
  };
  const backup = { ...primary, ownLba: lastLba, alternateLba: 1, tableLba: lastLba - tableSectors };
  return {
    primary: concatBytes([protectiveMbr(lastLba), encodeGptHeader(primary), table]),
    backup: concatBytes([table, encodeGptHeader(backup)]),
  };
}

// One entry of type EE over the whole disk (UEFI 2.10 §5.2.3).
function protectiveMbr(lastLba: number): Uint8Array {
  const sector = new Uint8Array(SECTOR_BYTES);
  const view = new DataView(sector.buffer);
  sector.set([0x00, 0x00, 0x02, 0x00, 0xee, 0xff, 0xff, 0xff], 446);
  view.setUint32(454, 1, true);
  view.setUint32(458, Math.min(lastLba, 0xffff_ffff), true);
  sector.set([0x55, 0xaa], 510);
  return sector;
}
