import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { DfuInterface } from '../../src/dfu/interface.ts';
import { identifyBoard, isStDfu, mayBeBoard } from '../../src/stm32/board.ts';
import { WireScript } from '../dfu/wire-script.ts';

function device(product: string | undefined, names = ['@FSBL /0x01/1*256Ke']): DfuInterface {
  const functional = { attributes: 0x0f, detachTimeoutMs: 0, transferSize: 4096, version: 0x0110 };
  const alternates = names.map((name, index) => ({ index, name }));
  const strings = { manufacturer: 'dh', product, serial: '003A00273338510338303034' };
  const options = { clock: new VirtualClock(), timeoutMs: 5000 };
  return new DfuInterface(new WireScript(), { functional, alternates, ...strings }, options);
}

describe('a board', () => {
  test('is known by its product string', () => {
    const product = 'USB download gadget@Device ID /0x505, @Revision ID /0x0011, @Name /STM32MP257FAI Rev.Y,';
    expect(identifyBoard(device(product))).toEqual({
      stage: 'uboot',
      families: ['mp25'],
      deviceId: 0x505,
      revision: 0x11,
      name: 'STM32MP257FAI Rev.Y',
      serial: '003A00273338510338303034',
      product,
      port: '1-2',
      alternates: [{ index: 0, name: '@FSBL /0x01/1*256Ke' }],
    });
  });

  test('with device id 0x505 may be of two families as long as no name tells', () => {
    const board = identifyBoard(device('DFU in HS Mode @Device ID /0x505, @Revision ID /0x2000'));
    expect(board).toMatchObject({ stage: 'rom', families: ['mp23', 'mp25'], name: undefined });
  });

  test.each([
    ['a microcontroller in DfuSe', 'STM32  BOOTLOADER'],
    [
      'a newer microcontroller, whose ROM names itself like ours',
      'DFU in FS Mode @Device ID /0x484, @Revision ID /0x0000',
    ],
    ['the dfu command of U-Boot', 'USB download gadget'],
    ['a device without a product string', undefined],
  ])('is not: %s', (_, product) => {
    expect(identifyBoard(device(product))).toMatchObject({ stage: 'other', families: [] });
  });

  test('is not: ST’s firmware for fuses and flash, which calls itself as U-Boot of 2019 did', () => {
    const product = 'USB download gadget@Device ID /0x500, @Revision ID /0x2000';
    const names = ['@Flashlayout /0x00/1*1Ke', '@FSBL-EXT /0x03/1*70Ke', '@virtual /0xF1/1*512Be'];
    expect(identifyBoard(device(product, names))).toMatchObject({ stage: 'other', families: [] });
    expect(identifyBoard(device(product, ['@FlashLayout/0x00/1*256Ke', '@virtual/0xf1/1*512Be'])).stage).toBe('uboot');
    expect(identifyBoard(device(product, ['@FSBL-EXT/0x03/1*70Ke', '@virtual/0xf1/1*512Be'])).stage).toBe('uboot');
  });
});

test.each([
  [0x0483, 0xdf11, 0x0200, { listed: true, opened: true }],
  [0x0483, 0xdf11, 0x2200, { listed: true, opened: false }], // the ROM of a microcontroller
  [0x0483, 0x5720, 0x0200, { listed: false, opened: false }],
  [0x1d6b, 0xdf11, 0x0200, { listed: false, opened: false }],
])('%i:%i, version %i on the bus: %o', (vendorId, productId, deviceVersion, expected) => {
  const info = { port: '1-2', key: '1:7', vendorId, productId, deviceVersion, speed: 'high' } as const;
  expect({ listed: isStDfu(info), opened: mayBeBoard(info) }).toEqual(expected);
});
