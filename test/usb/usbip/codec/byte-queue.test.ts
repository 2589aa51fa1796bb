import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteQueue } from '../../../../src/usb/usbip/codec/byte-queue.ts';

describe('a byte queue', () => {
  test('gives nothing until enough has come, and loses nothing then', () => {
    const queue = new ByteQueue();
    queue.push(Uint8Array.of(1, 2));
    expect(queue.take(3)).toBeUndefined();
    queue.push(Uint8Array.of(3));
    expect(queue.peek(3)).toEqual(Uint8Array.of(1, 2, 3));
    expect(queue.take(3)).toEqual(Uint8Array.of(1, 2, 3));
    expect(queue.length).toBe(0);
  });

  test('gives back a stream however it was cut, and never changes what it gave', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 60 });
    fc.assert(
      fc.property(sizes, sizes, (pushes, takes) => {
        const queue = new ByteQueue();
        const given: Uint8Array[] = [];
        let pushed = 0;
        for (let i = 0; i < Math.max(pushes.length, takes.length); i += 1) {
          const size = pushes[i] ?? 0;
          queue.push(Uint8Array.from({ length: size }, (_, at) => pushed + at));
          pushed += size;
          const taken = queue.take(takes[i] ?? 0);
          if (taken) given.push(taken);
        }
        const rest = queue.take(queue.length);
        if (rest) given.push(rest);
        const all = given.flatMap((piece) => [...piece]);
        expect(all).toEqual(Array.from({ length: pushed }, (_, at) => at & 0xff));
      }),
    );
  });
});
