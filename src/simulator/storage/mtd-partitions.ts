import { PhaselineError } from '../../base/errors.ts';
import { parseSize } from '../../base/sizes.ts';

export interface MtdPartition {
  readonly name: string;
  readonly offset: number;
  readonly sizeBytes: number;
}

const PARTITION = /^(-|[0-9a-fx]+[kmg]?)(?:@([0-9a-fx]+[kmg]?))?\(([^)]+)\)(?:ro)?$/i;

/**
 * Reads a table as `mtdparts` writes it: `256k(fsbl1),4m@1m(fip),-(rest)`. Sizes in bytes, `-` takes
 * what is left of `deviceBytes`. Throws usage/arguments when a part is unreadable or reaches beyond the device.
 */
export function parseMtdPartitions(text: string, deviceBytes: number): readonly MtdPartition[] {
  const partitions: MtdPartition[] = [];
  let next = 0;
  for (const entry of text.split(',').filter((part) => part !== '')) {
    const match = PARTITION.exec(entry.trim());
    const offset = match?.[2] === undefined ? next : parseSize(match[2]);
    const size = match?.[1] === '-' ? deviceBytes - (offset ?? 0) : parseSize(match?.[1] ?? '');
    if (!match || offset === undefined || size === undefined || size < 0 || offset + size > deviceBytes) {
      throw new PhaselineError('usage/arguments', `'${entry}' is no MTD partition of a device of ${deviceBytes} bytes`);
    }
    partitions.push({ name: match[3] as string, offset, sizeBytes: size });
    next = offset + size;
  }
  return partitions;
}
