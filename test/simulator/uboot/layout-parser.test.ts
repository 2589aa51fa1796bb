import { describe, expect, test } from 'vitest';
import { parseFlashLayout } from '../../../src/simulator/uboot/layout-parser.ts';

function parse(text: string, size?: number): string {
  const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));
  const parsed = parseFlashLayout(bytes, size ?? bytes.length);
  if ('error' in parsed) return parsed.error;
  const rows = parsed.rows.map((row) => {
    const place = row.partition < 0 ? `boot${-row.partition}` : `0x${row.address.toString(16)}`;
    return `${row.option}:${row.id}:${row.name}:${row.type}:${row.copies}:${row.target}${row.deviceIndex}:${place}`;
  });
  return rows.join(' ');
}

const ROW = 'P\t0x10\tpart1\tBinary\tmmc0\t0x4400\n';

describe('what U-Boot makes of a layout', () => {
  test.each([
    ['a plain row', ROW, '1:16:part1:Binary:1:mmc0:0x4400'],
    ['no line feed at the end', ROW.trimEnd(), '1:16:part1:Binary:1:mmc0:0x4400'],
    ['CRLF and a blank line', `\r\n${ROW.replace('\n', '\r\n')}\r\n`, '1:16:part1:Binary:1:mmc0:0x4400'],
    ['several TABs, one in front', ROW.replace('P', '\tP').replaceAll('\t', '\t\t'), '1:16:part1:Binary:1:mmc0:0x4400'],
    ['comments and further columns', `#x\n${ROW.replace('\n', '\tfile\tmore\n')}#y`, '1:16:part1:Binary:1:mmc0:0x4400'],
    ['an octal id', ROW.replace('0x10', '010'), '1:8:part1:Binary:1:mmc0:0x4400'],
    [
      'a decimal id and offset',
      ROW.replace('0x10', '16').replace('0x4400', '0017408'),
      '1:16:part1:Binary:1:mmc0:0x4400',
    ],
    ['0x without digits', ROW.replace('0x4400', '0x'), '1:16:part1:Binary:1:mmc0:0x0'],
    ['64 bits of offset', ROW.replace('0x4400', '0xffffffffffffffff'), '1:16:part1:Binary:1:mmc0:0xffffffffffffffff'],
    ['letters repeated in Opt', ROW.replace('P', 'DEEP'), '7:16:part1:Binary:1:mmc0:0x4400'],
    ['Binary with copies that are none', ROW.replace('Binary', 'Binary(x)'), '1:16:part1:Binary:0:mmc0:0x4400'],
    ['Binary(2)', ROW.replace('Binary', 'Binary(2)'), '1:16:part1:Binary:2:mmc0:0x4400'],
    ['ram and what follows', ROW.replace('mmc0', 'ram9zz'), '1:16:part1:Binary:1:ram0:0x4400'],
    ['boot2', ROW.replace('0x4400', 'boot2'), '1:16:part1:Binary:1:mmc0:boot2'],
    ['a CR that hides the rest of a name', ROW.replace('part1', 'pa\rrt1'), '1:16:pa:Binary:1:mmc0:0x4400'],
    ['a NUL that ends the file', `${ROW}\0P\tnonsense`, '1:16:part1:Binary:1:mmc0:0x4400'],
    ['16 bytes of name', ROW.replace('part1', 'a'.repeat(16)), `1:16:${'a'.repeat(16)}:Binary:1:mmc0:0x4400`],
  ])('takes %s', (_, text, expected) => {
    expect(parse(text)).toBe(expected);
  });

  test.each([
    ['id 08, an octal that is none', ROW.replace('0x10', '08'), 'Layout line 1: invalid phase value = 08'],
    ['id 0xF1', ROW.replace('0x10', '0xF1'), 'Layout line 1: invalid phase value = 0xF1'],
    ['a small p', ROW.replace('P', 'p'), "Layout line 1: invalid option 'p' in p)"],
    ['E without P', ROW.replace('P', 'E'), "Layout line 1: missing 'P' in option E"],
    [
      '17 bytes of name',
      ROW.replace('part1', 'a'.repeat(17)),
      `Layout line 1: partition name too long [17]: ${'a'.repeat(17)}`,
    ],
    ['a type with junk', ROW.replace('Binary', 'BinaryX'), "Layout line 1: type parsing error : 'BinaryX'"],
    ['mmc10', ROW.replace('mmc0', 'mmc10'), "Layout line 1: ip parsing error: 'mmc10'"],
    ['boot3', ROW.replace('0x4400', 'boot3'), "Layout line 1: invalid part 'boot3'"],
    ['a size suffix', ROW.replace('0x4400', '17K'), "Layout line 1: invalid offset '17K'"],
    ['five columns, after a comment', `#\n${ROW.replace('\t0x4400', '')}`, 'Layout line 2: no enought column'],
    ['only line feeds', '\n\n\n', 'Layout: no partition found'],
    ['a TAB at the end of the only row', ROW.replace('\n', '\t\n'), 'Layout: no partition found'],
    [
      'a TAB at the end of a row: the next one loses its Opt',
      ROW.replace('\n', '\t\n') + ROW,
      "Layout line 2: invalid option '0' in 0x10)",
    ],
    ['an indented comment', ` # x\n${ROW}`, "Layout line 1: invalid option ' ' in  # x)"],
    ['241 lines', '\n'.repeat(240), 'Layout: too many partition (241)'],
    ['nothing', '', ''],
  ])('refuses %s', (_, text, expected) => {
    expect(parse(text)).toBe(expected);
  });

  test('takes 240 lines, comments not counted', () => {
    expect(parse(`#\n${'#\n'.repeat(500)}${ROW}${'\n'.repeat(237)}`)).toContain('part1');
  });

  test('unwraps an STM32 v1 header and checks its sum', () => {
    const text = new TextEncoder().encode(ROW);
    const image = new Uint8Array(256 + text.length);
    image.set(text, 256);
    const view = new DataView(image.buffer);
    view.setUint32(0, 0x324d5453, true);
    view.setUint32(
      68,
      text.reduce((sum, byte) => sum + byte, 0),
      true,
    );
    view.setUint32(72, 0x10000, true);
    view.setUint32(76, text.length, true);
    expect(parse(String.fromCharCode(...image))).toBe('1:16:part1:Binary:1:mmc0:0x4400');
    view.setUint32(68, 1, true);
    expect(parse(String.fromCharCode(...image))).toMatch(/^Layout: invalid checksum : 0x[0-9a-f]+ expected 0x1$/);
  });
});
