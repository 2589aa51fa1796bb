import { describe, expect, test } from 'vitest';
import { parseProduct } from '../../src/stm32/stage.ts';

describe('a product string', () => {
  test.each([
    ['DFU in HS Mode @Device ID /0x500, @Revision ID /0x0000', 'rom', 0x500, 0x0000, undefined],
    ['DFU in HS Mode @Device ID /0x501, @Revision ID /0x1003', 'rom', 0x501, 0x1003, undefined],
    ['DFU in HS Mode @Device ID /0x505, @Revision ID /0x2000', 'rom', 0x505, 0x2000, undefined],
    [
      'DFU @Device ID /0x505, @Revision ID /0x0011, @Name /STM32MP255CAK Rev.Y,',
      'tfa',
      0x505,
      0x11,
      'STM32MP255CAK Rev.Y',
    ],
    ['DFU @Device ID /0x505, @Revision ID /0x0011, /STM32MP257FAI Rev.Y,', 'tfa', 0x505, 0x11, 'STM32MP257FAI Rev.Y'],
    [
      'USB download gadget@Device ID /0x500, @Revision ID /0x2001, @Name /STM32MP157CAC Rev.Z,',
      'uboot',
      0x500,
      0x2001,
      'STM32MP157CAC Rev.Z',
    ],
    [
      'USB download gadget@Device ID /0x500, @Revision ID /0x2001, @Name /STM32MP157CAC SEC/C,',
      'uboot',
      0x500,
      0x2001,
      'STM32MP157CAC SEC/C',
    ],
    ['USB download gadget@Device ID /0x500, @Revision ID /0x0000', 'uboot', 0x500, 0, undefined],
  ])('%s', (product, stage, deviceId, revision, name) => {
    expect(parseProduct(product)).toEqual({ stage, deviceId, revision, name });
  });

  test.each(['USB download gadget', 'STM32  BOOTLOADER', '', 'Keyboard @Device ID', 'DFU @Device ID /0x'])(
    'of another program is none of ours: "%s"',
    (product) => expect(parseProduct(product)).toMatchObject({ stage: 'other', deviceId: undefined }),
  );

  test('with a device id but an unknown beginning is none of ours', () => {
    expect(parseProduct('Something @Device ID /0x500').stage).toBe('other');
  });
});
