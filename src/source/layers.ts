import type { CompressionKind } from '../image/facts.ts';
import { findCompression } from '../image/magics.ts';
import { findTarMember } from '../image/tar.ts';
import { xzExpandedBytes } from '../image/xz-index.ts';
import { zstdExpandedBytes } from '../image/zstd-frames.ts';
import { damaged, noMember } from './damage.ts';
import { ForwardLayer } from './forward-layer.ts';
import type { Layer } from './layer.ts';
import { placeOf } from './member.ts';
import { type OpenFile, openFile } from './open-file.ts';
import { rangeLayer } from './range-layer.ts';
import { type Format, isFormat, unpackerFor } from './unpack/formats.ts';

/** Enough for every magic, and for what zstd allows in front of it and people put there. */
const MAGIC_BYTES = 16 * 1024;

/** A file and what is in it, as far as its compression and its archive go. */
export interface Layers {
  /** As it was asked for. */
  readonly path: string;
  readonly file: OpenFile;
  /** The same as `file` when nothing has to be expanded. Closing it closes the file. */
  readonly top: Layer;
  /** The compressed archive that `top` is a part of: its checks come at its end, far behind a member. */
  readonly archive?: Layer | undefined;
  /** What was expanded, from the file on: `gzip`, `tar`. */
  readonly steps: readonly string[];
}

/**
 * Opens a file, one compression around it expanded, or the member of an archive that `path` names, the archive and
 * the member each with one compression expanded. By content, not by name. Errors: as `openFile`; files/format for
 * an archive that has no such member or is damaged; files/unreadable when a program is missing.
 */
export async function openLayers(path: string): Promise<Layers> {
  const { file: filePath, member } = await placeOf(path);
  const file = await openFile(filePath);
  let top: Layer = file;
  const steps: string[] = [];
  const expand = async () => {
    const format = await formatOf(top);
    if (!isFormat(format)) return format;
    steps.push(format);
    top = await expandedLayer(top, format, path);
    return undefined;
  };
  try {
    const left = await expand();
    const archive = member === undefined || top.random ? undefined : top;
    if (member !== undefined) {
      steps.push(left === 'zip' ? 'zip' : 'tar');
      top = left === 'zip' ? await zipMemberOf(file, member, path) : await tarMember(top, member, path);
      await expand();
    }
    return { path, file, top, archive, steps };
  } catch (error) {
    await top.close();
    throw error;
  }
}

async function formatOf(layer: Layer): Promise<CompressionKind | undefined> {
  return findCompression(await layer.read(0, MAGIC_BYTES));
}

async function expandedLayer(below: Layer, format: Format, path: string): Promise<Layer> {
  const unpack = await unpackerFor(format, path);
  return new ForwardLayer(below, { path, format, unpack, size: await sizeInside(below, format, path) });
}

/** What the compressed data says of its own size, where that can be relied upon and costs little. */
async function sizeInside(below: Layer, format: Format, path: string): Promise<number | undefined> {
  const { size, random } = below;
  if (size === undefined || !random) return undefined;
  const bytes = { size, read: below.read.bind(below), stream: below.stream.bind(below) };
  if (format === 'zstd') return zstdExpandedBytes(bytes);
  if (format !== 'xz') return undefined;
  const verdict = await xzExpandedBytes(bytes);
  if (!verdict.ok) throw damaged(path, 'xz', verdict.reason);
  return verdict.value;
}

/** Loaded only here: few have a zip, and everybody waits for what is loaded at the start. */
async function zipMemberOf(file: OpenFile, member: string, path: string): Promise<Layer> {
  const { zipMember } = await import('./zip.ts');
  return zipMember(file, member, path);
}

async function tarMember(archive: Layer, member: string, path: string): Promise<Layer> {
  const place = await findTarMember(archive, member);
  if (!place.ok) throw damaged(path, 'tar', place.reason);
  if ('names' in place.value) throw noMember(path, member, place.value.names);
  const { offset, length } = place.value;
  if (archive.size !== undefined && offset + length > archive.size) throw damaged(path, 'tar', 'it ends early');
  return rangeLayer(archive, { offset, length, path, format: 'tar' });
}
