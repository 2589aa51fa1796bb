import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../../../../src/base/bytes.ts';
import { PhaselineError } from '../../../../src/base/errors.ts';
import { ByteQueue } from '../../../../src/usb/usbip/codec/byte-queue.ts';
import {
  decodeSetup,
  encodeSetup,
  encodeSubmitReply,
  encodeUnlink,
  encodeUnlinkReply,
  takeCommand,
  takeReply,
} from '../../../../src/usb/usbip/codec/urbs.ts';
import { encodeSubmit } from '../submit.ts';

const hex = (text: string) => toHex(fromHex(text));

function queueOf(...pieces: readonly (Uint8Array | string)[]): ByteQueue {
  const queue = new ByteQueue();
  for (const piece of pieces) queue.push(typeof piece === 'string' ? fromHex(piece) : piece);
  return queue;
}

/** DNLOAD of block 1 with 4 bytes, and GETSTATUS. */
const DNLOAD = {
  sequence: 7,
  deviceId: 0x0001002a,
  direction: 0,
  endpoint: 0,
  length: 4,
  setup: fromHex('2101 0100 0000 0400'),
  data: fromHex('deadbeef'),
} as const;
const GETSTATUS = {
  sequence: 8,
  deviceId: 0x0001002a,
  direction: 1,
  endpoint: 0,
  length: 6,
  setup: fromHex('a103 0000 0000 0600'),
  data: new Uint8Array(0),
} as const;

//                          command  seqnum   devid    direct.  ep       flags    length   start    packets  interval
const DNLOAD_HEX = hex(
  '00000001 00000007 0001002a 00000000 00000000 00000000 00000004 00000000 00000000 00000000 2101010000000400 deadbeef',
);
const GETSTATUS_HEX = hex(
  '00000001 00000008 0001002a 00000001 00000000 00000000 00000006 00000000 00000000 00000000 a103000000000600',
);

describe('USBIP_CMD_SUBMIT', () => {
  test('looks like this', () => {
    expect(toHex(encodeSubmit(DNLOAD))).toBe(DNLOAD_HEX);
    expect(toHex(encodeSubmit(GETSTATUS))).toBe(GETSTATUS_HEX);
  });

  test('is read back, two of them in one piece', () => {
    const queue = queueOf(DNLOAD_HEX + GETSTATUS_HEX);
    expect(takeCommand(queue)).toEqual({ command: 'submit', ...DNLOAD });
    expect(takeCommand(queue)).toEqual({ command: 'submit', ...GETSTATUS });
    expect(takeCommand(queue)).toBeUndefined();
  });

  test('waits for its data', () => {
    const queue = queueOf(DNLOAD_HEX.slice(0, -2));
    expect(takeCommand(queue)).toBeUndefined();
    queue.push(fromHex('ef'));
    expect(takeCommand(queue)).toEqual({ command: 'submit', ...DNLOAD });
  });

  test('may say that it is not isochronous in both ways', () => {
    const packets = GETSTATUS_HEX.replace('0000000600000000 00000000'.replace(' ', ''), '0000000600000000ffffffff');
    expect(packets).not.toBe(GETSTATUS_HEX);
    expect(takeCommand(queueOf(packets))).toEqual({ command: 'submit', ...GETSTATUS });
  });

  test.each([
    ['another command', 0, '00000005'],
    ['another direction', 12, '00000002'],
    ['endpoint 16', 16, '00000010'],
    ['more than a MiB', 24, '00100001'],
    ['a negative length', 24, 'ffffffff'],
    ['isochronous packets', 32, '00000001'],
  ])('%s is refused at once', (_, at, field) => {
    const bytes = fromHex(GETSTATUS_HEX);
    bytes.set(fromHex(field), at);
    expect(() => takeCommand(queueOf(bytes))).toThrow(PhaselineError);
  });
});

describe('USBIP_CMD_UNLINK', () => {
  test('looks like this, and is read back', () => {
    const unlink = { sequence: 9, deviceId: 0x0001002a, target: 7 };
    const bytes = encodeUnlink(unlink);
    expect(toHex(bytes)).toBe(hex(`00000002 00000009 0001002a 00000000 00000000 00000007 ${'00'.repeat(24)}`));
    expect(takeCommand(queueOf(bytes))).toEqual({ command: 'unlink', ...unlink });
  });
});

describe('USBIP_RET_SUBMIT', () => {
  const received = { sequence: 8, status: 0, actualLength: 6, data: fromHex('000000000500') };

  test('looks like this', () => {
    expect(toHex(encodeSubmitReply(received))).toBe(
      hex(`00000003 00000008 00000000 00000000 00000000 00000000 00000006 ${'00'.repeat(20)} 000000000500`),
    );
    expect(toHex(encodeSubmitReply({ sequence: 7, status: -32, actualLength: 0, data: new Uint8Array(0) }))).toBe(
      hex(`00000003 00000007 00000000 00000000 00000000 ffffffe0 00000000 ${'00'.repeat(20)}`),
    );
  });

  test('is read with data for IN, and without for OUT, whatever its length says', () => {
    expect(takeReply(queueOf(encodeSubmitReply(received)), () => 6)).toEqual({ reply: 'submit', ...received });
    const queue = queueOf(encodeSubmitReply({ ...received, data: new Uint8Array(0) }), '99');
    expect(takeReply(queue, () => 0)).toMatchObject({ actualLength: 6, data: new Uint8Array(0) });
    expect(queue.length).toBe(1);
  });

  test('keeps its data when the chunk it came in is used again', () => {
    const chunk = encodeSubmitReply(received);
    const reply = takeReply(queueOf(chunk), () => 6);
    chunk.fill(0);
    expect(reply).toMatchObject({ data: received.data });
  });

  test.each([
    ['with more data than asked for', encodeSubmitReply(received), () => 5],
    ['to a transfer that was never sent', encodeSubmitReply(received), () => undefined],
    ['that is a command', encodeSubmit(GETSTATUS), () => 6],
  ])('%s is refused', (_, bytes, limit) => {
    expect(() => takeReply(queueOf(bytes), limit)).toThrow(PhaselineError);
  });
});

describe('USBIP_RET_UNLINK', () => {
  test('looks like this, and is read back', () => {
    const bytes = encodeUnlinkReply({ sequence: 9, status: -104 });
    expect(toHex(bytes)).toBe(hex(`00000004 00000009 00000000 00000000 00000000 ffffff98 ${'00'.repeat(24)}`));
    expect(takeReply(queueOf(bytes), () => 0)).toEqual({ reply: 'unlink', sequence: 9, status: -104 });
  });
});

describe('a SETUP packet', () => {
  test('is little endian, unlike all around it', () => {
    const setup = { requestType: 0x21, request: 0, value: 1000, index: 0x0203, length: 0x1000 };
    expect(toHex(encodeSetup(setup))).toBe('2100e80303020010');
    expect(decodeSetup(encodeSetup(setup))).toEqual(setup);
  });
});

describe('any bytes', () => {
  test('are commands, wait for more, or are refused with usb/protocol', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 120 }), { maxLength: 8 }), (pieces) => {
        const queue = new ByteQueue();
        for (const piece of pieces) {
          queue.push(piece);
          try {
            for (let i = 0; i < 10 && takeCommand(queue) !== undefined; i += 1);
            for (let i = 0; i < 10 && takeReply(queue, () => 64) !== undefined; i += 1);
          } catch (error) {
            if (!(error instanceof PhaselineError) || error.code !== 'usb/protocol') throw error;
            return;
          }
        }
      }),
    );
  });
});
