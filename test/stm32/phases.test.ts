import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../../src/base/bytes.ts';
import {
  decodePhaseReply,
  decodePhaseRequest,
  encodePhaseReply,
  encodePhaseRequest,
  PHASE,
  type PhaseReply,
} from '../../src/stm32/phases.ts';

const reply = (phase: number, more: Partial<PhaseReply> = {}): PhaseReply => ({
  phase,
  address: undefined,
  offset: 0,
  needDetach: undefined,
  text: '',
  ...more,
});

describe('a GetPhase reply', () => {
  test.each([
    ['U-Boot that waits for a layout', '00 000000c2 00000000 00', reply(0, { address: 0xc2000000, needDetach: false })],
    ['U-Boot of STM32MP2', '00 00000084 00000000 00', reply(0, { address: 0x84000000, needDetach: false })],
    ['U-Boot that has parsed it', '00 000000c2 00000000 01', reply(0, { address: 0xc2000000, needDetach: true })],
    ['U-Boot that wants 0x04', '04 ffffffff 00000000', reply(4)],
    ['U-Boot after SetPhase with an offset', '12 ffffffff 00001000', reply(0x12, { offset: 0x100000 })],
    ['U-Boot at the end', 'fe ffffffff 00000000', reply(PHASE.END)],
    [
      'U-Boot without the card',
      'ff ffffffff 00000000 6d6d6320646576696365203120 6e6f7420666f756e64',
      reply(PHASE.ERROR, { text: 'mmc device 1 not found' }),
    ],
    ['TF-A that wants the FIP', '03 000000c7 00000000', reply(3, { address: 0xc7000000 })],
    ['TF-A that wants a layout', '00 000000c2 00000000', reply(0, { address: 0xc2000000 })],
    ['TF-A that has everything', '00 ffffffff 00000000 01', reply(0, { needDetach: true })],
  ])('of %s is read and written', (_, hex, expected) => {
    expect(decodePhaseReply(fromHex(hex))).toEqual(expected);
    expect(toHex(encodePhaseReply(expected))).toBe(hex.replaceAll(' ', ''));
  });

  test('that is padded to the size of the request is read without the padding', () => {
    const padded = (hex: string) => Uint8Array.from({ length: 512 }, (_, i) => fromHex(hex)[i] ?? 0);
    expect(decodePhaseReply(padded('04 ffffffff 00000000'))).toEqual(reply(4));
    expect(decodePhaseReply(padded('ff ffffffff 00000000 4f6f70730a')).text).toBe('Oops');
  });

  test('keeps text that is not ASCII from looking like text', () => {
    expect(decodePhaseReply(fromHex('ff ffffffff 00000000 41e942')).text).toBe('A\uFFFDB');
  });

  test.each(['', '00', '04 ffffffff 000000'])('of fewer than 9 bytes is refused: "%s"', (hex) => {
    expect(() => decodePhaseReply(fromHex(hex))).toThrow(expect.objectContaining({ code: 'dfu/protocol' }));
  });

  test('with a needDetach that is neither 0 nor 1 is refused', () => {
    expect(() => decodePhaseReply(fromHex('00 ffffffff 00000000 02'))).toThrow(
      expect.objectContaining({ code: 'dfu/protocol' }),
    );
  });

  test('of any bytes is read or refused, never anything else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        try {
          expect(decodePhaseReply(bytes).phase).toBe(bytes[0]);
        } catch (error) {
          expect(error).toMatchObject({ code: 'dfu/protocol' });
        }
      }),
    );
  });
});

describe('a SetPhase request', () => {
  test('is big endian, unlike the reply', () => {
    expect(toHex(encodePhaseRequest({ phase: 0x12, offset: 0x100000 }))).toBe('1200100000');
    expect(decodePhaseRequest(fromHex('12 00 10 00 00'))).toEqual({ phase: 0x12, offset: 0x100000 });
  });

  test('of fewer than 5 bytes is none; more than 5 are read as the first 5', () => {
    expect(decodePhaseRequest(fromHex('12 00 10 00'))).toBeUndefined();
    expect(decodePhaseRequest(fromHex('12 00 00 00 01 ff'))).toEqual({ phase: 0x12, offset: 1 });
  });
});
