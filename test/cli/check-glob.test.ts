import { describe, expect, test } from 'vitest';
import { globPattern, isGlob, splitGlob } from '../../src/cli/check/glob.ts';

describe('a pattern', () => {
  test.each([
    ['*.tsv', 'a.tsv', true],
    ['*.tsv', 'sub/a.tsv', false],
    ['*.tsv', 'a.tsv2', false],
    ['?.tsv', 'a.tsv', true],
    ['?.tsv', '/.tsv', false],
    ['**/*.tsv', 'a.tsv', true],
    ['**/*.tsv', 'x/y/a.tsv', true],
    ['x/**', 'x/y/z', true],
    ['x/**/z', 'x/z', true],
    ['x/**/z', 'xz', false],
    ['[a-c].tsv', 'b.tsv', true],
    ['[!a-c].tsv', 'b.tsv', false],
    ['[!a-c].tsv', 'd.tsv', true],
    ['[!a-c]x', '/x', false],
    ['[]].tsv', '].tsv', true],
    ['{sd,emmc}-*.tsv', 'emmc-1.tsv', true],
    ['{sd,emmc}-*.tsv', 'nor-1.tsv', false],
    ['{a,{b,c}}.tsv', 'c.tsv', true],
    ['{a.tsv', 'a.tsv', true],
    ['a}.tsv', 'a}.tsv', true],
    ['[a.tsv', '[a.tsv', true],
    ['a.(b)+$^|\\.tsv', 'a.(b)+$^|\\.tsv', true],
    ['a.tsv', 'axtsv', false],
    ['ü?.tsv', 'ü😀.tsv', true],
  ])('%s and %s: %s', (glob, path, matches) => {
    expect(globPattern(glob).test(path)).toBe(matches);
  });

  test.each([
    ['*.tsv', '', '*.tsv'],
    ['a/b/*.tsv', 'a/b', '*.tsv'],
    ['/a/**/x', '/a', '**/x'],
    ['/*.tsv', '/', '*.tsv'],
    ['../{a,b}/c', '..', '{a,b}/c'],
  ])('%s starts in "%s"', (glob, base, rest) => {
    expect(splitGlob(glob)).toEqual({ base, rest });
  });

  test('is told from a name by its characters', () => {
    expect(['a*', 'a?', '[a]', '{a}'].every(isGlob)).toBe(true);
    expect(isGlob('layouts/stm32mp157c-dk2.tsv')).toBe(false);
  });
});
