import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkLayout } from '../../src/check/check-layout.ts';
import { correctLayout } from '../../src/check/correct.ts';
import type { FileFacts } from '../../src/check/file-facts.ts';
import { PROFILES } from '../../src/check/profiles.ts';
import { REFERENCE_BOARDS } from '../../src/check/reference-boards.ts';
import { RULES } from '../../src/check/registry.ts';
import type { CheckContext } from '../../src/check/subject.ts';
import { decodeLayout, parseLayout } from '../../src/layout/parse.ts';
import { FAMILIES } from '../../src/stm32/chips.ts';
import { fixtureFiles } from './fixture-files.ts';

const CORPUS = new URL('fixtures/corpus/', import.meta.url);
const texts = readdirSync(CORPUS).map((name) => decodeLayout(readFileSync(new URL(name, CORPUS))));
let facts: readonly FileFacts[] = [];
beforeAll(async () => {
  facts = [...(await fixtureFiles()).values(), { problem: 'missing', reason: 'it does not exist' }];
});

/** A real layout with some of its cells, TABs and line ends exchanged for those of others. */
const mutated = fc
  .tuple(fc.constantFrom(...texts), fc.array(fc.tuple(fc.nat(), fc.nat(9), fc.constantFrom(...texts), fc.nat())))
  .map(([text, changes]) => {
    let now = text;
    for (const [at, length, source, from] of changes) {
      const start = at % (now.length + 1);
      const piece = source.slice(from % source.length, (from % source.length) + 12);
      now = now.slice(0, start) + piece + now.slice(start + length);
    }
    return now;
  });

const sizes = fc.constantFrom(512, 0x20000, 0x80000, 2 ** 22, 2 ** 26, 2 ** 33);
const devices = fc
  .dictionary(
    fc.constantFrom('mmc0', 'mmc1', 'mmc2', 'nor0', 'nand0', 'spi-nand0', 'ram0'),
    fc.record({ sizeBytes: sizes, eraseBytes: sizes }, { requiredKeys: [] }),
  )
  .map((known) => new Map(Object.entries(known)));
const contexts = fc.record(
  {
    family: fc.constantFrom(...FAMILIES),
    board: fc.constantFrom(...REFERENCE_BOARDS),
    profile: fc.constantFrom(...PROFILES),
    tool: fc.constantFrom('any' as const, 'phaseline' as const),
    severities: fc
      .dictionary(fc.constantFrom(...RULES.map(({ id }) => id)), fc.constantFrom('off', 'info', 'warning', 'error'))
      .map((rules) => new Map(Object.entries(rules))),
    devices,
  },
  { requiredKeys: [] },
);

describe('whatever is known beside the text', () => {
  test('a real layout that was mangled gets findings that point into it, and corrections that hold', () => {
    fc.assert(
      fc.property(mutated, contexts, fc.option(fc.nat()), (text, known, pick) => {
        const layout = parseLayout(text, 'layout.tsv');
        const named = layout.rows.flatMap(({ binary }) => (binary === undefined ? [] : [binary]));
        const files = new Map(
          named.map((name, index) => [name, facts[((pick ?? 0) + index) % facts.length] as FileFacts]),
        );
        const context = { ...known, ...(pick !== null && { files }) } as CheckContext;
        for (const { line, column, endColumn, message, help } of checkLayout(layout, context)) {
          const length = layout.lines[line - 1]?.text.length ?? 0;
          expect(line).toBeLessThanOrEqual(Math.max(1, layout.lines.length));
          expect(column).toBeGreaterThanOrEqual(1);
          expect(endColumn).toBeGreaterThanOrEqual(column);
          // A line end is the last that can be meant.
          expect(endColumn).toBeLessThanOrEqual(length + 2);
          expect(`${message}${help ?? ''}`).toMatch(/^[^\p{Cc}]+$/u);
        }
        const once = correctLayout(layout, context);
        expect(correctLayout(parseLayout(once.text, 'layout.tsv'), context).ruleIds).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
