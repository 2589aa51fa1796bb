import { expect, test } from 'vitest';
import { memoryBytes } from '../../src/base/bytes.ts';
import { findUsbLoader } from '../../src/image/usb-loader.ts';
import { makeFsbl } from './make.ts';

test.each([
  [
    'a BL2 with the product string of TF-A',
    'BL2: %s\0DFU @Device ID /0x%03X, @Revision ID /0x%04X, @Name /%s,\0',
    'there',
  ],
  ['a BL2 with the virtual alternate', 'BL2: %s\0@virtual /0xF1/1*512Ba\0', 'there'],
  ['a BL2 that is silent and has the strings', '@virtual /0xF1/1*512Ba\0', 'there'],
  ['a BL2 without any of them', 'BL2: %s\0Boot interface %d not supported\0', 'absent'],
  ['what is encrypted, or no TF-A', '', undefined],
  ['U-Boot SPL', 'U-Boot SPL 2023.10\0USB download gadget\0', undefined],
])('%s', async (_what, text, loader) => {
  const fsbl = makeFsbl({ family: 'mp15', text });
  expect(await findUsbLoader(memoryBytes(fsbl))).toBe(loader);
});

test('bytes above 0x7F and the end of the file stop no search', async () => {
  const text = new TextEncoder().encode('\u00ff\u009bBL2: x');
  expect(await findUsbLoader(memoryBytes(text))).toBe('absent');
  expect(await findUsbLoader(memoryBytes(new Uint8Array(0)))).toBeUndefined();
});
