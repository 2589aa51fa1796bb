import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Extent, memoryBytes } from '../../src/base/bytes.ts';
import { isPhaselineError, PhaselineError } from '../../src/base/errors.ts';
import { SimulatedBoard } from '../../src/simulator/board.ts';
import { simulatedBus } from '../../src/simulator/bus.ts';
import { boardProfile } from '../../src/simulator/profiles.ts';
import type { UsbBus, UsbDevice } from '../../src/usb/port.ts';
import { makePattern } from '../image/make.ts';
import { type Bench, type FlashOptions, type FlashRun, flash, makeBench } from './harness.ts';
import { bootFiles, layoutText } from './layouts.ts';

const BOOT = bootFiles('mp15');
const MIB = 2 ** 20;
const CARD = makePattern(9 * MIB + 4097, 41);
const JOB = {
  layout: layoutText(...BOOT.rows, 'P 0x10 card RawImage mmc0 0x0 card.img'),
  images: { ...BOOT.images, 'card.img': CARD },
};

interface Cut extends FlashRun {
  readonly bench: Bench;
  readonly card: Uint8Array;
}

async function flashWith(faults: readonly string[], options: Partial<FlashOptions> = {}): Promise<Cut> {
  const bench = makeBench('stm32mp157c-dk2', { faults });
  const run = await flash(bench, { ...JOB, ...options });
  return { ...run, bench, card: bench.board.storage.mmc.get(0)?.medium(0)?.read(0, CARD.length) ?? new Uint8Array() };
}

const isEqual = (a: Uint8Array, b: Uint8Array) => Buffer.from(a).equals(b);
const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');
const warnings = ({ events }: FlashRun) =>
  events.flatMap((event) => (event.event === 'warning' ? [event.message] : []));

describe('a cable that is out and in, in the middle of a download', () => {
  const blocks = [0, 1, 2, 3, 17, 2046, 2047, 2048, 2049, 2303, 2304, 2305];

  test.each(blocks.flatMap((block) => [1, 16].map((window) => [block, window] as const)))(
    'at block %d, with %d under way: the download goes on there, and the card equals the file',
    async (block, window) => {
      const { result, card, bench } = await flashWith([`unplug for 3000 at phase 0x10 block ${block}`], { window });
      expect(result).toMatchObject({ ok: true, bytes: expect.any(Number) });
      expect(result.phases.at(-1)).toMatchObject({ complete: true, bytesDone: CARD.length, sha256: sha256(CARD) });
      expect(isEqual(card, CARD)).toBe(true);
      expect(bench.board.stage).toBe('prompt');
    },
  );

  test('is told, and that the board is back', async () => {
    const run = await flashWith(['unplug for 3000 at phase 0x10 block 40']);
    expect(warnings(run)).toEqual([
      expect.stringMatching(/^the cable is out \(.*\): waiting up to 30 s for the board$/),
      'the board is back, with its session: the job goes on',
    ]);
    expect(run.result.seconds).toBeGreaterThan(3);
  });

  test('more than once', async () => {
    const faults = [40, 3, 900].map((block) => `unplug for 700 at phase 0x10 block ${block}`);
    const { result, card } = await flashWith(faults);
    expect(result.ok).toBe(true);
    expect(isEqual(card, CARD)).toBe(true);
  });

  test('on another port: the board is known by its serial number', async () => {
    const bench = makeBench('stm32mp157c-dk2', { faults: ['unplug for 3000 at phase 0x10 block 40'] });
    bench.board.connector.onChange(() => {
      if (bench.board.stage === 'uboot' && !bench.board.connector.visible) move(bench, '1-9');
    });
    const { result } = await flash(bench, JOB);
    expect(result.ok).toBe(true);
  });

  test('asks the board nothing on its virtual alternate setting, where one request would corrupt the card', async () => {
    const bench = makeBench('stm32mp157c-dk2', { faults: ['unplug for 3000 at phase 0x10 block 40'] });
    const requests: string[] = [];
    const { intercept } = bench.board.connector;
    bench.board.connector.intercept = (request, proceed) => {
      const { requestType, request: code, value } = request.setup;
      if (requestType === 0x01 && code === 11) requests.push(`select ${value}`);
      if ((requestType & 0x60) === 0x20) requests.push(`${code} ${value}`);
      return intercept ? intercept(request, proceed) : proceed();
    };
    const { result } = await flash(bench, JOB);
    expect(result.ok).toBe(true);
    const last = requests.lastIndexOf('1 39');
    const again = requests.indexOf('1 40', last);
    const between = requests.slice(last, requests.indexOf('1 41', again));
    expect(between.filter((request) => request.startsWith('2 '))).toEqual([]);
    expect(between.filter((request) => request.startsWith('select'))).toEqual(['select 0']);
  });

  /** A controller that notices a cut-off transfer before the hub notices that the device has left. */
  function lateBus({ bus }: Bench): UsbBus {
    const cutOff = (error: unknown) => {
      if (isPhaselineError(error, 'usb/gone')) throw new PhaselineError('usb/io', 'a transfer failed');
      throw error;
    };
    return {
      ...bus,
      async open(info) {
        const device = await bus.open(info);
        const controlOut: UsbDevice['controlOut'] = (...args) => device.controlOut(...args).catch(cutOff);
        return new Proxy(device, {
          get: (target, key) => {
            const value = key === 'controlOut' ? controlOut : Reflect.get(target, key, target);
            return typeof value === 'function' ? value.bind(target) : value;
          },
        });
      },
    };
  }

  test('where the transfer is cut off before the bus knows: the same', async () => {
    const bench = makeBench('stm32mp157c-dk2', { faults: ['unplug for 3000 at phase 0x10 block 40'] });
    const { result } = await flash(bench, { ...JOB, bus: lateBus(bench) });
    expect(result.ok).toBe(true);
  });

  test.each([
    ['stays out', 'unplug at phase 0x10 block 40', 'usb/gone', 'did not come back within 30 s', 'uboot'],
    ['cut the power as well', 'power-cycle at phase 0x10 block 40', 'board/restarted', 'it has lost its power', 'rom'],
  ] as const)('%s: the job ends with the first failure', async (_what, fault, code, says, stage) => {
    const { result, card, bench } = await flashWith([fault]);
    expect(result).toMatchObject({ ok: false, code, exitCode: 7 });
    expect(result.message).toMatch(/^phase 0x10 card \(card.img\): .*left the bus.* \(block 40, 163840 bytes/);
    expect(result.message).toContain(says);
    expect(result.phases.at(-1)).toMatchObject({ complete: false });
    expect(isEqual(card, CARD)).toBe(false);
    expect(bench.board.stage).toBe(stage);
  });

  test('is not waited for with --no-resume', async () => {
    const { result } = await flashWith(['unplug for 3000 at phase 0x10 block 40'], { replug: false });
    expect(result).toMatchObject({ ok: false, code: 'usb/gone' });
    expect(result.seconds).toBeLessThan(3);
  });

  test('before another board took its place: that one is left alone', async () => {
    const bench = makeBench('stm32mp157c-dk2', { faults: ['unplug at phase 0x10 block 40'] });
    const { clock, board } = bench;
    const serial = 'AAAABBBBCCCCDDDDEEEEFFFF';
    const other = new SimulatedBoard({ profile: boardProfile('stm32mp157c-dk2'), clock, serial });
    board.connector.onChange(() => {
      if (board.stage === 'uboot' && !board.connector.visible && board.connector.enumeration > 2) other.powerOn();
    });
    const { result } = await flash(bench, { ...JOB, bus: simulatedBus([board, other], clock) });
    expect(result).toMatchObject({ ok: false, code: 'board/other-device' });
    expect(result.message).toContain(`now holds ${serial}`);
    expect(other.stage).toBe('rom');
  });
});

describe('a cable that is out and in where the answer to a block is lost', () => {
  test.each([0, 1, 2, 3, 17, 2047, 2048, 2303])(
    'at block %d: ends as a failure, and the board is reset',
    async (block) => {
      const { result, bench } = await flashWith([`unplug-behind for 3000 at phase 0x10 block ${block}`]);
      expect(result).toMatchObject({ ok: false, code: 'board/not-resumed', exitCode: 7 });
      expect(result.message).toContain(`the cable was out at block ${block} `);
      expect(result.message).toContain('the board did not go on there');
      expect(bench.board.stage).toBe('rom');
      expect((await flash(bench, JOB)).result.ok).toBe(true);
    },
  );

  test.each(['unplug', 'unplug-behind'])('%s at the end of the image: the same', async (fault) => {
    const { result, bench } = await flashWith([`${fault} for 3000 at phase 0x10 end`]);
    expect(result).toMatchObject({ ok: false, code: 'board/not-resumed' });
    expect(result.message).toContain('the cable was out at the end of the image');
    expect(bench.board.stage).toBe('rom');
  });
});

describe('a cable that is out and in at any transfer of U-Boot’s session', () => {
  const images = {
    'a.img': makePattern(30_001, 42),
    'b.img': makePattern(65_536, 43),
    'c.img': makePattern(4_096, 44),
  };
  const layout = layoutText(
    ...BOOT.rows,
    'P 0x10 a System mmc0 0x100000 a.img',
    'P 0x11 b System mmc0 0x200000 b.img',
    'P 0x12 c System mmc0 0x300000 c.img',
  );
  const holes: Readonly<Record<string, readonly Extent[]>> = {
    'b.img': [
      { offset: 4_096, length: 8_192 },
      { offset: 32_768, length: 1_024 },
    ],
  };
  const places = { 'a.img': 0x10_0000, 'b.img': 0x20_0000, 'c.img': 0x30_0000 } as const;

  function landed({ board }: Bench, name: keyof typeof places): boolean {
    const medium = board.storage.mmc.get(0)?.medium(0);
    const extents = holes[name] ?? [{ offset: 0, length: images[name].length }];
    return extents.every(({ offset, length }) =>
      isEqual(
        medium?.read(places[name] + offset, length) ?? new Uint8Array(),
        images[name].slice(offset, offset + length),
      ),
    );
  }

  function expectLanded(bench: Bench, ok: boolean): void {
    if (ok) for (const name of ['a.img', 'b.img', 'c.img'] as const) expect(landed(bench, name), name).toBe(true);
  }

  /** Numbers of the requests from U-Boot's second appearance on, in a job that nothing disturbs. */
  async function transfersOfSession(): Promise<{ readonly first: number; readonly last: number }> {
    const bench = makeBench('stm32mp157c-dk2', { faults: ['stall at transfer 100000'] });
    const { connector } = bench.board;
    const { intercept } = connector;
    let last = 0;
    let first = 0;
    connector.onChange(() => {
      if (connector.visible) first = last + 1;
    });
    connector.intercept = (request, proceed) => {
      last += 1;
      return intercept ? intercept(request, proceed) : proceed();
    };
    expect((await flash(bench, job)).result.ok).toBe(true);
    return { first, last };
  }

  const sparse = { ...memoryBytes(images['b.img']), mapped: holes['b.img'] as readonly Extent[] };
  const job = { layout, images: { ...BOOT.images, ...images, 'b.img': sparse } };
  const kinds = ['unplug', 'unplug-behind'] as const;

  test.each(kinds)('%s: goes on, or ends as a failure; never with other bytes on the card', async (kind) => {
    const codes: string[] = [];
    const { first, last } = await transfersOfSession();
    for (let transfer = first; transfer <= last; transfer += 1) {
      const bench = makeBench('stm32mp157c-dk2', { faults: [`${kind} for 900 at transfer ${transfer}`] });
      const { result } = await flash(bench, { ...job, window: transfer % 2 === 0 ? 16 : 1 });
      expectLanded(bench, result.ok);
      codes.push(result.code);
    }
    expect(new Set(codes)).toEqual(new Set(['ok', 'board/not-resumed']));
    const ok = codes.filter((code) => code === 'ok').length;
    expect(ok / codes.length).toBeGreaterThan(kind === 'unplug' ? 0.8 : 0.5);
  });

  test('whatever the window, the place and how often', async () => {
    const cut = fc.tuple(
      fc.constantFrom(...kinds, 'unplug', 'unplug'),
      fc.integer({ min: 80, max: 260 }),
      fc.nat(2_000),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(cut, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 64 }),
        async (cuts, window) => {
          const faults = cuts.map(([kind, transfer, ms]) => `${kind} for ${ms} at transfer ${transfer}`);
          const bench = makeBench('stm32mp157c-dk2', { faults });
          const { result } = await flash(bench, { ...job, window });
          expectLanded(bench, result.ok);
          expect(result.code).not.toBe('bug/unexpected');
          expect(result.seconds).toBeLessThan(100);
        },
      ),
      { numRuns: 60 },
    );
  });
});

function move({ board }: Bench, port: string): void {
  Object.defineProperty(board, 'port', { value: port });
}
