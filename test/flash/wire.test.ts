import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Bytes, memoryBytes } from '../../src/base/bytes.ts';
import type { ControlSetup, UsbBus, UsbDevice } from '../../src/usb/port.ts';
import { makePattern } from '../image/make.ts';
import { type Bench, flash, makeBench } from './harness.ts';
import { bootFiles, layoutText } from './layouts.ts';
import { patternsIn, sparseBytes } from './sparse-bytes.ts';

interface Request extends ControlSetup {
  readonly length: number;
  readonly reply?: Uint8Array;
}

/** Every control transfer in the order in which it was started. */
function listening(bus: UsbBus, trace: Request[]): UsbBus {
  const wrap = (device: UsbDevice): UsbDevice => ({
    info: device.info,
    controlIn: async (setup, length, timeoutMs) => {
      const entry: { -readonly [K in keyof Request]: Request[K] } = { ...setup, length };
      trace.push(entry);
      const reply = await device.controlIn(setup, length, timeoutMs);
      entry.reply = reply;
      return reply;
    },
    controlOut: (setup, data, timeoutMs) => {
      trace.push({ ...setup, length: data.length });
      return device.controlOut(setup, data, timeoutMs);
    },
    selectAlternate: (alternate, timeoutMs) => {
      trace.push({ requestType: 0x01, request: 11, value: alternate, index: 0, length: 0 });
      return device.selectAlternate(alternate, timeoutMs);
    },
    bulkIn: (endpoint, length, timeoutMs) => device.bulkIn(endpoint, length, timeoutMs),
    bulkOut: (endpoint, data, timeoutMs) => device.bulkOut(endpoint, data, timeoutMs),
    reset: () => device.reset(),
    close: () => device.close(),
  });
  return { ...bus, open: async (info) => wrap(await bus.open(info)) };
}

const isDnload = (request: Request) => request.requestType === 0x21 && request.request === 1;
const isGetStatus = (request: Request) => request.requestType === 0xa1 && request.request === 3;
const DFU_IDLE = 2;

/** What a host must never do (FINDINGS traps 1 and 2, §3), told of one whole job. */
function faultsOf(trace: readonly Request[]): string[] {
  const faults: string[] = [];
  let open = false;
  let block = 0;
  let manifesting = false;
  for (const request of trace) {
    if (isDnload(request)) {
      if (!open) block = 0;
      if (request.value !== block) faults.push(`block ${request.value} instead of ${block}`);
      if (request.length > 4096) faults.push(`a block of ${request.length} bytes`);
      block = (block + 1) & 0xffff;
      open = true;
      manifesting = request.length === 0;
    } else if (isGetStatus(request)) {
      if (manifesting && request.reply?.[4] === DFU_IDLE) open = false;
      if (!open) manifesting = false;
    } else if (open) {
      faults.push(`request ${request.requestType}/${request.request} in the middle of a download`);
    }
  }
  return faults;
}

/** A third of it, in ranges of 3000 bytes with holes of 6000 between. */
function withHoles(size: number): Bytes {
  const count = Math.ceil(size / 9000);
  const ranges = Array.from({ length: count }, (_, i) => ({
    offset: i * 9000,
    length: Math.min(3000, size - i * 9000),
  }));
  return sparseBytes(size, patternsIn(ranges));
}

test('a whole job never asks for anything else between the first block of a file and its manifest', async () => {
  const partition = fc.integer({ min: 1, max: 150_000 });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('stm32mp157c-dk2', 'stm32mp135f-dk', 'stm32mp257f-ev1'),
      fc.array(partition, { minLength: 1, maxLength: 5 }),
      fc.array(fc.integer({ min: 0x04, max: 0xf0 }), { minLength: 5, maxLength: 5 }),
      async (profile, sizes, ids) => {
        fc.pre(new Set(ids).size === ids.length);
        const boot = bootFiles(profile === 'stm32mp157c-dk2' ? 'mp15' : profile === 'stm32mp135f-dk' ? 'mp13' : 'mp25');
        const rows = sizes.map(
          (_, i) =>
            `P 0x${ids[i]?.toString(16)} part${i} Binary mmc0 0x${(0x4400 + i * 0x40000).toString(16)} part${i}.bin`,
        );
        // Every other image has holes: a few ranges, each a download of its own.
        const images = sizes.map((size, i) => (i % 2 === 0 ? memoryBytes(makePattern(size)) : withHoles(size)));
        const bench: Bench = makeBench(profile);
        const trace: Request[] = [];
        const layout = layoutText(...boot.rows, ...rows);
        const { result } = await flash(bench, {
          layout,
          images: { ...boot.images, ...Object.fromEntries(images.map((image, i) => [`part${i}.bin`, image])) },
          bus: listening(bench.bus, trace),
        });
        expect(result).toMatchObject({ ok: true });
        expect(trace.filter(isDnload).length).toBeGreaterThan(sizes.length);
        expect(faultsOf(trace)).toEqual([]);
        const card = bench.board.storage.mmc.get(0);
        for (const [i, image] of images.entries()) {
          for (const { offset, length } of image.mapped ?? [{ offset: 0, length: image.size }]) {
            const written = card?.read(0, 0x4400 + i * 0x40000 + offset, length);
            expect(written).toEqual(await image.read(offset, length));
          }
        }
      },
    ),
    { numRuns: 12 },
  );
}, 120_000);

test('the judge of such traces sees a foreign request and a wrong block', () => {
  const dnload = (value: number, length: number): Request => ({
    requestType: 0x21,
    request: 1,
    value,
    index: 0,
    length,
  });
  const upload: Request = { requestType: 0xa1, request: 2, value: 0, index: 0, length: 512 };
  expect(faultsOf([dnload(0, 4096), upload])).toEqual(['request 161/2 in the middle of a download']);
  expect(faultsOf([dnload(2, 4096)])).toEqual(['block 2 instead of 0']);
});
