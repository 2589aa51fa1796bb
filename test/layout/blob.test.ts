import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import { decodeStm32Header, stm32Checksum } from '../../src/image/stm32-header.ts';
import { layoutBlob } from '../../src/layout/blob.ts';
import { parseLayout } from '../../src/layout/parse.ts';
import { selectOnly } from '../../src/layout/select-only.ts';
import { parseFlashLayout } from '../../src/simulator/uboot/layout-parser.ts';

const layout = parseLayout(
  '#Opt\tId\n\n-\t0x01\tfsbl\tBinary\tnone\t0x0\tfsbl.stm32\r\n# more\nP\t\t16\trootfs\tFileSystem\tmmc0\t0x4400\tr.ext4\t\nPED\t0x11\tdata\tFileSystem\tmmc0\t0x105984400\tnone\n',
);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('what is sent to the board', () => {
  test('has six columns, single TABs, no comments and no line end behind the last row', () => {
    expect(text(layoutBlob(layout, { header: false }).bytes)).toBe(
      '-\t0x01\tfsbl\tBinary\tnone\t0x00000000\nP\t0x10\trootfs\tFileSystem\tmmc0\t0x00004400\nPED\t0x11\tdata\tFileSystem\tmmc0\t0x105984400',
    );
  });

  test('carries an STM32 v1.0 header when asked for', () => {
    const plain = layoutBlob(layout, { header: false }).bytes;
    const { bytes } = layoutBlob(layout, { header: true });
    expect(bytes.length).toBe(256 + plain.length);
    expect(toHex(bytes.subarray(0, 4))).toBe('53544d32');
    expect(decodeStm32Header(bytes)).toMatchObject({
      ok: true,
      value: { version: '1.0', payloadBytes: plain.length, checksum: stm32Checksum(plain), signed: false },
    });
    expect(bytes.subarray(256)).toEqual(plain);
  });

  test.each([
    [1, 3],
    [2, 5],
    [3, 6],
    [4, undefined],
    [0, undefined],
  ])('has as its line %i the line %s of the file', (boardLine, fileLine) => {
    expect(layoutBlob(layout, { header: true }).fileLine(boardLine)).toBe(fileLine);
  });

  test.each([true, false])('is read by the simulated U-Boot as the rows it was made from (header: %s)', (header) => {
    const { bytes } = layoutBlob(layout, { header });
    expect(parseFlashLayout(bytes, bytes.length)).toMatchObject({
      rows: [
        { id: 1, name: 'fsbl', target: 'none' },
        { id: 0x10, name: 'rootfs', type: 'FileSystem', target: 'mmc', address: 0x4400n },
        { id: 0x11, name: 'data', address: 0x105984400n },
      ],
    });
  });

  test('fits into U-Boot with 240 rows', () => {
    const row = (index: number) => `P\t${index + 1}\tp${index}\tBinary\tmmc0\t0x0\tnone\n`;
    const full = parseLayout(Array.from({ length: 240 }, (_, index) => row(index)).join(''));
    const { bytes } = layoutBlob(full, { header: false });
    expect(parseFlashLayout(bytes, bytes.length)).toMatchObject({ rows: { length: 240 } });
  });

  test('leaves a row that cannot be read as it stands, for U-Boot to say so', () => {
    const { bytes } = layoutBlob(parseLayout('PX\t5h\trootfs\tFoo\n'), { header: false });
    expect(text(bytes)).toBe('PX\t5h\trootfs\tFoo');
  });
});

describe('an update of some partitions only', () => {
  test('turns every other partition to -, and leaves the boot stages alone', () => {
    expect(text(layoutBlob(selectOnly(layout, new Set([0x11])), { header: false }).bytes).split('\n')).toEqual([
      '-\t0x01\tfsbl\tBinary\tnone\t0x00000000',
      '-\t0x10\trootfs\tFileSystem\tmmc0\t0x00004400',
      'PED\t0x11\tdata\tFileSystem\tmmc0\t0x105984400',
    ]);
  });
});
