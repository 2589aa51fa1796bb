import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseSize } from '../../src/base/sizes.ts';
import { checkLayout } from '../../src/check/check-layout.ts';
import type { FileFacts } from '../../src/check/file-facts.ts';
import type { CheckContext } from '../../src/check/subject.ts';
import { decodeLayout, parseLayout } from '../../src/layout/parse.ts';
import { describe as describeFile } from '../../src/source/describe.ts';
import type { Family } from '../../src/stm32/chips.ts';
import { makeExt4 } from '../image/make.ts';
import { factsOf } from './files.ts';

const FOLDER = new URL('fixtures/broken/', import.meta.url).pathname;

/** Where EXPECT.tsv points beside the fault: docs/decisions/check-rules.md. */
const PLACES: Readonly<Record<string, string>> = {
  'missing-column.tsv': '5:26',
  'id-offset-order.tsv': '4:3',
  'binary-too-big.tsv': '10:39',
};

const expectations = readFileSync(`${FOLDER}EXPECT.tsv`, 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [file = '', ruleId = '', severity = '', row = '', column = '', , options = ''] = line.split('\t');
    return { file, ruleId, severity, place: PLACES[file] ?? `${row}:${column}`, options };
  });

const files = new Map<string, FileFacts>();
beforeAll(async () => {
  for (const name of readdirSync(`${FOLDER}bin`)) {
    files.set(`bin/${name}`, await describeFile(`${FOLDER}bin/${name}`, { checksum: true }));
  }
  files.set('bin/big.ext4', await factsOf('bin/big.ext4', makeExt4(3 * 2 ** 19)));
});

function contextFor(binaries: readonly string[], options: string): CheckContext {
  const family = /--family (\S+)/.exec(options)?.[1];
  const device = /--device-size (\w+)=(\S+)/.exec(options);
  const sizeBytes = parseSize(device?.[2] ?? '');
  return {
    files: new Map(binaries.map((name) => [name, files.get(name) ?? missing(name)])),
    ...(family !== undefined && { family: family as Family }),
    ...(device?.[1] !== undefined && sizeBytes !== undefined && { devices: new Map([[device[1], { sizeBytes }]]) }),
  };
}

function missing(name: string): FileFacts {
  const otherCase = [...files.keys()].find((other) => other.toLowerCase() === name.toLowerCase());
  return { problem: 'missing', reason: `${name} does not exist`, ...(otherCase !== undefined && { otherCase }) };
}

function checked(file: string, options: string) {
  const layout = parseLayout(decodeLayout(readFileSync(`${FOLDER}${file}`)), file);
  const binaries = layout.rows.flatMap(({ binary }) => (binary === undefined ? [] : [binary]));
  return checkLayout(layout, contextFor(binaries, options));
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
