import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../../src/base/bytes.ts';
import { DFU_STATE, DFU_STATUS } from '../../src/dfu/constants.ts';
import { decodeStatus, encodeStatus, stateName, statusName } from '../../src/dfu/status.ts';

describe('a GETSTATUS reply', () => {
  test.each([
    ['00 000000 05 00', { status: 0, pollTimeoutMs: 0, state: DFU_STATE.dfuDNLOAD_IDLE, stringIndex: 0 }],
    ['00 010000 07 00', { status: 0, pollTimeoutMs: 1, state: DFU_STATE.dfuMANIFEST, stringIndex: 0 }],
    ['0e 000000 0a 00', { status: DFU_STATUS.errUNKNOWN, pollTimeoutMs: 0, state: DFU_STATE.dfuERROR, stringIndex: 0 }],
    ['00 563412 04 09', { status: 0, pollTimeoutMs: 0x123456, state: DFU_STATE.dfuDNBUSY, stringIndex: 9 }],
    ['00 ffffff 04 00', { status: 0, pollTimeoutMs: 16777215, state: DFU_STATE.dfuDNBUSY, stringIndex: 0 }],
  ])('%s is read and written, poll timeout with all its 24 bits', (hex, status) => {
    expect(decodeStatus(fromHex(hex))).toEqual(status);
    expect(toHex(encodeStatus(status))).toBe(hex.replaceAll(' ', ''));
  });

  test('is the same after writing and reading', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    const any = fc.record({
      status: byte,
      pollTimeoutMs: fc.integer({ min: 0, max: 0xffffff }),
      state: byte,
      stringIndex: byte,
    });
    fc.assert(
      fc.property(any, (status) => {
        expect(decodeStatus(encodeStatus(status))).toEqual(status);
      }),
    );
  });

  test.each(['', '00', '00 000000 05', '00 000000 05 00 00'])('of the wrong length is refused: "%s"', (hex) => {
    expect(() => decodeStatus(fromHex(hex))).toThrow(expect.objectContaining({ code: 'dfu/protocol' }));
  });
});

test.each([
  [2, 'dfuIDLE'],
  [5, 'dfuDNLOAD-IDLE'],
  [8, 'dfuMANIFEST-WAIT-RESET'],
  [10, 'dfuERROR'],
  [11, 'state 11'],
])('state %i is called %s', (state, name) => expect(stateName(state)).toBe(name));

test.each([
  [0, 'OK'],
  [5, 'errCHECK_ERASED'],
  [14, 'errUNKNOWN'],
  [15, 'errSTALLEDPKT'],
  [16, 'status 16'],
])('status %i is called %s', (status, name) => expect(statusName(status)).toBe(name));
