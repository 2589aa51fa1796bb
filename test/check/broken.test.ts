import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { FileFacts } from '../../src/check/file-facts.ts';
import { decodeLayout } from '../../src/layout/parse.ts';
import { BROKEN, brokenText, checkedWith, fixtureFiles } from './fixture-files.ts';

/** Where EXPECT.tsv points beside the fault: docs/decisions/check-rules.md. */
const PLACES: Readonly<Record<string, string>> = {
  'missing-column.tsv': '5:26',
  'id-offset-order.tsv': '4:3',
  'binary-too-big.tsv': '10:39',
};

const expectations = brokenText('EXPECT.tsv')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [file = '', ruleId = '', severity = '', row = '', column = '', , options = ''] = line.split('\t');
    return { file, ruleId, severity, place: PLACES[file] ?? `${row}:${column}`, options };
  });

let files: ReadonlyMap<string, FileFacts>;
beforeAll(async () => {
  files = await fixtureFiles();
});

function checked(file: string, options: string) {
  return checkedWith(decodeLayout(readFileSync(`${BROKEN}${file}`)), file, options, files);
}

describe('a layout with one fault', () => {
  test.each(expectations.filter(({ ruleId }) => ruleId !== '(none)'))(
    '$file breaks $ruleId at $place and nothing else',
    ({ file, ruleId, severity, place, options }) => {
      const found = checked(file, options);
      expect(found).toContainEqual(expect.objectContaining({ ruleId, severity }));
      const first = found.find((diagnostic) => diagnostic.ruleId === ruleId);
      expect(`${first?.line}:${first?.column}`).toBe(place);
      const others = found.filter((diagnostic) => diagnostic.ruleId !== ruleId && diagnostic.severity !== 'info');
      expect(others).toEqual([]);
    },
  );
});

describe('a layout without fault', () => {
  test.each(expectations.filter(({ ruleId }) => ruleId === '(none)'))(
    '$file has no error and no warning',
    ({ file }) => {
      expect(checked(file, '').filter(({ severity }) => severity !== 'info')).toEqual([]);
    },
  );
});
