import type { Bytes } from '../base/bytes.ts';
import { PhaselineError } from '../base/errors.ts';
import { formatSize } from '../base/sizes.ts';
import { decodeSparseHeader, hasSparseMagic } from '../image/android-sparse.ts';
import { readSparseIndex, type SparseIndex } from '../image/sparse-chunks.ts';
import { damaged } from './damage.ts';
import { printablePath } from './file-failure.ts';
import { ForwardLayer } from './forward-layer.ts';
import type { Layer } from './layer.ts';
import type { Layers } from './layers.ts';
import { changedFile } from './open-file.ts';
import { type SparseLayer, sparseLayer, verifySums } from './sparse-layer.ts';

/** What is known of files by their paths; kept by who opens the same files again and wants them unchanged. */
export type Measured = Map<string, Known>;

interface Known {
  readonly stamp: string;
  readonly size?: number;
  readonly index?: SparseIndex;
}

export interface ExpandOptions {
  /** Reading just to learn the size ends behind this many bytes. */
  readonly limitBytes?: number | undefined;
  /** Told before and while a file is read just to learn its size. */
  readonly notice?: ((text: string) => void) | undefined;
  readonly measured?: Measured | undefined;
}

/** No card is larger (SDUC has 128 TiB; 32-bit sectors end here). */
const LARGEST_DEVICE_BYTES = 2 * 2 ** 40;
/** A pass over less is over before anybody wonders. */
const QUIET_BYTES = 64 * 2 ** 20;
const NOTICE_EVERY_BYTES = 2 ** 30;

/** Layers whose size is known, sparse images expanded. */
export type Expanded = Layer & Pick<Bytes, 'size' | 'mapped'>;

/**
 * Expands a sparse image, and reads what does not say its size to the end to learn it. Errors: files/format,
 * files/too-big (`details.atLeastBytes`) when it goes beyond the limit, and files/changed for a file that was measured
 * before and is another one now.
 */
export async function expand(layers: Layers, options: ExpandOptions): Promise<Expanded> {
  const { path, file, top, steps } = layers;
  const { stamp } = file;
  const known = options.measured?.get(path);
  if (known && known.stamp !== stamp) throw changedFile(file.path);
  if (!known) options.measured?.set(path, { stamp });
  await readArchive(layers, options);
  const pass = { path, why: `${steps.at(-1)} data does not say what it expands to`, ...options };
  const head = await top.read(0, 64);
  if (hasSparseMagic(head)) {
    const index = known?.index ?? (await sparseIndexOf(top, head, pass));
    options.measured?.set(path, { stamp, index });
    const layer = sparseLayer(top, index);
    if (!known?.index && index.sums.length > 0) await verifyCrc(layer, index, head, path);
    return layer;
  }
  if (top.size === undefined) {
    const size = known?.size ?? (await count(top.stream(), 0, pass));
    options.measured?.set(path, { stamp, size });
    if (top instanceof ForwardLayer) top.settle(size);
  }
  return top as Expanded;
}

/** Reads a compressed archive to its end, once for all of its members: only there it shows that all of it is right. */
async function readArchive({ file, archive, steps }: Layers, { notice, measured }: ExpandOptions): Promise<void> {
  const { path, stamp } = file;
  if (!archive || measured?.get(path)?.size !== undefined) return;
  const size = await count(archive.stream(), 0, { path, why: `${steps[0]} data shows damage at its end only`, notice });
  measured?.set(path, { stamp, size });
}

interface Pass extends ExpandOptions {
  readonly path: string;
  /** Why all of it has to be read. */
  readonly why: string;
}

async function sparseIndexOf(top: Layer, head: Uint8Array, pass: Pass): Promise<SparseIndex> {
  const header = decodeSparseHeader(head);
  if (!top.random && header.ok) insistWithin(header.value.expandedBytes, pass);
  if (!top.random) pass.notice?.(`${printablePath(pass.path)}: reading all of it to learn where its chunks are`);
  const index = await readSparseIndex(top);
  if (!index.ok) throw damaged(pass.path, 'Android sparse', index.reason);
  // Of what was compressed the end matters too: only there it shows that all of it was right.
  if (!top.random) await count(top.stream(index.value.endsAt), index.value.endsAt, { ...pass, notice: undefined });
  return index.value;
}

async function verifyCrc(layer: SparseLayer, index: SparseIndex, head: Uint8Array, path: string): Promise<void> {
  const header = decodeSparseHeader(head);
  if (header.ok) await verifySums(layer, index, header.value.blockBytes, path);
}

/** Reads to the end and says where it is. */
async function count(stream: AsyncIterable<Uint8Array>, start: number, pass: Pass): Promise<number> {
  const { path, why, notice } = pass;
  let total = start;
  let noticeAt = QUIET_BYTES;
  for await (const piece of stream) {
    total += piece.length;
    insistWithin(total, pass);
    if (total < noticeAt) continue;
    const first = noticeAt === QUIET_BYTES ? `reading all of it, ${why}; ` : '';
    notice?.(`${printablePath(path)}: ${first}${formatSize(total)} so far`);
    noticeAt = total + NOTICE_EVERY_BYTES;
  }
  return total;
}

function insistWithin(bytes: number, { path, limitBytes = LARGEST_DEVICE_BYTES }: Pass): void {
  if (bytes <= limitBytes) return;
  throw new PhaselineError('files/too-big', `${printablePath(path)} expands to more than ${limitBytes} bytes`, {
    path,
    atLeastBytes: limitBytes + 1,
  });
}
