import { asciiText } from '../../base/bytes.ts';
import { PhaselineError } from '../../base/errors.ts';
import type { ExtCsd } from './mmc-device.ts';
import { parseMtdPartitions } from './mtd-partitions.ts';
import type { MtdSpec } from './spec.ts';

/** The eMMC's registers as JSON text: as stored, and what they mean. */
export function encodeExtCsd(extCsd: ExtCsd): string {
  const enabled = (extCsd.PARTITION_CONFIG_179 >> 3) & 7;
  const bootPartition = enabled === 1 || enabled === 2 ? `boot${enabled}` : enabled === 7 ? 'user' : 'none';
  const bootAck = (extCsd.PARTITION_CONFIG_179 & 0x40) !== 0;
  return `${JSON.stringify({ ...extCsd, bootPartition, bootAck }, null, 2)}\n`;
}

/** Only the registers count. Throws files/format; `path` is for its message. */
export function decodeExtCsd(path: string, text: Uint8Array): ExtCsd {
  const { PARTITION_CONFIG_179, BOOT_BUS_177 } = parseObject(path, text) as Partial<ExtCsd>;
  if (!isByte(PARTITION_CONFIG_179) || !isByte(BOOT_BUS_177)) {
    throw unfit(path, 'PARTITION_CONFIG_179 and BOOT_BUS_177 are no bytes');
  }
  return { PARTITION_CONFIG_179, BOOT_BUS_177 };
}

/** Geometry, bad blocks and partitions of a NAND chip as JSON text. */
export function encodeNand(spec: MtdSpec, badBlocks: readonly number[]): string {
  const { kind, sizeBytes, eraseBlockBytes, pageBytes } = spec;
  const partitions = parseMtdPartitions(spec.partitions, sizeBytes);
  return `${JSON.stringify({ kind, sizeBytes, eraseBlockBytes, pageBytes, badBlocks, partitions }, null, 2)}\n`;
}

/** The bad blocks of it; the rest is for the reader. Throws files/format; `path` is for its message. */
export function decodeBadBlocks(path: string, text: Uint8Array, spec: MtdSpec): readonly number[] {
  const { badBlocks } = parseObject(path, text) as { readonly badBlocks?: unknown };
  const blocks = spec.sizeBytes / spec.eraseBlockBytes;
  if (
    !Array.isArray(badBlocks) ||
    !badBlocks.every((block) => Number.isInteger(block) && block >= 0 && block < blocks)
  ) {
    throw unfit(path, `badBlocks is no list of block numbers below ${blocks}`);
  }
  return badBlocks;
}

export function unfit(path: string, what: string): PhaselineError {
  return new PhaselineError('files/format', `${path}: ${what}`, { path });
}

function parseObject(path: string, text: Uint8Array): object {
  let value: unknown;
  try {
    value = JSON.parse(asciiText(text));
  } catch (error) {
    throw new PhaselineError('files/format', `${path}: ${(error as Error).message}`, { path }, error);
  }
  if (typeof value !== 'object' || value === null) throw unfit(path, 'no JSON object');
  return value;
}

function isByte(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0xff;
}
