import { createHash } from 'node:crypto';
import {
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { boardProfile } from '../../src/simulator/profiles.ts';
import { fileStorage } from '../../src/simulator/storage/files.ts';
import { type OpenImageOptions, openImage } from '../../src/source/open-image.ts';
import { flash, makeBench } from '../flash/harness.ts';
import { bootFiles, layoutText } from '../flash/layouts.ts';
import { makePattern } from '../image/make.ts';
import { makeSparse } from '../image/make-sparse.ts';
import { missingTools } from './tools.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
const BLOCK = 4096;
const SIZES = [1, 63, 64, 65, 4095, 4096, 4097, 8 * MIB - 1, 8 * MIB, 8 * MIB + 1];
const BOOT = bootFiles('mp15');
const LAYOUT = layoutText(...BOOT.rows, 'P 0x10 card RawImage mmc0 0x0 card');

const missing = missingTools(['gzip', 'xz', 'zstd', 'bzip2', 'img2simg', 'simg2img', 'bmaptool', 'tar', 'zip']);
if (missing) process.stderr.write(`interop: ${missing}\n`);

interface Format {
  readonly name: string;
  /** Packs `raw` in its folder; gives the name to open there. */
  pack(folder: string): Promise<string>;
  /** What it makes whole blocks of. */
  readonly blockBytes?: number;
  readonly open?: OpenImageOptions;
}

const run = (folder: string, command: string, ...args: string[]) => execa(command, args, { cwd: folder });

function compressor(name: string, ending: string, ...command: [string, ...string[]]): Format {
  return {
    name,
    pack: async (folder) => {
      await run(folder, ...command, 'raw');
      return `raw.${ending}`;
    },
  };
}

const RAW: Format = { name: 'raw', pack: () => Promise.resolve('raw') };
const ZSTD = compressor('zstd', 'zst', 'zstd', '-qk');
const SPARSE: Format = {
  name: 'img2simg',
  blockBytes: BLOCK,
  pack: async (folder) => {
    await run(folder, 'img2simg', 'raw', 'raw.simg');
    return 'raw.simg';
  },
};

const FORMATS: readonly Format[] = [
  RAW,
  compressor('gzip', 'gz', 'gzip', '-k'),
  compressor('xz', 'xz', 'xz', '-k0'),
  compressor('xz of many blocks', 'xz', 'xz', '-k0', '--block-size=100000', '-T2'),
  ZSTD,
  {
    name: 'zstd out of a pipe',
    pack: async (folder) => {
      await run(folder, 'sh', '-c', 'cat raw | zstd -q -c > raw.zst');
      return 'raw.zst';
    },
  },
  compressor('bzip2', 'bz2', 'bzip2', '-k1'),
  SPARSE,
  {
    name: 'img2simg, then gzip',
    blockBytes: BLOCK,
    pack: async (folder) => {
      await run(folder, 'img2simg', 'raw', 'raw.simg');
      await run(folder, 'gzip', 'raw.simg');
      return 'raw.simg.gz';
    },
  },
  ...(['ustar', 'gnu', 'pax'] as const).map(
    (kind): Format => ({
      name: `tar, ${kind}`,
      pack: async (folder) => {
        await run(
          folder,
          'tar',
          `--format=${kind}`,
          '-cf',
          'release.tar',
          '--transform',
          's,^,some/folder/,',
          'other',
          'raw',
        );
        return 'release.tar!some/folder/raw';
      },
    }),
  ),
  {
    name: 'tar, xz',
    pack: async (folder) => {
      await run(folder, 'tar', '-I', 'xz -1', '-cf', 'release.tar.xz', './other', './raw');
      return 'release.tar.xz!raw';
    },
  },
  {
    name: 'zip',
    pack: async (folder) => {
      await run(folder, 'zip', '-q', 'release.zip', 'other', 'raw');
      return 'release.zip!raw';
    },
  },
  {
    name: 'zip out of a pipe',
    pack: async (folder) => {
      await run(folder, 'sh', '-c', 'zip -q - other raw | cat > release.zip');
      return 'release.zip!raw';
    },
  },
];

let folder: string;
let count = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'phaseline-formats-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder of its own with the file `raw`, and another to lie beside it in archives. */
async function folderWith(write: (raw: string) => void, work: (path: string) => Promise<void>): Promise<void> {
  const path = join(folder, String(count++));
  try {
    await run(folder, 'mkdir', path);
    writeFileSync(join(path, 'other'), 'something else\n');
    write(join(path, 'raw'));
    await work(path);
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

interface Flashed {
  /** Of the phase of the card. */
  readonly sha256: string | undefined;
  readonly bytes: number | undefined;
  /** The simulated card's file. */
  readonly card: string;
}

/** Flashes the image to a card in a file, on which `before` stands already. */
async function flashed(
  path: string,
  image: string,
  options: OpenImageOptions = {},
  before?: Uint8Array,
): Promise<Flashed> {
  const { chip, storage } = boardProfile('stm32mp157c-dk2');
  const mmc = { 0: { kind: 'sd', sizeBytes: 8 * GIB, bootBytes: 0, eraseGroupBytes: 512 } } as const;
  const files = fileStorage({ ...storage, mmc }, chip.otpSize, join(path, 'board'));
  if (before) files.mmc.get(0)?.write(0, 0, before);
  const bench = makeBench('stm32mp157c-dk2', { storage: files });
  const source = await openImage(join(path, image), options);
  try {
    const { result } = await flash(bench, { layout: LAYOUT, images: { ...BOOT.images, card: source } });
    expect(result).toMatchObject({ ok: true });
    const phase = result.phases.find(({ id }) => id === '0x10');
    return { sha256: phase?.sha256, bytes: phase?.bytes, card: join(path, 'board/mmc0.img') };
  } finally {
    await source.close();
    bench.board.close();
  }
}

/** That many bytes of both are the same, as cmp sees it. */
async function expectSame(length: number, a: string, b: string): Promise<void> {
  const { stdout, exitCode } = await execa('cmp', ['-n', String(length), a, b], { reject: false });
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 0 });
}

describe.skipIf(missing)('images of the tool that makes them', () => {
  describe.each(FORMATS)('$name', (format) => {
    test.each(SIZES)('of %i bytes arrive', async (size) => {
      const data = makePattern(size);
      // Something that can be compressed, of runs and of noise.
      data.fill(0x41, size >> 4, size - (size >> 4));
      await folderWith(
        (raw) => writeFileSync(raw, data),
        async (path) => {
          const { sha256, bytes, card } = await flashed(path, await format.pack(path), format.open);
          const { blockBytes = 1 } = format;
          const sent = Buffer.alloc(Math.ceil(size / blockBytes) * blockBytes);
          sent.set(data);
          expect(bytes).toBe(sent.length);
          expect(sha256).toBe(createHash('sha256').update(sent).digest('hex'));
          await expectSame(size, join(path, 'raw'), card);
        },
      );
    });
  });
});

/** A file with holes, and the places that have something. */
function writeHoley(raw: string, size: number): readonly (readonly [number, Uint8Array])[] {
  const places = [0, size >> 2, size >> 1, 4 * GIB - 5000, size - 4097].filter((at) => at >= 0 && at < size);
  const parts = places.map((at, index) => [at, makePattern(Math.min(9000, size - at), index + 1)] as const);
  const file = openSync(raw, 'w');
  ftruncateSync(file, size);
  for (const [at, data] of parts) writeSync(file, data, 0, data.length, at);
  closeSync(file);
  return parts;
}

describe.skipIf(missing)('holes', () => {
  const OLD = makePattern(8 * MIB + BLOCK, 77);
  const BMAP = (name: string, ...more: string[]): Format => ({
    name: `bmaptool${more.length > 0 ? ` and ${name}` : ''}`,
    open: { bmap: 'beside' },
    pack: async (path) => {
      await run(path, 'bmaptool', 'create', '-o', 'raw.bmap', 'raw');
      if (more.length > 0) await run(path, ...(more as [string, ...string[]]), 'raw');
      return name;
    },
  });

  test.each([BMAP('raw'), BMAP('raw.gz', 'gzip', '-k'), BMAP('raw.xz', 'xz', '-k'), BMAP('raw.zst', 'zstd', '-qk')])(
    'of $name are left as they were',
    async ({ pack, open }) => {
      for (const size of [65, 4097, 8 * MIB - 1, 8 * MIB, 8 * MIB + 1]) {
        await folderWith(
          (raw) => writeHoley(raw, size),
          async (path) => {
            const name = await pack(path);
            const source = await openImage(join(path, name), open);
            const mapped = source.mapped ?? [{ offset: 0, length: source.size }];
            await source.close();
            const { bytes, card } = await flashed(path, name, open, OLD);
            const raw = readFileSync(join(path, 'raw'));
            const wanted = Buffer.from(OLD);
            let sent = 0;
            for (const { offset, length } of mapped) {
              // A sector is the least that can be written.
              const end = Math.ceil((offset + length) / 512) * 512;
              wanted.fill(0, offset, end).set(raw.subarray(offset, offset + length), offset);
              sent += length;
            }
            expect(bytes).toBe(sent);
            if (size > MIB) expect(sent).toBeLessThan(size / 2);
            writeFileSync(join(path, 'wanted'), wanted);
            await expectSame(wanted.length, join(path, 'wanted'), card);
          },
        );
      }
    },
  );

  test('of an image that bmaptool copies are the ones that we leave, and a bmap of another image is refused', async () => {
    await folderWith(
      (raw) => writeHoley(raw, 8 * MIB),
      async (path) => {
        await run(path, 'bmaptool', 'create', '-o', 'raw.bmap', 'raw');
        await run(path, 'bmaptool', 'copy', '--bmap', 'raw.bmap', 'raw', 'copied');
        const { card } = await flashed(path, 'raw', { bmap: 'beside' });
        await expectSame(8 * MIB, join(path, 'copied'), card);
        writeHoley(join(path, 'raw'), 8 * MIB + 1);
        await expect(openImage(join(path, 'raw'), { bmap: 'beside' })).rejects.toMatchObject({ code: 'files/format' });
      },
    );
  });
});

describe.skipIf(missing)('an Android sparse image with everything in it', () => {
  test('expands to what simg2img makes of it', async () => {
    const parts = [
      { raw: makePattern(3 * BLOCK) },
      { dontCare: 300 },
      { fill: 0x1234_5678, blocks: 70 },
      { raw: makePattern(BLOCK, 2) },
      { dontCare: 9 },
    ];
    await folderWith(
      (raw) => writeFileSync(raw, makeSparse(parts)),
      async (path) => {
        await run(path, 'simg2img', 'raw', 'expanded');
        const { card, bytes } = await flashed(path, 'raw');
        expect(bytes).toBe(74 * BLOCK);
        await expectSame(383 * BLOCK, join(path, 'expanded'), card);
      },
    );
  });
});

describe.skipIf(missing)('large images', () => {
  // 256 MiB + 1: the block number of DFU wraps around. 4 GiB + 4097: nothing fits 32 bits any more.
  const sizes = [256 * MIB + 1, 4 * GIB + 4097];
  test.each(sizes.flatMap((size) => [RAW, ZSTD, SPARSE].map((format) => ({ ...format, size }))))(
    '$name of $size bytes arrive',
    async ({ pack, size, blockBytes = 1 }) => {
      await folderWith(
        (raw) => writeHoley(raw, size),
        async (path) => {
          const { bytes, card } = await flashed(path, await pack(path));
          expect(bytes).toBe(Math.ceil(size / blockBytes) * blockBytes);
          expect(statSync(card).size).toBe(8 * GIB);
          await expectSame(size, join(path, 'raw'), card);
        },
      );
    },
    600_000,
  );
});
