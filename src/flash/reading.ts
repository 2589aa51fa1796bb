import { createHash } from 'node:crypto';
import { isPhaselineError, PhaselineError } from '../base/errors.ts';
import { hexNumber } from '../base/sizes.ts';
import { findAlternate, parseAlternateName } from '../stm32/alternates.ts';
import type { Connection } from './connection.ts';
import type { SavedPartition } from './events.ts';
import type { FlashJob } from './job.ts';
import { progressMeter } from './progress.ts';
import { readAlternate, readingSeconds } from './read-alternate.ts';

/** A partition to be saved. */
export interface WantedPartition {
  readonly id: number;
  readonly name: string;
  /** Its size where the layout fixes it. */
  readonly bytes: number | undefined;
  /** NAND: what bad blocks take up cannot be read. */
  readonly mayBeShorter: boolean;
}

/** Where the bytes of one partition go. What is not kept must not look complete. */
export interface Saving {
  readonly path: string;
  write(data: Uint8Array): Promise<void>;
  keep(): Promise<void>;
  drop(): Promise<void>;
}

/** Partitions to be read from a board, and who saves them. */
export interface Reading {
  readonly partitions: readonly WantedPartition[];
  save(partition: WantedPartition): Promise<Saving>;
}

/** More than any medium has: what ends a board that never ends. */
const NO_LIMIT = 2 ** 42;

/**
 * Reads the partitions, one after the other, from a board that wants no phase. `saved` gets each that is
 * complete. Fails with `dfu/protocol` when the board gives more or less than the partition has.
 */
export async function readPartitions(
  job: FlashJob,
  to: Connection,
  reading: Reading,
  saved: SavedPartition[],
): Promise<void> {
  const sizes = reading.partitions.map((partition) => sizesOf(to, partition));
  const jobBytes = sizes.reduce((sum, { most = 0 }) => sum + most, 0);
  let jobBytesBefore = 0;
  for (const [at, partition] of reading.partitions.entries()) {
    const size = sizes[at] as Sizes;
    const id = hexNumber(partition.id);
    const bytes = size.most ?? 0;
    const saving = await reading.save(partition);
    const place = { id, name: partition.name, file: saving.path, index: at + 1, count: reading.partitions.length };
    const whole = { bytes, seconds: readingSeconds(bytes), jobBytes, jobBytesBefore };
    job.emit({ event: 'read', step: 'reading', ...place, ...whole });
    const startedAt = job.clock.now();
    const read = await savePartition(job, to, partition, size, saving);
    const seconds = (job.clock.now() - startedAt) / 1000;
    saved.push({ id, name: partition.name, file: saving.path, ...read });
    job.emit({ event: 'read', step: 'saved', ...place, ...read, seconds });
    jobBytesBefore += bytes;
  }
}

interface Sizes {
  /** Undefined where neither the layout nor the board tells. */
  readonly least: number | undefined;
  readonly most: number | undefined;
}

/** Exact where the layout is; else as far as the alternate's name tells, which is rounded down. */
function sizesOf({ dfu }: Connection, { id, bytes, mayBeShorter }: WantedPartition): Sizes {
  const { size, mostBytes } = parseAlternateName(findAlternate(dfu.alternates, id)?.name ?? '') ?? {};
  return { least: mayBeShorter ? 0 : (bytes ?? size), most: bytes ?? mostBytes };
}

async function savePartition(
  job: FlashJob,
  to: Connection,
  { id, name }: WantedPartition,
  { least = 0, most }: Sizes,
  saving: Saving,
): Promise<Pick<SavedPartition, 'bytes' | 'sha256'>> {
  const hash = createHash('sha256');
  const progress = progressMeter(job.clock, job.emit, hexNumber(id), most ?? 0);
  const place = `phase ${hexNumber(id)} ${name}`;
  let bytes = 0;
  try {
    for await (const block of readAlternate(job, to, id, Number.POSITIVE_INFINITY)) {
      bytes += block.length;
      if (bytes > (most ?? NO_LIMIT))
        throw new PhaselineError('dfu/protocol', `${place} gives more than ${most} bytes`);
      hash.update(block);
      await saving.write(block);
      progress(bytes);
    }
    if (bytes < least) {
      throw new PhaselineError('dfu/protocol', `${place} gives only ${bytes} bytes instead of ${least}`);
    }
    await saving.keep();
  } catch (error) {
    await saving.drop();
    if (!isPhaselineError(error) || error.exitCode < 5) throw error;
    throw new PhaselineError(error.code, `${place}: ${error.message}`, { ...error.details, phase: id }, error);
  }
  return { bytes, sha256: hash.digest('hex') };
}
