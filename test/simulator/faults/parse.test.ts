import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PhaselineError } from '../../../src/base/errors.ts';
import type { Fault } from '../../../src/simulator/faults/fault.ts';
import { FAULT_FORMS, parseFault } from '../../../src/simulator/faults/parse.ts';

describe('a fault is written', () => {
  test.each<[string, Fault]>([
    ['unplug at phase 0x10 byte 1048576', { kind: 'unplug', at: { phase: 0x10, byte: 1048576 } }],
    ['unplug for 3000 at phase 16 block 4', { kind: 'unplug', at: { phase: 16, block: 4 }, forMs: 3000 }],
    [
      'unplug-behind for 3000 at phase 0x10 end',
      { kind: 'unplug-behind', at: { phase: 0x10, end: true }, forMs: 3000 },
    ],
    ['power-cycle at phase 0x10 end', { kind: 'power-cycle', at: { phase: 0x10, end: true } }],
    ['  stall   at transfer 40 ', { kind: 'stall', at: { transfer: 40 } }],
    ['nak 20000 at phase 0x10 byte 8M', { kind: 'nak', ms: 20000, at: { phase: 0x10, byte: 8 * 2 ** 20 } }],
    ['dfu-error 3 at phase 0x04 block 0', { kind: 'dfu-error', status: 3, at: { phase: 4, block: 0 } }],
    ['crash at transfer 7', { kind: 'crash', at: { transfer: 7 } }],
    ['phase 0x11 instead of 0x10', { kind: 'wrong-phase', shown: 0x11, instead: 0x10 }],
    ['never-returns after layout', { kind: 'never-returns', after: 'layout' }],
    ['panic after fsbl', { kind: 'panic', after: 'fsbl' }],
    ['no-usb', { kind: 'panic', after: 'fsbl' }],
    ['port 1-2.7 after fip', { kind: 'port', port: '1-2.7', after: 'fip' }],
    [
      'serial 0123456789ABCDEF01234567 after ddr-fip',
      { kind: 'serial', serial: '0123456789ABCDEF01234567', after: 'ddr-fip' },
    ],
    ['absent mmc1', { kind: 'absent', medium: 'mmc1' }],
    ['slow-write spi-nand0 1000', { kind: 'slow-write', medium: 'spi-nand0', msPerMiB: 1000 }],
    ['slow-erase nor0 50', { kind: 'slow-erase', medium: 'nor0', msPerMiB: 50 }],
    ['write-error mmc0 at byte 64K', { kind: 'write-error', medium: 'mmc0', byte: 65536 }],
    ['bad-block nand0 17', { kind: 'bad-block', medium: 'nand0', block: 17 }],
    ['flip mmc0 byte 20000 bit 3', { kind: 'flip', medium: 'mmc0', byte: 20000, bit: 3 }],
  ])('%s', (text, fault) => {
    expect(parseFault(text)).toEqual(fault);
  });

  test.each(Object.values(FAULT_FORMS))('as its example shows: $example', ({ example }) => {
    expect(() => parseFault(example)).not.toThrow();
  });
});

describe('a fault that cannot be understood', () => {
  test.each([
    ['', 'the fault is missing'],
    ['explode', '"explode" is none of unplug, unplug-behind, power-cycle, stall,'],
    ['toString', '"toString" is none of'],
    [
      'unplug',
      '"at" is missing; it is written: unplug [for MS] at (phase ID byte N | phase ID block N | phase ID end | transfer N)',
    ],
    ['unplug at noon', '"noon" is none of phase, transfer'],
    ['unplug at phase 0x100 byte 0', '"0x100" is no phase id'],
    ['unplug at phase 0x10 byte -1', '"-1" is no offset'],
    ['stall at transfer 3 please', '"please" is too much'],
    ['dfu-error 16 at transfer 1', '"16" is no DFU status'],
    ['panic after lunch', '"lunch" is none of fsbl, ddr-fip, fip, layout'],
    ['serial abc after fip', '"abc" is no serial number'],
    ['absent floppy', '"floppy" is no medium'],
    ['flip mmc0 byte 1 bit 8', '"8" is no bit'],
  ])('%s: %s', (text, reason) => {
    expect(() => parseFault(text)).toThrow(reason);
    expect(() => parseFault(text)).toThrow(PhaselineError);
  });

  test('is always a mistake in the arguments, whatever the text', () => {
    const word = fc.constantFrom(
      'at',
      'phase',
      '0x10',
      'byte',
      'block',
      'transfer',
      '1',
      'after',
      'fip',
      'mmc0',
      'x',
      'of',
    );
    const text = fc.tuple(fc.constantFrom(...Object.keys(FAULT_FORMS)), fc.array(word, { maxLength: 7 }));
    fc.assert(
      fc.property(text, ([name, words]) => {
        try {
          return parseFault([name, ...words].join(' ')).kind.length > 0;
        } catch (error) {
          return error instanceof PhaselineError && error.code === 'usage/arguments' && !error.message.includes('\n');
        }
      }),
    );
  });
});
