import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { type DownloadOptions, download } from '../../src/dfu/download.ts';
import { BoardModel } from './board-model.ts';
import { dfuOn } from './dfu-on.ts';
import { imageOf, inPieces } from './stream.ts';
import { type Exchange, WireScript } from './wire-script.ts';

const OPTIONS = { blockMs: 30_000, manifestMs: 60_000 } as const satisfies DownloadOptions;
const STATUS = 'a1 03 0000 0000 0600';
const SELECT: readonly Exchange[] = [
  ['01 0b 0300 0000 0000', 'ack'],
  [STATUS, '00000000 0200'],
];
const MANIFEST: readonly Exchange[] = [
  [STATUS, '00000000 0700'],
  [STATUS, '00000000 0200'],
];

/** DNLOAD of `data` as block `number`. */
function dnload(number: number, data: Uint8Array): string {
  const word = (n: number) => toHex(Uint8Array.of(n & 0xff, n >> 8));
  return `2101${word(number)}0000${word(data.length)}${toHex(data)}`;
}

async function send(
  device: WireScript,
  bytes: Uint8Array,
  options: Partial<DownloadOptions> = {},
  transferSize = 4096,
) {
  return download(dfuOn(device, transferSize), 3, inPieces(bytes, [1000]), { ...OPTIONS, ...options });
}

describe('a download', () => {
  test('to U-Boot is blocks of the transfer size, each with its GETSTATUS, and a zero-length block', async () => {
    const image = imageOf(6000);
    const device = new WireScript(
      ...SELECT,
      [dnload(0, image.subarray(0, 4096)), 'ack'],
      [STATUS, '00000000 0500'],
      [dnload(1, image.subarray(4096)), 'ack'],
      [STATUS, '00000000 0500'],
      ['21 01 0200 0000 0000', 'ack'],
      ...MANIFEST,
    );
    const progress: number[] = [];
    const result = await send(device, image, { onProgress: (bytes) => progress.push(bytes) });
    expect(result).toEqual({ bytes: 6000, manifest: 'idle' });
    expect(progress).toEqual([4096, 6000]);
    expect(device.left).toEqual([]);
  });

  test('to TF-A asks for the status again while the board says DNLOAD-SYNC', async () => {
    const image = imageOf(2048);
    const synced: readonly Exchange[] = [
      [STATUS, '00000000 0300'],
      [STATUS, '00000000 0500'],
    ];
    const device = new WireScript(
      ...SELECT,
      [dnload(0, image.subarray(0, 1024)), 'ack'],
      ...synced,
      [dnload(1, image.subarray(1024)), 'ack'],
      ...synced,
      ['21 01 0200 0000 0000', 'ack'],
      [STATUS, '00010000 0700'],
      [STATUS, '00000000 0200'],
    );
    expect(await send(device, image, {}, 1024)).toEqual({ bytes: 2048, manifest: 'idle' });
    expect(device.left).toEqual([]);
  });

  test('gives each transfer the deadline of its stage', async () => {
    const device = new WireScript(
      ...SELECT,
      [dnload(0, imageOf(5)), 'ack'],
      [STATUS, '00000000 0500'],
      ['21 01 0100 0000 0000', 'ack'],
      ...MANIFEST,
    );
    await send(device, imageOf(5));
    expect(device.timeouts.slice(2, 6)).toEqual([30_000, 30_000, 60_000, 60_000]);
  });

  test('continues with a given block number, and goes on with 0 after 65535', async () => {
    const image = imageOf(12);
    const device = new WireScript(
      ...SELECT,
      [dnload(65534, image.subarray(0, 4)), 'ack'],
      [STATUS, '00000000 0500'],
      [dnload(65535, image.subarray(4, 8)), 'ack'],
      [STATUS, '00000000 0500'],
      [dnload(0, image.subarray(8)), 'ack'],
      [STATUS, '00000000 0500'],
      ['21 01 0100 0000 0000', 'ack'],
      ...MANIFEST,
    );
    await send(device, image, { firstBlock: 65534 }, 4);
    expect(device.left).toEqual([]);
  });

  test('leaves dfuERROR with CLRSTATUS before it begins', async () => {
    const device = new WireScript(
      ['01 0b 0300 0000 0000', 'ack'],
      [STATUS, '0e000000 0a00'],
      ['21 04 0000 0000 0000', 'ack'],
      [STATUS, '00000000 0200'],
      [dnload(0, imageOf(5)), 'ack'],
      [STATUS, '00000000 0500'],
      ['21 01 0100 0000 0000', 'ack'],
      ...MANIFEST,
    );
    expect(await send(device, imageOf(5))).toMatchObject({ manifest: 'idle' });
  });

  test.each([
    ['without pieces', []],
    ['with empty pieces only', [new Uint8Array(0)]],
  ])('of an image %s is refused before anything is sent', async (_, pieces) => {
    async function* stream() {
      yield* pieces;
    }
    const sending = download(dfuOn(new WireScript()), 3, stream(), OPTIONS);
    await expect(sending).rejects.toMatchObject({ code: 'files/format' });
  });
});

describe('a download that fails', () => {
  const upTo1: readonly Exchange[] = [
    ...SELECT,
    [dnload(0, imageOf(8).subarray(0, 4)), 'ack'],
    [STATUS, '00000000 0500'],
  ];
  const block1: Exchange = [dnload(1, imageOf(8).subarray(4)), 'ack'];
  const zero: Exchange = ['21 01 0200 0000 0000', 'ack'];
  const idle: Exchange = [STATUS, '00000000 0500'];

  const cases: readonly [string, readonly Exchange[], object][] = [
    [
      'with a status names it, the state and the block',
      [...upTo1, block1, [STATUS, '0e000000 0a00']],
      { code: 'dfu/status', details: { status: 'errUNKNOWN', state: 'dfuERROR', block: 1, bytesAcknowledged: 4 } },
    ],
    [
      'in dfuERROR with status OK is a violation of the protocol',
      [...upTo1, block1, [STATUS, '00000000 0a00']],
      { code: 'dfu/protocol', details: { state: 'dfuERROR', block: 1 } },
    ],
    [
      'with a status outside dfuERROR has failed as well',
      [...upTo1, block1, [STATUS, '03000000 0500']],
      { code: 'dfu/status', details: { status: 'errWRITE' } },
    ],
    [
      'in a state that cannot follow a block is a violation of the protocol',
      [...upTo1, block1, [STATUS, '00000000 0200']],
      { code: 'dfu/protocol', details: { state: 'dfuIDLE', block: 1 } },
    ],
    [
      'with a short status is a violation of the protocol',
      [...upTo1, block1, [STATUS, '00000000']],
      { code: 'dfu/protocol', details: { block: 1 } },
    ],
    [
      'by a stalled block stops there',
      [...upTo1, [block1[0], 'usb/stall']],
      { code: 'usb/stall', details: { block: 1 } },
    ],
    [
      'by a block without an answer',
      [...upTo1, [block1[0], 'usb/timeout']],
      { code: 'usb/timeout', details: { block: 1 } },
    ],
    [
      'by a board that leaves',
      [...upTo1, block1, [STATUS, 'usb/gone']],
      { code: 'usb/gone', details: { bytesAcknowledged: 4 } },
    ],
    [
      'at the zero-length block',
      [...upTo1, block1, idle, zero, [STATUS, '0e000000 0a00']],
      { code: 'dfu/status', details: { block: 2, bytesAcknowledged: 8 } },
    ],
    [
      'in dfuMANIFEST',
      [...upTo1, block1, idle, zero, [STATUS, '00000000 0700'], [STATUS, '0e000000 0a00']],
      { code: 'dfu/status', details: { block: 2 } },
    ],
    [
      'by silence in dfuMANIFEST, where nobody allowed it',
      [...upTo1, block1, idle, zero, [STATUS, '00000000 0700'], [STATUS, 'usb/io']],
      { code: 'usb/io', details: { block: 2 } },
    ],
  ];

  test.each(cases)('%s, and nothing more is sent', async (_, exchanges, error) => {
    const device = new WireScript(...exchanges);
    await expect(send(device, imageOf(8), {}, 4)).rejects.toMatchObject(error);
    expect(device.left).toEqual([]);
  });

  test('stops between two blocks when it is told to', async () => {
    const stop = new AbortController();
    const device = new WireScript(...upTo1);
    const sending = send(
      device,
      imageOf(8),
      { signal: stop.signal, onProgress: () => stop.abort(new Error('Ctrl-C')) },
      4,
    );
    await expect(sending).rejects.toThrow('Ctrl-C');
    expect(device.left).toEqual([]);
  });

  test('stops with the stream and gives the interface back', async () => {
    async function* stream() {
      yield imageOf(4);
      throw new Error('disk');
    }
    const device = new WireScript(...upTo1, ['01 0b 0100 0000 0000', 'ack']);
    const dfu = dfuOn(device, 4);
    await expect(download(dfu, 3, stream(), OPTIONS)).rejects.toThrow('disk');
    await dfu.select(1);
  });
});

describe('the ROM of STM32MP15, which may vanish in the manifest', () => {
  const sent: readonly Exchange[] = [
    ...SELECT,
    [dnload(0, imageOf(4)), 'ack'],
    [STATUS, '00010000 0500'],
    ['21 01 0100 0000 0000', 'ack'],
  ];

  test.each(['usb/io', 'usb/timeout', 'usb/gone'])('has vanished when dfuMANIFEST is followed by %s', async (code) => {
    const device = new WireScript(...sent, [STATUS, '00010000 0700'], [STATUS, code]);
    expect(await send(device, imageOf(4), { mayVanish: true })).toEqual({ bytes: 4, manifest: 'vanished' });
  });

  test.each([
    ['falls silent before it said dfuMANIFEST', [[STATUS, 'usb/io']], 'usb/io'],
    ['falls silent at the zero-length block', [], 'usb/io'],
    [
      'refuses the image',
      [
        [STATUS, '00010000 0700'],
        [STATUS, '0e000000 0a00'],
      ],
      'dfu/status',
    ],
    [
      'stalls',
      [
        [STATUS, '00010000 0700'],
        [STATUS, 'usb/stall'],
      ],
      'usb/stall',
    ],
  ] as const)('has failed when it %s', async (_, answers, code) => {
    const begin = answers.length > 0 ? sent : [...sent.slice(0, -1), [sent.at(-1)![0], 'usb/io'] as const];
    const device = new WireScript(...begin, ...answers);
    await expect(send(device, imageOf(4), { mayVanish: true })).rejects.toMatchObject({ code });
  });

  test('has failed when it says dfuMANIFEST until the deadline', async () => {
    const clock = new VirtualClock();
    const manifesting = Array.from({ length: 40 }, (): Exchange => [STATUS, '00f40100 0700']);
    const device = new WireScript(...sent, ...manifesting);
    const sending = download(dfuOn(device, 4096, clock), 3, inPieces(imageOf(4)), {
      blockMs: 5000,
      manifestMs: 5000,
      mayVanish: true,
    });
    await expect(sending).rejects.toMatchObject({ code: 'usb/timeout', details: { state: 'dfuMANIFEST' } });
    expect(clock.now()).toBe(5000);
  });
});

describe('the poll timeout', () => {
  const begin: readonly Exchange[] = [...SELECT, [dnload(0, imageOf(4)), 'ack']];
  const end: readonly Exchange[] = [['21 01 0100 0000 0000', 'ack'], ...MANIFEST];
  const busy = (pollMs: number): Exchange => [
    STATUS,
    toHex(Uint8Array.of(0, pollMs & 0xff, (pollMs >> 8) & 0xff, pollMs >> 16, 4, 0)),
  ];

  async function timeOf(exchanges: readonly Exchange[], blockMs: number): Promise<number> {
    const clock = new VirtualClock();
    await download(dfuOn(new WireScript(...exchanges), 4096, clock), 3, inPieces(imageOf(4)), {
      blockMs,
      manifestMs: 5000,
    });
    return clock.now();
  }

  test('is waited for with all its 24 bits', async () => {
    const time = await timeOf([...begin, busy(100_000), [STATUS, '00000000 0500'], ...end], 200_000);
    expect(time).toBe(100_000);
  });

  test('that reaches beyond the deadline is cut to it, and the board asked once more', async () => {
    const time = await timeOf([...begin, busy(0xffffff), [STATUS, '00000000 0500'], ...end], 30_000);
    expect(time).toBe(30_000);
  });

  test('of 0 makes the host ask at once, then after growing pauses, until the deadline', async () => {
    const clock = new VirtualClock();
    const device = new WireScript(...begin, ...Array.from({ length: 200 }, () => busy(0)));
    const sending = download(dfuOn(device, 4096, clock), 3, inPieces(imageOf(4)), { blockMs: 1000, manifestMs: 5000 });
    await expect(sending).rejects.toMatchObject({ code: 'usb/timeout', details: { state: 'dfuDNBUSY' } });
    expect(clock.now()).toBe(1000);
    expect(200 - device.left.length).toBeLessThan(40);
  });
});

test('a model of the board takes the image as it was sent', async () => {
  const board = new BoardModel({ syncFirst: true });
  const image = imageOf(100_000);
  await download(dfuOn(board, 1024), 5, inPieces(image, [1, 5000, 333]), OPTIONS);
  expect(Uint8Array.from(board.landed.get(5) ?? [])).toEqual(image);
});
