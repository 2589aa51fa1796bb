import fc from 'fast-check';
import { expect, test } from 'vitest';
import { download } from '../../src/dfu/download.ts';
import { BoardModel, type ModelOptions, type Seen } from './board-model.ts';
import { dfuOn } from './dfu-on.ts';
import { imageOf, inPieces } from './stream.ts';

const OPTIONS = { blockMs: 5000, manifestMs: 5000 } as const;

/**
 * What came between the first block of each image and the end of its manifest, or the end of the
 * trace, that has no business there (FINDINGS trap 1).
 */
function intruders(trace: readonly Seen[]): Seen[] {
  const found: Seen[] = [];
  let image: number | undefined;
  let statusesAfterZero: number | undefined;
  for (const seen of trace) {
    if (image === undefined) {
      if (seen.request === 'DNLOAD') image = seen.alternate;
      continue;
    }
    if (statusesAfterZero === 2) {
      image = seen.request === 'DNLOAD' ? seen.alternate : undefined;
      statusesAfterZero = undefined;
      continue;
    }
    if (seen.alternate !== image || !['DNLOAD', 'GETSTATUS'].includes(seen.request)) found.push(seen);
    if (seen.request === 'DNLOAD' && seen.length === 0) statusesAfterZero = 0;
    if (seen.request === 'GETSTATUS' && statusesAfterZero !== undefined) statusesAfterZero += 1;
  }
  return found;
}

const code = fc.constantFrom('usb/stall', 'usb/timeout', 'usb/gone', 'usb/io');
const job = fc.record({
  images: fc.array(fc.record({ alternate: fc.nat(7), length: fc.integer({ min: 1, max: 400 }) }), {
    minLength: 1,
    maxLength: 3,
  }),
  pieces: fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 4 }),
  transferSize: fc.integer({ min: 1, max: 64 }),
  syncFirst: fc.boolean(),
  failAt: fc.option(fc.record({ transfer: fc.nat(60), code }), { nil: undefined }),
});

test('nothing but DNLOAD and GETSTATUS of the same alternate comes between a first block and its manifest', async () => {
  await fc.assert(
    fc.asyncProperty(job, async ({ images, pieces, transferSize, syncFirst, failAt }) => {
      const options: ModelOptions = failAt ? { syncFirst, failAt } : { syncFirst };
      const board = new BoardModel(options);
      const dfu = dfuOn(board, transferSize);
      const refusals: Promise<unknown>[] = [];
      let failed = false;
      for (const { alternate, length } of images) {
        try {
          await download(dfu, alternate, inPieces(imageOf(length), pieces), {
            ...OPTIONS,
            // Somebody who wants the phase, or to give up, while the image is under way.
            onProgress: () => {
              refusals.push(dfu.select((alternate + 1) % 8), dfu.getStatus(), dfu.abort(), dfu.detach());
            },
          });
          expect(board.landed.get(alternate)?.length).toBe(length);
        } catch {
          failed = true;
          break;
        }
      }
      expect(intruders(board.seen)).toEqual([]);
      for (const { status } of await Promise.allSettled(refusals)) expect(status).toBe('rejected');
      const hit = failAt !== undefined && failAt.transfer < board.seen.length;
      expect(failed).toBe(hit);
      if (hit) expect(board.seen.length).toBe(failAt.transfer + 1);
      const sizes = board.seen.filter(({ request }) => request === 'DNLOAD').map(({ length }) => length);
      expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(transferSize);
    }),
    { numRuns: 300 },
  );
});

test('the property sees a GetPhase in the middle of an image', () => {
  const seen = (request: Seen['request'], alternate: number, length = 0): Seen => ({
    request,
    value: 0,
    length,
    alternate,
  });
  const good = [
    seen('SET_INTERFACE', 0),
    seen('DNLOAD', 3, 9),
    seen('GETSTATUS', 3),
    seen('DNLOAD', 3),
    seen('GETSTATUS', 3),
  ];
  expect(intruders([...good, seen('GETSTATUS', 3), seen('UPLOAD', 1)])).toEqual([]);
  expect(intruders([...good, seen('UPLOAD', 1)])).toHaveLength(1);
  expect(intruders([seen('DNLOAD', 3, 9), seen('GETSTATUS', 3), seen('ABORT', 3)])).toHaveLength(1);
});
