import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Bytes } from '../../src/base/bytes.ts';
import { PhaselineError } from '../../src/base/errors.ts';
import type { FramedEvent } from '../../src/flash/events.ts';
import { makePattern } from '../image/make.ts';
import { type BenchOptions, type FlashOptions, flash, makeBench } from './harness.ts';
import { bootFiles, layoutText } from './layouts.ts';
import { patternsIn, sparseBytes } from './sparse-bytes.ts';

const EV1 = 'stm32mp157c-ev1';
const BOOT = bootFiles('mp15');
const FSBL = BOOT.images['tf-a.stm32'] as Uint8Array;

const UBI = 'ubi System nand0 0xA00000';

type Images = Readonly<Record<string, Uint8Array | Bytes>>;

/** Flashes and reads back. */
async function verified(rows: readonly string[], images: Images, options: BenchOptions & Partial<FlashOptions> = {}) {
  const { faults = [], ...change } = options;
  const bench = makeBench(EV1, { faults });
  return flash(bench, {
    layout: layoutText(...BOOT.rows, ...rows),
    images: { ...BOOT.images, ...images },
    verify: 'readback',
    ...change,
  });
}

const SD = ['P 0x10 bootfs System mmc0 0x4400 a.img', 'P 0x11 rootfs FileSystem mmc0 0x204400 b.img'];
const A = makePattern(70_001, 5);
const B = makePattern(20_480, 6);
const CARD = { 'a.img': A, 'b.img': B };

describe('--verify readback', () => {
  test('tells beforehand, reads each file back before DETACH, and says so in the result', async () => {
    const { result, story } = await verified(SD, CARD);
    expect(result).toMatchObject({ ok: true, exitCode: 0, verified: 'readback' });
    expect(story[0]).toBe('verify planned');
    expect(story.slice(-6)).toEqual([
      'verify reading 0x10',
      'verify equal 0x10',
      'verify reading 0x11',
      'verify equal 0x11',
      'detach uboot',
      'result ok',
    ]);
  });

  test('tells sizes, times and what was read', async () => {
    const { events } = await verified(SD, CARD);
    const [planned, first, equal] = events.filter(({ event }) => event === 'verify');
    expect(planned).toMatchObject({ step: 'planned', bytes: 90_481, seconds: expect.closeTo(23 * 0.00206, 6) });
    expect(first).toMatchObject({ step: 'reading', id: '0x10', bytes: 70_001, index: 1, count: 2 });
    const sha256 = createHash('sha256').update(A).digest('hex');
    expect(equal).toMatchObject({ step: 'equal', id: '0x10', bytes: 70_001, sha256 });
    const reading = events.indexOf(first as (typeof events)[0]);
    const progress = events.slice(reading).find(({ event }) => event === 'progress');
    expect(progress).toMatchObject({ id: '0x10', bytesTotal: 70_001 });
  });

  test.each<[medium: string, row: string, fault: string, offset: number]>([
    ['a card', SD[0] as string, `flip mmc0 byte ${0x4400 + 70_000} bit 0`, 70_000],
    ['a card, in the first byte', SD[0] as string, `flip mmc0 byte ${0x4400} bit 7`, 0],
    ['an eMMC', 'P 0x10 bootfs System mmc1 0x80000 a.img', `flip mmc1 byte ${0x80000 + 4096} bit 3`, 4096],
    ['NOR flash', 'P 0x10 fsbl1 Binary nor0 0x0 a.img', 'flip nor0 byte 4095 bit 3', 4095],
    ['NAND flash', 'P 0x10 fsbl Binary nand0 0x0 a.img', 'flip nand0 byte 65536 bit 3', 65_536],
  ])('finds a bit that turned over on %s, with its place; the board is detached', async (_name, row, fault, offset) => {
    const { result, story } = await verified(withNeighbours(row), { 'a.img': A }, { faults: [fault] });
    expect(result).toMatchObject({ ok: false, exitCode: 8, code: 'verify/difference', verified: 'none' });
    expect(result.message).toMatch(
      new RegExp(`^phase 0x10 \\w+ \\(a\\.img\\): at byte ${offset} 0x.. was sent and 0x.. `),
    );
    expect(result.phases.every(({ complete }) => complete)).toBe(true);
    expect(story.slice(-2)).toEqual(['detach uboot', 'result verify/difference']);
  });

  test.each([1, 2] as const)('finds a byte that turned over in boot%i', async (number) => {
    const bench = makeBench(EV1);
    const boot = bench.board.storage.mmc.get(1)?.medium(number);
    const layout = layoutText(
      ...BOOT.rows,
      'P 0x04 fsbl1 Binary mmc1 boot1 a.img',
      'P 0x05 fsbl2 Binary mmc1 boot2 a.img',
      'P 0x10 bootfs System mmc1 0x80000 b.img',
    );
    const { result } = await flash(bench, {
      layout,
      images: { ...BOOT.images, ...CARD },
      verify: 'readback',
      show: whenReading(() => boot?.write(30_000, Uint8Array.of((A[30_000] as number) ^ 0x10))),
    });
    expect(result).toMatchObject({ code: 'verify/difference', exitCode: 8 });
    expect(result.message).toContain(`phase 0x0${3 + number} fsbl${number} (a.img): at byte 30000 `);
  });

  test('that loses the board says so, and where it was', async () => {
    const bench = makeBench(EV1, { faults: [] });
    const { result } = await flash(bench, {
      layout: layoutText(...BOOT.rows, ...SD),
      images: { ...BOOT.images, ...CARD },
      verify: 'readback',
      show: whenReading(() => bench.board.connector.unplug()),
    });
    expect(result).toMatchObject({ code: 'usb/gone', exitCode: 7, verified: 'none' });
    expect(result.message).toMatch(/^phase 0x10 bootfs \(a\.img\), reading back: the device left the bus/);
  });

  test('compares the ranges that were sent, whatever lies between', async () => {
    const ranges = [8192, 40_960].map((offset) => ({ offset, length: 4096 }));
    const image = sparseBytes(1_000_000, patternsIn(ranges));
    const faults = [`flip mmc0 byte ${0x4400 + 41_000} bit 1`];
    const good = await verified([SD[0] as string], { 'a.img': image });
    expect(good.result).toMatchObject({ ok: true, verified: 'readback' });
    expect(good.events.find(({ event }) => event === 'verify')).toMatchObject({ bytes: 45_056 });
    const bad = await verified([SD[0] as string], { 'a.img': image }, { faults });
    expect(bad.result.message).toContain('at byte 41000');
  });

  test('reads NAND over its bad blocks', async () => {
    const rows = withNeighbours('P 0x10 fsbl Binary nand0 0x0 a.img');
    const image = makePattern(400_000, 8);
    const { result } = await verified(rows, { 'a.img': image }, { faults: ['bad-block nand0 1'] });
    expect(result).toMatchObject({ ok: true, verified: 'readback' });
  });

  test('reads NOR and NAND in one go, whose erase blocks differ', async () => {
    const rows = [
      ...withNeighbours('P 0x10 fsbl1 Binary nor0 0x0 a.img'),
      ...withNeighbours('P 0x40 fsbl Binary nand0 0x0 b.img').map((row) => row.replace(' 0x2', ' 0x5')),
    ];
    const { result } = await verified(rows, { 'a.img': A, 'b.img': makePattern(300_000, 9) });
    expect(result).toMatchObject({ code: 'ok', verified: 'readback' });
  });

  test('takes copies of an FSBL for what they are: made by U-Boot, and not read back', async () => {
    const { result, events } = await verified(withNeighbours('P 0x04 fsbl Binary(2) nand0 0x0 a.img'), {
      'a.img': FSBL,
    });
    expect(result).toMatchObject({ ok: true, verified: 'readback' });
    expect(events.filter(({ event }) => event === 'warning')).toMatchObject([
      { message: 'a.img: U-Boot makes 1 further copy of it itself; only the first one is read back' },
    ]);
  });

  test.each([
    ['UBI', `P 0x13 ${UBI} a.img`, 'it is a UBI partition'],
    ['memory', 'P 0x13 kernel System ram0 0xC4000000 a.img', 'it goes to memory'],
  ])('refuses %s before anything is sent', async (_name, row, reason) => {
    const { result, story } = await verified([row], { 'a.img': A });
    expect(result).toMatchObject({ ok: false, exitCode: 2, code: 'usage/arguments', bytes: 0 });
    expect(result.message).toContain(reason);
    expect(story).toEqual(['result usage/arguments']);
  });

  test('an image that is another one by now is told as that', async () => {
    const image = sparseBytes(10_000, [{ offset: 0, data: A.slice(0, 10_000) }]);
    let streams = 0;
    const changing: Bytes = {
      ...image,
      stream: (offset, length) => {
        streams += 1;
        return streams > 1 ? failing() : image.stream(offset, length);
      },
    };
    const { result, story } = await verified([SD[0] as string], { 'a.img': changing });
    expect(result).toMatchObject({ ok: false, code: 'files/changed', verified: 'none' });
    expect(story.at(-2)).toBe('detach uboot');
  });

  test('ends where its user stops it, with DETACH', async () => {
    const stop = new AbortController();
    const interrupted = new PhaselineError('interrupted/sigint', 'stopped by SIGINT');
    const { result, story } = await verified(SD, CARD, {
      signal: stop.signal,
      show: whenReading(() => stop.abort(interrupted)),
    });
    expect(result).toMatchObject({ ok: false, exitCode: 130, verified: 'none' });
    expect(story.slice(-2)).toEqual(['detach uboot', 'result interrupted/sigint']);
  });

  test('a cable that is pulled while it reads is a lost link, and nothing is verified', async () => {
    const bench = makeBench(EV1);
    const { result } = await flash(bench, {
      layout: layoutText(...BOOT.rows, ...SD),
      images: { ...BOOT.images, ...CARD },
      verify: 'readback',
      show: whenReading(() => bench.board.powerOff()),
    });
    expect(result).toMatchObject({ ok: false, exitCode: 7, verified: 'none' });
  });
});

/** U-Boot wants every partition of raw flash in the layout, as its device tree has them. */
function withNeighbours(row: string): readonly string[] {
  if (row.includes('nand0')) {
    return [
      row,
      'PE 0x21 fip-a1 FIP nand0 0x200000 none',
      'PE 0x22 fip-a2 FIP nand0 0x600000 none',
      `PE 0x23 ${UBI} none`,
    ];
  }
  if (!row.includes('nor0')) return [row];
  const starts = [0x40000, 0x80000, 0xc0000, 0x100000, 0x500000, 0x900000, 0x980000];
  return [
    row,
    ...starts.map((start, i) => `PE 0x${(0x21 + i).toString(16)} p${i} Binary nor0 0x${start.toString(16)} none`),
  ];
}

function whenReading(act: () => void) {
  return (event: FramedEvent) => {
    if (event.event === 'verify' && event.step === 'reading' && event.index === 1) act();
  };
}

async function* failing(): AsyncGenerator<Uint8Array> {
  yield* [];
  throw new PhaselineError('files/changed', 'a.img changed while it was being read');
}
