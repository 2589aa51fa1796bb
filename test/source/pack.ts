/** Images in every form that is taken, made by the tools that people make them with. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { makeSparse } from '../image/make-sparse.ts';

export interface Packing {
  readonly name: string;
  /** Programs that it takes. */
  readonly tools: readonly string[];
  /** The least that an image grows by. */
  readonly blockBytes?: number;
  /** Writes `data` into `folder`, and gives the path to open. */
  pack(data: Uint8Array, folder: string): string;
}

function packedBy(tool: string, data: Uint8Array): Uint8Array {
  return execFileSync(tool, ['-c'], { input: data, maxBuffer: 2 ** 30, stdio: ['pipe', 'pipe', 'ignore'] });
}

function written(folder: string, name: string, data: Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, data);
  return path;
}

/** An archive with the image at `boot/card.img` between two other files; `make` gets its name. */
function archived(folder: string, archive: string, data: Uint8Array, make: readonly string[]): string {
  written(folder, 'other/a.txt', new TextEncoder().encode('first'));
  written(folder, 'boot/card.img', data);
  written(folder, 'other/z.txt', new TextEncoder().encode('last'));
  const [command = '', ...args] = make;
  execFileSync(command, [...args, archive, 'other/a.txt', 'boot/card.img', 'other/z.txt'], { cwd: folder });
  return `${join(folder, archive)}!boot/card.img`;
}

const half = (data: Uint8Array) => [data.subarray(0, data.length / 2), data.subarray(data.length / 2)];

export const PACKINGS: readonly Packing[] = [
  { name: 'raw', tools: [], pack: (data, folder) => written(folder, 'card.img', data) },
  { name: 'gzip', tools: [], pack: (data, folder) => written(folder, 'card.img.gz', gzipSync(data)) },
  {
    name: 'gzip of two members and padding',
    tools: [],
    pack: (data, folder) =>
      written(folder, 'card.img.gz', Buffer.concat([...half(data).map((part) => gzipSync(part)), Buffer.alloc(1000)])),
  },
  ...['xz', 'zstd', 'bzip2'].flatMap((tool): Packing[] => [
    { name: tool, tools: [tool], pack: (data, folder) => written(folder, 'card.img', packedBy(tool, data)) },
    {
      name: `${tool} of two streams`,
      tools: [tool],
      pack: (data, folder) =>
        written(folder, 'card.img', Buffer.concat(half(data).map((part) => packedBy(tool, part)))),
    },
  ]),
  {
    name: 'Android sparse',
    tools: [],
    blockBytes: 512,
    pack: (data, folder) => {
      const parts = [data.subarray(0, 512), data.subarray(512, 1024), data.subarray(1024)];
      const raw = parts.filter(({ length }) => length > 0).map((part) => ({ raw: part }));
      return written(folder, 'card.simg', makeSparse(raw, 512));
    },
  },
  {
    name: 'Android sparse in gzip',
    tools: [],
    blockBytes: 512,
    pack: (data, folder) => written(folder, 'card.simg.gz', gzipSync(makeSparse([{ raw: data }], 512))),
  },
  {
    name: 'member of a tar',
    tools: ['tar'],
    pack: (data, folder) => archived(folder, 'a.tar', data, ['tar', '-cf']),
  },
  {
    name: 'member of a compressed tar',
    tools: ['tar', 'gzip'],
    pack: (data, folder) => archived(folder, 'a.tar.gz', data, ['tar', '-czf']),
  },
  {
    name: 'compressed member of a tar',
    tools: ['tar'],
    pack: (data, folder) => archived(folder, 'a.tar', gzipSync(data), ['tar', '-cf']),
  },
  {
    name: 'member of a zip',
    tools: ['zip'],
    pack: (data, folder) => archived(folder, 'a.zip', data, ['zip', '-q']),
  },
  {
    name: 'stored member of a zip',
    tools: ['zip'],
    pack: (data, folder) => archived(folder, 'a.zip', data, ['zip', '-q', '-0']),
  },
];
