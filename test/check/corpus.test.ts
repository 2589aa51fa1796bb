import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkLayout } from '../../src/check/check-layout.ts';
import { decodeLayout, parseLayout } from '../../src/layout/parse.ts';

const FIXTURES = new URL('fixtures/', import.meta.url);

interface RealLayout {
  readonly file: string;
  /** What U-Boot's own parser and ST's host tool said of it. */
  readonly accepted: boolean;
  readonly uboot: string;
}

const layouts: readonly RealLayout[] = readFileSync(new URL('verdicts.tsv', FIXTURES), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [file = '', uboot = '', host = ''] = line.split('\t');
    return { file, accepted: uboot.startsWith('ACCEPT') && host.startsWith('ACCEPT'), uboot };
  });

/** Accepted by both, and still wrong: test/check/corpus.md gives the reason that holds for each file. */
const STILL_WRONG: ReadonlyMap<string, string> = new Map(
  [...readFileSync(new URL('corpus.md', import.meta.url), 'utf8').matchAll(/^\| (\S+\.tsv) \| ([^|]+) \|/gm)].map(
    ([, file = '', rules = '']) => [file, rules.trim()],
  ),
);

function errorsOf(file: string): readonly string[] {
  const layout = parseLayout(decodeLayout(readFileSync(new URL(`corpus/${file}`, FIXTURES))), file);
  const errors = checkLayout(layout).filter(({ severity }) => severity === 'error');
  return [...new Set(errors.map(({ ruleId }) => ruleId))].sort();
}

describe('a real layout', () => {
  test.each(layouts.filter(({ accepted }) => accepted))(
    'that U-Boot and ST’s tool take has no error without a reason: $file',
    ({ file }) => {
      expect(errorsOf(file).join(', ')).toBe(STILL_WRONG.get(file) ?? '');
    },
  );

  test.each(layouts.filter(({ uboot }) => uboot.startsWith('REJECT')))(
    'that U-Boot refuses has an error: $file',
    ({ file }) => {
      expect(errorsOf(file)).not.toEqual([]);
    },
  );
});
