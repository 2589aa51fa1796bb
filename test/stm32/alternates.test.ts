import { describe, expect, test } from 'vitest';
import { findAlternate, parseAlternateName } from '../../src/stm32/alternates.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;

describe('the name of an alternate setting', () => {
  test.each([
    ['@FSBL /0x01/1*256Ke', 'FSBL', 0x01, 256 * KIB, 'e'],
    ['@DDR FIP /0x02/1*32Ke', 'DDR FIP', 0x02, 32 * KIB, 'e'],
    ['@virtual /0xF1/1*512Ba', 'virtual', 0xf1, 512, 'a'],
    ['@virtual/0xf1/1*512Be', 'virtual', 0xf1, 512, 'e'],
    ['@fip-b/0x09/1*4Ma', 'fip-b', 0x09, 4 * MIB, 'a'],
    ['@rootfs/0x13/1*6Ge', 'rootfs', 0x13, 6 * GIB, 'e'],
    ['@x/0x0a/1*1024Ke', 'x', 0x0a, MIB, 'e'],
    ['@boot1/0x04/1*0Be', 'boot1', 0x04, 0, 'e'],
    ['@a/0x11/x/0x10/1*63Me', 'a/0x11/x', 0x10, 63 * MIB, 'e'],
    ['@a/0x11/1*2Ke/0x10/1*63Me', 'a/0x11/1*2Ke', 0x10, 63 * MIB, 'e'],
    ['@/0x10/1*1Me', '', 0x10, MIB, 'e'],
    ['@sixteen-letters0/0x10/1*61440M', 'sixteen-letters0', 0x10, 61440 * MIB, undefined],
    ['@sixteen-letters0/0x10/1*614400', 'sixteen-letters0', 0x10, undefined, undefined],
  ])('%s', (text, name, id, size, access) => {
    expect(parseAlternateName(text)).toMatchObject({ name, id, size, access });
  });

  test.each([
    'UNKNOWN',
    'u-boot.itb',
    '',
    '@Internal Flash  /0x08000000/04*016Kg,01*064Kg',
    '@Option Bytes  /0x1FFFC000/01*016 e',
    '@FSBL /0x01',
    '@FSBL /01/1*256Ke',
    '@FSBL /0x01/2*256Ke',
    '@FSBL /0x01/1*256Kx',
    '@FSBL /0x01/1*256Ke ',
    'FSBL /0x01/1*256Ke',
  ])('of another kind is not read: "%s"', (text) => {
    expect(parseAlternateName(text)).toBeUndefined();
  });

  test.each([
    ['@x/0x10/1*0Be', 0],
    ['@x/0x10/1*512Be', 512],
    ['@x/0x10/1*256Ke', 257 * KIB - 1],
    ['@x/0x10/1*63Me', 64 * MIB - 1],
    ['@x/0x10/1*6Ge', 7 * GIB - 1],
    ['@sixteen-letters0/0x10/1*614400', undefined],
  ])('%s holds %s bytes at the most', (text, mostBytes) => {
    expect(parseAlternateName(text)?.mostBytes).toBe(mostBytes);
  });
});

describe('finding an alternate', () => {
  const alternates = [
    { index: 0, name: '@a/0x11/x/0x10/1*63Me' },
    { index: 1, name: undefined },
    { index: 2, name: 'UNKNOWN' },
    { index: 3, name: '@b/0x11/1*1024Ke' },
    { index: 7, name: '@virtual/0xf1/1*512Be' },
  ];

  test.each([
    [0x10, 0],
    [0x11, 3],
    [0xf1, 7],
    [0x01, undefined],
  ])('goes by the id in its name: %i', (id, index) => {
    expect(findAlternate(alternates, id)?.index).toBe(index);
  });
});
