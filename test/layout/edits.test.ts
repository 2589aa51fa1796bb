import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdits, layoutText } from '../../src/layout/edits.ts';
import { parseLayout } from '../../src/layout/parse.ts';

const text = fc.string({ unit: fc.constantFrom('\t', '\n', '\r', '\uFEFF', '#', 'P', ' ', 'é', '😀') });

describe('the text of a layout', () => {
  test('is the one that it was read from', () => {
    fc.assert(
      fc.property(text, (given) => {
        expect(layoutText(parseLayout(given))).toBe(given);
      }),
    );
  });
});

describe('edits', () => {
  const layout = parseLayout('\uFEFFone\ttwo\r\nthree\r\n');
  const edit = (line: number, column: number, endColumn: number, replacement: string) => ({
    line,
    column,
    endColumn,
    text: replacement,
  });

  test.each([
    ['nothing', [], '\uFEFFone\ttwo\r\nthree\r\n'],
    ['a piece of a line', [edit(1, 5, 8, 'TWO')], '\uFEFFone\tTWO\r\nthree\r\n'],
    ['the byte order mark', [edit(1, 0, 1, '')], 'one\ttwo\r\nthree\r\n'],
    ['the CR of a line', [edit(1, 8, 9, '')], '\uFEFFone\ttwo\nthree\r\n'],
    ['something new', [edit(2, 1, 1, '#')], '\uFEFFone\ttwo\r\n#three\r\n'],
    ['several, in any order', [edit(2, 6, 7, ''), edit(1, 1, 4, '1'), edit(1, 0, 1, '')], '1\ttwo\r\nthree\n'],
    ['two that meet', [edit(1, 1, 4, 'a'), edit(1, 4, 5, 'b')], '\uFEFFabtwo\r\nthree\r\n'],
  ])('change %s', (_what, edits, wanted) => {
    expect(applyEdits(layout, edits)).toBe(wanted);
  });

  test('that touch the same characters are refused', () => {
    expect(applyEdits(layout, [edit(1, 1, 4, 'a'), edit(1, 3, 5, 'b')])).toBeUndefined();
  });
});
