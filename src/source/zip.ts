import { crc32 } from 'node:zlib';
import { type Entry, fromRandomAccessReaderPromise, getFileNameLowLevel, RandomAccessReader } from 'yauzl';
import { PhaselineError } from '../base/errors.ts';
import { plainName } from '../image/tar.ts';
import { damaged, noMember } from './damage.ts';
import { ForwardLayer } from './forward-layer.ts';
import type { Layer } from './layer.ts';
import { rangeLayer } from './range-layer.ts';
import type { Unpack } from './unpack/unpack.ts';
import { unpackDeflate } from './unpack/zlib.ts';

/** APPNOTE.TXT of PKWARE, §4.4.5. */
const METHOD = { STORED: 0, DEFLATED: 8 } as const;
/** S_IFMT and S_IFLNK, in the upper half of the external attributes. */
const UNIX_TYPE = 0xf000;
const UNIX_LINK = 0xa000;

class LayerReader extends RandomAccessReader {
  readonly #layer: Layer;

  constructor(layer: Layer) {
    super();
    this.#layer = layer;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead: number) => void,
  ): void {
    this.#layer.read(position, length).then(
      (data) => {
        buffer.set(data, offset);
        callback(null, data.length);
      },
      (error: Error) => callback(error, 0),
    );
  }

  override _readStreamForRange(): never {
    throw new Error('only the directory is read this way');
  }
}

/** The member of a zip; closing it closes the archive. Errors: files/format. */
export async function zipMember(
  archive: Layer & { readonly size: number },
  wanted: string,
  path: string,
): Promise<Layer> {
  try {
    const zip = await fromRandomAccessReaderPromise(new LayerReader(archive), archive.size, {
      lazyEntries: true,
      autoClose: false,
      decodeStrings: false,
    });
    const names: string[] = [];
    for await (const entry of zip.eachEntry()) {
      const name = plainName(
        getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false),
      );
      if (name !== plainName(wanted)) {
        names.push(name);
        continue;
      }
      const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
      return expanded(archive, entry, fileDataStart, wanted, path);
    }
    throw noMember(path, wanted, names);
  } catch (error) {
    if (error instanceof PhaselineError) throw error;
    throw damaged(path, 'zip', error instanceof Error ? error.message : String(error), error);
  }
}

function expanded(archive: Layer, entry: Entry, offset: number, wanted: string, path: string): Layer {
  const refuse = (reason: string) => damaged(path, 'zip', `${wanted} ${reason}`);
  if (entry.isEncrypted()) throw refuse('is encrypted');
  if (wanted.endsWith('/')) throw refuse('is a folder');
  if (((entry.externalFileAttributes >>> 16) & UNIX_TYPE) === UNIX_LINK) throw refuse('is a symbolic link');
  switch (entry.compressionMethod) {
    case METHOD.STORED:
      return rangeLayer(archive, { offset, length: entry.uncompressedSize, path, format: 'zip', crc: entry.crc32 });
    case METHOD.DEFLATED:
      return new ForwardLayer(rangeLayer(archive, { offset, length: entry.compressedSize, path, format: 'zip' }), {
        path,
        format: 'zip',
        unpack: withCrc(unpackDeflate, entry.crc32),
        size: entry.uncompressedSize,
      });
    default:
      throw refuse(`is packed with method ${entry.compressionMethod}; stored and deflated can be read`);
  }
}

function withCrc(unpack: Unpack, wanted: number): Unpack {
  return async function* checked(packed, options) {
    let sum = 0;
    for await (const piece of unpack(packed, options)) {
      sum = crc32(piece, sum);
      yield piece;
    }
    if (sum !== wanted) throw damaged(options.path, 'zip', 'the CRC-32 is another one');
  };
}
