import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../../../../src/base/bytes.ts';
import { PhaselineError } from '../../../../src/base/errors.ts';
import { ByteQueue } from '../../../../src/usb/usbip/codec/byte-queue.ts';
import type { DeviceRecord } from '../../../../src/usb/usbip/codec/device-record.ts';
import {
  encodeDevlistReply,
  encodeDevlistRequest,
  encodeImportReply,
  encodeImportRequest,
  takeDevlistReply,
  takeImportReply,
  takeOperationRequest,
} from '../../../../src/usb/usbip/codec/operations.ts';

const BOARD: DeviceRecord = {
  path: '/sys/x',
  busId: '1-2.3',
  busNumber: 1,
  deviceNumber: 42,
  speed: 3,
  vendorId: 0x0483,
  productId: 0xdf11,
  deviceVersion: 0x0200,
  deviceClass: 0,
  deviceSubClass: 0,
  deviceProtocol: 0,
  configurationValue: 1,
  configurations: 1,
  interfaces: 1,
};

/** path, bus id, busnum, devnum, speed, ids, class, configuration, numbers. */
const BOARD_HEX = [
  `2f7379732f78${'00'.repeat(250)}`,
  `312d322e33${'00'.repeat(27)}`,
  '00000001 0000002a 00000003',
  '0483 df11 0200',
  '00 00 00 01 01 01',
].join('');
const DFU = { interfaceClass: 0xfe, interfaceSubClass: 1, interfaceProtocol: 2 };

function queueOf(...pieces: readonly (Uint8Array | string)[]): ByteQueue {
  const queue = new ByteQueue();
  for (const piece of pieces) queue.push(typeof piece === 'string' ? fromHex(piece) : piece);
  return queue;
}

const hex = (text: string) => toHex(fromHex(text));

describe('OP_REQ_DEVLIST and OP_REQ_IMPORT', () => {
  test('look like this', () => {
    expect(toHex(encodeDevlistRequest())).toBe(hex('0111 8005 00000000'));
    expect(toHex(encodeImportRequest('1-2'))).toBe(hex(`0111 8003 00000000 312d32${'00'.repeat(29)}`));
  });

  test('are read back', () => {
    expect(takeOperationRequest(queueOf(encodeDevlistRequest()))).toEqual({ operation: 'devlist' });
    expect(takeOperationRequest(queueOf(encodeImportRequest('1-2')))).toEqual({ operation: 'import', busId: '1-2' });
  });

  test.each([
    ['another version', '0106 8005 00000000'],
    ['another operation', '0111 8004 00000000'],
    ['a reply', '0111 0005 00000000'],
    ['a bus id without an end', `0111 8003 00000000 ${'31'.repeat(32)}`],
    ['a web browser', '474554202f204854'],
  ])('%s is none', (_, bytes) => {
    expect(() => takeOperationRequest(queueOf(bytes))).toThrow(PhaselineError);
  });

  test('wait for their last byte', () => {
    const whole = encodeImportRequest('1-1');
    const queue = new ByteQueue();
    for (const byte of whole.subarray(0, -1)) {
      queue.push(Uint8Array.of(byte));
      expect(takeOperationRequest(queue)).toBeUndefined();
    }
    queue.push(whole.subarray(-1));
    expect(takeOperationRequest(queue)).toEqual({ operation: 'import', busId: '1-1' });
  });
});

describe('OP_REP_DEVLIST', () => {
  test('looks like this', () => {
    expect(toHex(encodeDevlistReply([{ device: BOARD, interfaces: [DFU] }]))).toBe(
      hex(`0111 0005 00000000 00000001 ${BOARD_HEX} fe010200`),
    );
    expect(toHex(encodeDevlistReply([]))).toBe(hex('0111 0005 00000000 00000000'));
  });

  test('is read back, split anywhere', () => {
    const whole = encodeDevlistReply([
      { device: BOARD, interfaces: [DFU, DFU] },
      { device: { ...BOARD, busId: '1-4' }, interfaces: [] },
    ]);
    for (let at = 0; at < whole.length; at += 7) {
      const queue = queueOf(whole.subarray(0, at));
      expect(takeDevlistReply(queue)).toBeUndefined();
      queue.push(whole.subarray(at));
      expect(takeDevlistReply(queue)).toEqual([
        { ...BOARD, interfaces: 2 },
        { ...BOARD, busId: '1-4', interfaces: 0 },
      ]);
    }
  });

  test.each([
    ['a status', '0111 0005 00000001'],
    ['an import reply', '0111 0003 00000000'],
    ['more devices than there are', '0111 0005 00000000 ffffffff'],
    ['a web server', '485454502f312e31'],
  ])('%s is none', (_, bytes) => {
    expect(() => takeDevlistReply(queueOf(bytes))).toThrow(PhaselineError);
  });
});

test.each(['1-1\u001b[2J', '1-1 ', ''])('a bus id that would do more than name a device is refused: %j', (busId) => {
  const reply = encodeDevlistReply([{ device: { ...BOARD, busId }, interfaces: [] }]);
  expect(() => takeDevlistReply(queueOf(reply))).toThrow(/a bus id that is none/);
});

describe('OP_REP_IMPORT', () => {
  test('looks like this', () => {
    expect(toHex(encodeImportReply({ device: BOARD }))).toBe(hex(`0111 0003 00000000 ${BOARD_HEX}`));
    expect(toHex(encodeImportReply({ refused: 2 }))).toBe(hex('0111 0003 00000002'));
  });

  test('is read back, and leaves what follows', () => {
    const queue = queueOf(encodeImportReply({ device: BOARD }), '0102');
    expect(takeImportReply(queue)).toEqual({ device: BOARD });
    expect(queue.length).toBe(2);
    expect(takeImportReply(queueOf(encodeImportReply({ refused: 4 })))).toEqual({ refused: 4 });
  });

  test('of another operation is none', () => {
    expect(() => takeImportReply(queueOf(encodeDevlistReply([])))).toThrow(PhaselineError);
  });
});
