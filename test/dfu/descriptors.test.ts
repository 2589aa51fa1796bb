import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../../src/base/bytes.ts';
import { parseConfiguration, readDescriptors } from '../../src/dfu/descriptors.ts';
import { type Exchange, WireScript } from './wire-script.ts';

/** A string descriptor as hex. */
function text(value: string): string {
  const units = [...value].flatMap((char) => [char.charCodeAt(0) & 0xff, char.charCodeAt(0) >> 8]);
  return toHex(Uint8Array.of(2 + units.length, 3, ...units));
}

const PRODUCT = 'USB download gadget@Device ID /0x500, @Revision ID /0x2001, @Name /STM32MP157CAC Rev.Z,';
const DEVICE: Exchange = ['80 06 0001 0000 1200', '1201000200000040830411df000201020301'];
const CONFIGURATION =
  '09023600010102c0010904000000fe0102050904000100fe0102060904000200fe0102070904000300fe01020809210f000000101001';

/** U-Boot's first enumeration on an STM32MP157, as the real code answers it. */
const UBOOT: readonly Exchange[] = [
  DEVICE,
  ['80 06 0002 0000 0900', '09023600010102c001'],
  ['80 06 0002 0000 3600', CONFIGURATION],
  ['80 06 0003 0000 ff00', '04030904'],
  ['80 06 0503 0904 ff00', text('@FlashLayout/0x00/1*256Ke')],
  ['80 06 0603 0904 ff00', text('@virtual/0xf1/1*512Be')],
  ['80 06 0703 0904 ff00', text('@OTP/0xf2/1*776Be')],
  ['80 06 0803 0904 ff00', text('@PMIC/0xf4/1*8Be')],
  ['80 06 0103 0904 ff00', text('STMicroelectronics')],
  ['80 06 0203 0904 ff00', text(PRODUCT)],
  ['80 06 0303 0904 ff00', text('003A00273338510338303034')],
];

function answering(changes: Readonly<Record<string, string>>): WireScript {
  return new WireScript(...UBOOT.map(([request, answer]): Exchange => [request, changes[request] ?? answer]));
}

describe('the descriptors of a device', () => {
  test('give transfer size, alternates with their names, and the strings', async () => {
    const device = new WireScript(...UBOOT);
    expect(await readDescriptors(device, 5000)).toEqual({
      functional: { attributes: 0x0f, detachTimeoutMs: 0, transferSize: 4096, version: 0x0110 },
      alternates: [
        { index: 0, name: '@FlashLayout/0x00/1*256Ke' },
        { index: 1, name: '@virtual/0xf1/1*512Be' },
        { index: 2, name: '@OTP/0xf2/1*776Be' },
        { index: 3, name: '@PMIC/0xf4/1*8Be' },
      ],
      manufacturer: 'STMicroelectronics',
      product: PRODUCT,
      serial: '003A00273338510338303034',
    });
    expect(device.left).toEqual([]);
    expect(new Set(device.timeouts)).toEqual(new Set([5000]));
  });

  test('leave out the name of an alternate whose string stalls', async () => {
    const found = await readDescriptors(answering({ '80 06 0503 0904 ff00': 'usb/stall' }), 5000);
    expect(found?.alternates.map(({ name }) => name)).toEqual([
      undefined,
      '@virtual/0xf1/1*512Be',
      '@OTP/0xf2/1*776Be',
      '@PMIC/0xf4/1*8Be',
    ]);
  });

  test('do not ask for strings with index 0', async () => {
    const device = new WireScript(
      ['80 06 0001 0000 1200', '1201000200000040830411df8a7e00000001'],
      ['80 06 0002 0000 0900', '09021b00010100c001'],
      ['80 06 0002 0000 1b00', '09021b00010100c0010904000000fe01020009210f000000101001'],
      ['80 06 0003 0000 ff00', '04030904'],
    );
    expect(await readDescriptors(device, 5000)).toMatchObject({
      alternates: [{ index: 0, name: undefined }],
      product: undefined,
      serial: undefined,
    });
  });

  test('of a device that left while they were read are that failure', async () => {
    const reading = readDescriptors(answering({ '80 06 0203 0904 ff00': 'usb/gone' }), 5000);
    await expect(reading).rejects.toMatchObject({ code: 'usb/gone' });
  });

  test('in run-time mode are none: a gadget that leaves after DETACH', async () => {
    const device = new WireScript(
      DEVICE,
      ['80 06 0002 0000 0900', '09021200010102c001'],
      ['80 06 0002 0000 1200', '09021200010102c0010904000000fe010105'],
    );
    expect(await readDescriptors(device, 5000)).toBeUndefined();
  });

  test('that end early are refused', async () => {
    const short = answering({ '80 06 0002 0000 3600': CONFIGURATION.slice(0, -4) });
    await expect(readDescriptors(short, 5000)).rejects.toMatchObject({ code: 'dfu/protocol' });
  });
});

describe('a configuration descriptor', () => {
  test.each([
    ['of length 0 inside', '09021b00010100c001 00 04000000fe010200 09210f000000101001'],
    ['of length 1 inside', '09020a00010100c001 01'],
    ['that goes on behind the end', '09021b00010100c001 0904000000fe010200 0b210f000000101001'],
    ['with a short interface', '09021a00010100c001 0804000000fe0102 09210f000000101001'],
    ['with a short functional descriptor', '09021900010100c001 0904000000fe010200 07210f00000010'],
  ])('%s is refused', (_, hex) => {
    expect(() => parseConfiguration(fromHex(hex))).toThrow(expect.objectContaining({ code: 'dfu/protocol' }));
  });

  test.each([
    [
      'of a keyboard, whose class uses descriptor 0x21 too',
      '09022200010100a032 0904000001030101000921110100012241 00 0705810308000a',
    ],
    ['without a functional descriptor', '09021200010100c001 0904000000fe010200'],
    ['with DFU on another interface', '09021b00020100c001 0904010000fe010200 09210f000000101001'],
    ['that is empty', ''],
  ])('%s is none of ours', (_, hex) => {
    expect(parseConfiguration(fromHex(hex))).toBeUndefined();
  });
});
