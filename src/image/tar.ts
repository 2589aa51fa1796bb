import { ByteReader } from '../base/byte-reader.ts';
import { asciiText, type Extent } from '../base/bytes.ts';
import { type Readable, SmallReads } from './small-reads.ts';
import type { Verdict } from './verdict.ts';

/** POSIX.1-2017 pax "ustar Interchange Format" and "pax Header Block"; GNU tar's long names and base-256 numbers. */
const BLOCK_BYTES = 512;
const MOST_HEADERS = 1_000_000;
const MOST_EXTENDED_BYTES = 2 ** 20;
const MOST_NAMES = 100;

const KIND: Readonly<Record<string, string>> = {
  '1': 'a link',
  '2': 'a symbolic link',
  '3': 'a device',
  '4': 'a device',
  '5': 'a folder',
  '6': 'a pipe',
  S: 'stored with holes (tar -S)',
};

interface TarHeader {
  readonly name: string;
  readonly linkName: string;
  readonly type: string;
  readonly sizeBytes: number;
}

/**
 * The first regular file of that name (`./` and `/` in front do not count): where its bytes lie in the archive. When
 * there is none, some names that there are.
 */
export async function findTarMember(
  archive: Readable,
  wanted: string,
): Promise<Verdict<Extent | { readonly names: readonly string[] }>> {
  const reads = new SmallReads(archive);
  const names: string[] = [];
  let extended: Extended = {};
  for (let at = 0, headers = 0; headers < MOST_HEADERS; headers += 1) {
    const block = await reads.read(at, BLOCK_BYTES);
    if (block.length < BLOCK_BYTES || block.every((byte) => byte === 0)) {
      if (headers === 0) return { ok: false, reason: 'it is no tar archive' };
      return { ok: true, value: { names } };
    }
    const header = decodeTarHeader(block);
    if (!header) return { ok: false, reason: headers === 0 ? 'it is no tar archive' : `no tar header at byte ${at}` };
    at += BLOCK_BYTES;
    if ('LKxg'.includes(header.type)) {
      if (header.sizeBytes > MOST_EXTENDED_BYTES) return { ok: false, reason: `a header of ${header.sizeBytes} bytes` };
      const data = await reads.read(at, header.sizeBytes);
      extended = { ...extended, ...decodeExtended(header.type, data.slice()) };
      at += padded(header.sizeBytes);
      continue;
    }
    const name = plainName(extended.name ?? header.name);
    const length = extended.sizeBytes ?? header.sizeBytes;
    if (name === plainName(wanted)) return verdictOn(wanted, header, extended, { offset: at, length });
    if (names.length < MOST_NAMES && isRegular(header.type)) names.push(name);
    at += padded(length);
    extended = {};
  }
  return { ok: false, reason: `more than ${MOST_HEADERS} headers` };
}

function verdictOn(wanted: string, header: TarHeader, extended: Extended, place: Extent): Verdict<Extent> {
  if (extended.isSparse) return { ok: false, reason: `${wanted} is ${KIND.S}` };
  if (isRegular(header.type)) return { ok: true, value: place };
  const target = extended.linkName ?? header.linkName;
  const what = KIND[header.type] ?? `of type ${header.type}`;
  return { ok: false, reason: `${wanted} is ${what}${'12'.includes(header.type) ? ` to ${target}` : ''}` };
}

/** Undefined when the checksum is wrong or a number is none. */
function decodeTarHeader(block: Uint8Array): TarHeader | undefined {
  const sum = number(block.subarray(148, 156));
  const counted = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  const sizeBytes = number(block.subarray(124, 136));
  if (sum !== counted || sizeBytes === undefined) return undefined;
  const isPosix = asciiText(block.subarray(257, 263)) === 'ustar\0';
  const prefix = isPosix ? text(block.subarray(345, 500)) : '';
  const name = text(block.subarray(0, 100));
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    linkName: text(block.subarray(157, 257)),
    type: String.fromCharCode(block[156] as number),
    sizeBytes,
  };
}

/** What stands in front of a header and goes before what it says. */
interface Extended {
  readonly name?: string;
  readonly linkName?: string;
  readonly sizeBytes?: number;
  readonly isSparse?: boolean;
}

function decodeExtended(type: string, data: Uint8Array): Extended {
  if (type === 'L') return { name: text(data) };
  if (type === 'K') return { linkName: text(data) };
  if (type === 'g') return {};
  const records = paxRecords(data);
  const size = Number(records.get('size'));
  return {
    ...(records.has('path') && { name: records.get('path') as string }),
    ...(records.has('linkpath') && { linkName: records.get('linkpath') as string }),
    ...(records.has('size') && Number.isSafeInteger(size) && size >= 0 && { sizeBytes: size }),
    ...(records.has('GNU.sparse.name') && { name: records.get('GNU.sparse.name') as string }),
    ...([...records.keys()].some((key) => key.startsWith('GNU.sparse.')) && { isSparse: true }),
  };
}

/** `LENGTH KEY=VALUE\n`, one behind another; what is no record ends them. */
function paxRecords(data: Uint8Array): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < data.length; ) {
    const length = Number.parseInt(asciiText(data.subarray(at, at + 20)), 10);
    if (!(length > 0)) break;
    const record = text(data.subarray(at, at + length - 1));
    const blank = record.indexOf(' ');
    const equals = record.indexOf('=');
    if (equals > blank) records.set(record.slice(blank + 1, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}

function isRegular(type: string): boolean {
  return type === '0' || type === '\0' || type === '7';
}

function padded(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
}

/** A name as people type it. */
export function plainName(name: string): string {
  return name.replace(/^(?:\.?\/+)+/, '');
}

function text(field: Uint8Array): string {
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}

/** Octal digits, or base 256 where the first bit says so. */
function number(field: Uint8Array): number | undefined {
  if (((field[0] as number) & 0x80) !== 0) {
    const reader = new ByteReader(field);
    let value = reader.u8() & 0x7f;
    while (reader.remaining > 0) value = value * 256 + reader.u8();
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const digits = text(field).trim();
  return /^[0-7]*$/.test(digits) ? Number.parseInt(digits || '0', 8) : undefined;
}
