import { beforeAll, describe, expect, test } from 'vitest';
import type { FileFacts } from '../../src/check/file-facts.ts';
import { checkedWith, fixtureFiles } from './fixture-files.ts';
import { type Variation, variations, variedText } from './variations.ts';

let files: ReadonlyMap<string, FileFacts>;
beforeAll(async () => {
  files = await fixtureFiles();
});

function found(variation: Variation): readonly string[] {
  const { base, options, findings } = variation;
  const path = /--path (\S+)/.exec(options)?.[1] ?? `ok-${base}.tsv`;
  const asked = new Set(findings.filter((finding) => finding.startsWith('info ')).map((text) => text.split(' ')[1]));
  return checkedWith(variedText(variation), path, options, files)
    .filter(({ severity, ruleId }) => severity !== 'info' || asked.has(ruleId))
    .map(({ severity, ruleId, line, column }) => `${severity} ${ruleId} ${line}:${column}`);
}

describe('a faultless layout changed in one respect', () => {
  const cases = variations().map((variation) => ({
    ...variation,
    title: `ok-${variation.base}.tsv with ${[variation.edits, variation.options].filter(Boolean).join(' and ')}`,
    result: variation.findings.join(', ') || 'nothing',
  }));

  test.each(cases)('$title: $result', (variation) => {
    expect(found(variation)).toEqual(variation.findings);
  });
});
