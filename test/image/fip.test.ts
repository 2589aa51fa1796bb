import { describe, expect, test } from 'vitest';
import { concatBytes, fromHex, toHex } from '../../src/base/bytes.ts';
import { decodeFip, encodeFip } from '../../src/image/fip.ts';
import { FIP_NAMES } from '../../src/image/fip-names.ts';
import { makeDdrFip, makeFip } from './make.ts';

const HEADER = '010064aa 78563412 0000000000000000';
const BL33 = 'd6d0eea7fcead54b97829934f234b6e4';
const NIL = '00'.repeat(16);

/** One BL33 entry and a terminator; the table ends at 96. */
const fip = ({ offset = 96, size = 4, end = 100, serial = '78563412' } = {}) =>
  fromHex(`010064aa ${serial} 00000000 aa550000
    ${BL33} ${word(offset)} ${word(size)} ${word(0)} ${NIL} ${word(end)} ${word(0)} ${word(0)} deadbeef`);

function word(value: number): string {
  const data = new Uint8Array(8);
  new DataView(data.buffer).setBigUint64(0, BigInt(value), true);
  return toHex(data);
}

describe('a FIP', () => {
  test('is written byte for byte as the format says', () => {
    const written = encodeFip([{ name: 'BL33', data: fromHex('deadbeef') }]);
    const table = `${BL33} ${word(96)} ${word(4)} ${word(0)} ${NIL} ${word(100)} ${word(0)} ${word(0)}`;
    expect(toHex(written)).toBe(`${HEADER} ${table} deadbeef`.replaceAll(' ', ''));
  });

  test('is read entry by entry, with names for the known images', () => {
    expect(decodeFip(fip(), 100)).toEqual({
      ok: true,
      value: {
        serial: 0x12345678,
        platformFlags: 0x55aa,
        entries: [{ uuid: 'd6d0eea7-fcea-d54b-9782-9934f234b6e4', name: 'BL33', offset: 96, sizeBytes: 4 }],
        packageBytes: 100,
      },
    });
  });

  test('keeps an image that nobody knows, without a name', () => {
    const strange = fip();
    strange[16] = 0x77;
    const verdict = decodeFip(strange, 100);
    expect(verdict.ok && verdict.value.entries[0]).toEqual({
      uuid: '77d0eea7-fcea-d54b-9782-9934f234b6e4',
      offset: 96,
      sizeBytes: 4,
    });
  });

  test('may be followed by padding', () => {
    expect(decodeFip(concatBytes([fip(), new Uint8Array(28)]), 128)).toMatchObject({ value: { packageBytes: 100 } });
  });

  test('may leave its end unsaid', () => {
    expect(decodeFip(fip({ end: 0 }), 100)).toMatchObject({ ok: true, value: { packageBytes: 100 } });
  });

  test('needs only its table at hand', () => {
    const whole = makeFip();
    expect(decodeFip(whole.subarray(0, 300), whole.length)).toEqual(decodeFip(whole, whole.length));
  });

  test.each(Object.entries(FIP_NAMES))('%s goes in and comes out as %s', (uuid, name) => {
    const file = encodeFip([{ name, data: fromHex('00') }]);
    expect(decodeFip(file, file.length)).toMatchObject({ value: { entries: [{ uuid, name }] } });
  });

  test('of the DDR firmware holds DDR_FW, that of the SSBL FW_CONFIG and BL33', () => {
    const names = (file: Uint8Array) => {
      const verdict = decodeFip(file, file.length);
      return verdict.ok ? verdict.value.entries.map(({ name }) => name) : [];
    };
    expect(names(makeDdrFip())).toEqual(['DDR_FW']);
    expect(names(makeFip())).toEqual(expect.arrayContaining(['FW_CONFIG', 'BL33']));
  });
});

describe('malformed FIPs', () => {
  test.each([
    ['another magic', fromHex('53544d32'), 100, 'no FIP: 0x324D5453 where 0xAA640001 should be'],
    ['serial number 0', fip({ serial: '00000000' }), 100, 'the serial number is 0'],
    ['an image behind the end of the file', fip(), 99, 'BL33 ends at 100, the file at 99'],
    ['an image inside the table', fip({ offset: 95 }), 100, 'BL33 starts at 95, inside the table of 96 bytes'],
    ['an end before the last image', fip({ end: 99 }), 100, 'the package ends at 99, its last image at 100'],
    ['an end behind the file', fip({ end: 101 }), 100, 'the package ends at 101, the file at 100'],
    ['an offset no file has', fip({ offset: 2 ** 60 }), 100, 'BL33 has an offset beyond 2^53'],
    ['a size no file has', fip({ size: 2 ** 60 }), 100, 'BL33 has a size beyond 2^53'],
  ])('%s is refused with its value', (_, head, fileBytes, reason) => {
    expect(decodeFip(head, fileBytes)).toEqual({ ok: false, reason });
  });

  test.each([0, 3, 15, 16, 55, 95])('a table cut after %i bytes gets a verdict', (length) => {
    expect(decodeFip(fip().subarray(0, length), 100)).toEqual({
      ok: false,
      reason: expect.stringContaining('ends early'),
    });
  });

  test('a table without a terminator is given up', () => {
    const entry = fromHex(`${BL33} ${word(100)} ${word(4)} ${word(0)}`);
    const endless = concatBytes([fromHex(HEADER), ...Array.from({ length: 200 }, () => entry)]);
    expect(decodeFip(endless, endless.length)).toEqual({
      ok: false,
      reason: 'more than 128 entries without a terminator',
    });
  });
});
