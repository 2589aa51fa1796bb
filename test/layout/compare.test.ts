import { describe, expect, test } from 'vitest';
import { compareLayouts } from '../../src/layout/compare.ts';
import { parseLayout } from '../../src/layout/parse.ts';
import { layoutText } from './rows.ts';

const FSBL = '- 0x01 fsbl-boot Binary none 0x0 fsbl.stm32';
const ROOT = 'P 0x10 rootfs FileSystem mmc0 0x00984400 rootfs.ext4';

function compared(before: readonly string[], after: readonly string[]) {
  const { added, removed, changed } = compareLayouts(parseLayout(layoutText(before)), parseLayout(layoutText(after)));
  return {
    added: added.map(({ cells }) => cells.id?.text),
    removed: removed.map(({ cells }) => cells.id?.text),
    changed: changed.map(({ before: { cells }, fields }) => [cells.id?.text, ...fields]),
  };
}

const SAME = { added: [], removed: [], changed: [] };

describe('two layouts', () => {
  test.each([
    ['of the same text', [FSBL, ROOT], [FSBL, ROOT], SAME],
    ['in another order', [FSBL, ROOT], [ROOT, FSBL], SAME],
    ['in other notations', [ROOT], ['P 16 rootfs FileSystem mmc0 9978880 rootfs.ext4'], SAME],
    ['with a row more', [FSBL], [FSBL, ROOT], { ...SAME, added: ['0x10'] }],
    ['with a row less', [FSBL, ROOT], [FSBL], { ...SAME, removed: ['0x10'] }],
    [
      'with a row moved',
      [ROOT],
      ['PD 0x10 rootfs FileSystem mmc0 0x01000000 rootfs.ext4'],
      { ...SAME, changed: [['0x10', 'opt', 'offset']] },
    ],
    [
      'with one id twice',
      [ROOT, ROOT],
      [ROOT, ROOT.replace('rootfs.ext4', 'other.ext4'), ROOT],
      { ...SAME, added: ['0x10'], changed: [['0x10', 'binary']] },
    ],
    [
      'with an id that nobody can read',
      ['P 5h a b c d e'],
      ['P 5h a b c d f'],
      { ...SAME, changed: [['5h', 'binary']] },
    ],
    [
      'with a cell less',
      [ROOT],
      ['P 0x10 rootfs FileSystem'],
      { ...SAME, changed: [['0x10', 'ip', 'offset', 'binary']] },
    ],
  ])('%s', (_what, before, after, wanted) => {
    expect(compared(before, after)).toEqual(wanted);
  });
});
