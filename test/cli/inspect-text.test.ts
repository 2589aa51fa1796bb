import { describe, expect, test } from 'vitest';
import { memoryBytes } from '../../src/base/bytes.ts';
import { inspectText } from '../../src/cli/inspect-text.ts';
import type { ImageContent } from '../../src/image/facts.ts';
import { identify } from '../../src/image/identify.ts';
import { makeDdrFip, makeExt4, makeFsbl, makeGptImage, makePattern, makeSsbl } from '../image/make.ts';

const text = (content: ImageContent, sizeBytes = 4256, path = 'x.bin') =>
  inspectText({ path, sizeBytes, content }).join('\n');

async function inspected(data: Uint8Array): Promise<string> {
  return text(await identify(memoryBytes(data)), data.length);
}

describe('inspect says', () => {
  test('all header fields of an STM32 image, and the verdict on its checksum', async () => {
    const content = await identify(memoryBytes(makeFsbl({ family: 'mp15' })));
    if (content.kind !== 'stm32') throw new Error(content.kind);
    expect(text({ ...content, checksum: 'ok' })).toBe(
      [
        'x.bin: STM32 image, header v1.0 (STM32MP15), 4.16 KiB',
        '  binary type  0x10 TF-A BL2',
        '  payload      4000 bytes after a header of 256',
        '  checksum     0x0007BFB2, ok',
        '  load         0x2FFC2500, entry 0x2FFC2500',
        '  version      0',
        '  signed       no (flags 0x00000001)',
      ].join('\n'),
    );
    expect(text({ ...content, checksum: 'wrong' })).toContain(
      'checksum     0x0007BFB2, WRONG: the payload has another sum',
    );
    expect(text({ ...content, checksum: 'unread' }, 4250)).toContain('after a header of 256, 6 bytes MISSING');
  });

  test.each([
    ['mp13', 'header v2.0 (STM32MP13)'],
    ['mp21', 'header v2.3 (STM32MP21)'],
    ['mp23', 'header v2.2 (STM32MP23, STM32MP25)'],
    ['mp25', 'header v2.2 (STM32MP23, STM32MP25)'],
  ] as const)('for which families a header is: %s', async (family, title) => {
    expect(await inspected(makeFsbl({ family }))).toContain(title);
  });

  test('which U-Boot is in a file', async () => {
    const content = await identify(memoryBytes(makeSsbl()));
    const lines = inspectText({ path: 'u-boot.stm32', sizeBytes: 6256, content, ubootVersion: '2020.01' });
    expect(lines).toContain('  binary type  0x00 U-Boot');
    expect(lines.at(-1)).toBe('  contains     U-Boot 2020.01');
  });

  test('what a FIP contains', async () => {
    expect(await inspected(makeDdrFip())).toBe(
      [
        'x.bin: FIP with 1 image, 3.02 KiB',
        '  DDR_FW        2.93 KiB at 0x00000060  b11249be-92dd-4b10-867c-2c6a4b47a7fb',
      ].join('\n'),
    );
  });

  test('the partitions of a disk', async () => {
    const lines = (await inspected(makeGptImage())).split('\n');
    expect(lines.slice(0, 2)).toEqual([
      'x.bin: disk image with a GPT, 3 partitions, 1 MiB',
      '  disk         1048576 bytes (1 MiB), backup GPT ok',
    ]);
    expect(lines[4]).toBe(
      '  bootfs          64 KiB at 0x00020000  type 0fc63daf-8483-4772-8e79-3d69d8477de4, bootable',
    );
    expect(await inspected(makeGptImage().subarray(0, 0x2ffff))).toMatch(
      /backup GPT missing\n {2}damage {7}the file ends at 196607 bytes, before/,
    );
  });

  test('that a file system is larger than its file', async () => {
    expect(await inspected(makeExt4(0x10000))).toBe(
      'x.bin: ext4 file system, 64 KiB\n  size         65536 bytes (64 KiB)',
    );
    expect(await inspected(makeExt4(0x10000, 0x20000))).toContain('131072 bytes (128 KiB), more than the file has');
  });

  test.each<[string, ImageContent]>([
    ['x.bin: unknown, 4.16 KiB', { kind: 'unknown' }],
    ['x.bin: empty, 4.16 KiB', { kind: 'empty' }],
    ['x.bin: compressed with xz, 4.16 KiB', { kind: 'xz' }],
    ['x.bin: zip archive, 4.16 KiB', { kind: 'zip' }],
    ['x.bin: UBI image, 4.16 KiB', { kind: 'ubi' }],
    ['x.bin: ELF program, 4.16 KiB', { kind: 'elf' }],
    ['x.bin: disk image with an MBR and no GPT, 4.16 KiB', { kind: 'mbr' }],
    ['x.bin: git-lfs pointer, not the file itself, 4.16 KiB', { kind: 'lfs-pointer' }],
    [
      'x.bin: FWU metadata version 2, CRC WRONG, 4.16 KiB',
      { kind: 'fwu-metadata', version: 2, crcOk: false, fipGuids: [] },
    ],
    [
      'x.bin: Android sparse image, 4.16 KiB\n  expands to   65536 bytes (64 KiB)',
      { kind: 'android-sparse', expandedBytes: 65536 },
    ],
    [
      'x.bin: uImage, script, 4.16 KiB\n  name         go?\n  payload      9 bytes (9 B)',
      { kind: 'uimage', name: 'go\u001b', type: 6, payloadBytes: 9 },
    ],
    ['x.bin: device tree or FIT image, 4.16 KiB\n  size         1024 bytes (1 KiB)', { kind: 'fdt', sizeBytes: 1024 }],
    [
      'x.bin: damaged FIP, 4.16 KiB\n  damage       the serial number is 0',
      { kind: 'malformed', format: 'fip', reason: 'the serial number is 0' },
    ],
  ])('%j', (expected, content) => {
    expect(text(content)).toBe(expected);
  });

  test('nothing that a terminal would obey', async () => {
    const data = makeGptImage({ partitions: [{ name: 'a\u001b[2J\n', offset: 0x4400, data: makePattern(512) }] });
    const lines = inspectText({ path: 'a\u0007b', sizeBytes: 1, content: await identify(memoryBytes(data)) });
    expect(lines[0]).toMatch(/^a\?b: /);
    expect(lines.join('')).not.toMatch(/\p{Cc}/u);
  });
});
