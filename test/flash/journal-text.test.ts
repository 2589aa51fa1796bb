import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPhaselineError } from '../../src/base/errors.ts';
import { appendProof, formatJournal, type JournalContent, parseJournal } from '../../src/flash/journal-text.ts';

const SHA = 'ab'.repeat(32);
const head = { serial: '003A00273338510338303334', layout: SHA, startedAt: '2026-01-01T00:00:00.000Z' };
const proofs = [
  { id: 0x04, bytes: 4096, sha256: '01'.repeat(32) },
  { id: 0x10, bytes: 67_108_864, sha256: '02'.repeat(32), ranges: '03'.repeat(32) },
];
const TEXT = formatJournal({ head, proofs });

function refusalOf(text: string): string {
  try {
    parseJournal(text);
  } catch (error) {
    if (isPhaselineError(error, 'resume/journal')) return error.message;
    throw error;
  }
  return 'none';
}

describe('a journal', () => {
  test('reads as it was written, however many proofs it has', () => {
    const sha = fc.constantFrom('0', 'a', 'f').map((digit) => digit.repeat(64));
    const proof = fc.record({ id: fc.nat(0xf0), bytes: fc.nat(), sha256: sha });
    const content = fc.record({
      head: fc.record({ serial: fc.string(), layout: sha, startedAt: fc.string() }),
      proofs: fc.array(proof, { maxLength: 5 }),
    });
    fc.assert(
      fc.property(content, proof, (written: JournalContent, more) => {
        const text = formatJournal(written);
        expect(parseJournal(text)).toEqual(written);
        const longer = appendProof(text, more);
        expect(longer.startsWith(text)).toBe(true);
        expect(parseJournal(longer)).toEqual({ ...written, proofs: [...written.proofs, more] });
      }),
    );
  });

  test('is refused with any byte of it changed', () => {
    fc.assert(
      fc.property(fc.nat(TEXT.length - 1), fc.integer({ min: 32, max: 126 }), (at, code) => {
        const changed = `${TEXT.slice(0, at)}${String.fromCharCode(code)}${TEXT.slice(at + 1)}`;
        fc.pre(changed !== TEXT);
        expect(refusalOf(changed)).toMatch(/^the journal cannot be used: /);
      }),
      { numRuns: 500 },
    );
  });

  test('is refused when it ends in the middle of a line', () => {
    const ends = [...TEXT].flatMap((character, at) => (character === '\n' ? [at + 1] : []));
    for (let end = 0; end < TEXT.length; end += 1) {
      if (ends.includes(end)) continue;
      expect(refusalOf(TEXT.slice(0, end))).toContain('it ends in the middle of a line');
    }
  });

  test('is refused when lines changed places, or one is missing among them', () => {
    const [first, second, third] = TEXT.split('\n');
    expect(refusalOf([first, third, second, ''].join('\n'))).toContain('line 2 is damaged');
    expect(refusalOf([first, third, ''].join('\n'))).toContain('line 2 is damaged');
  });

  test.each([
    ['nothing', '', 'it ends in the middle of a line'],
    ['another version', TEXT.replace('"version":1', '"version":2'), 'it is of version 2, this phaseline reads 1'],
    ['a trace', '{"scenario":"x"}\n', 'it is no journal'],
    ['a list', '[]\n', 'it is no journal'],
    ['a number', '1\n', 'line 1 is damaged'],
    ['a head alone without a layout', '{"journal":"phaseline","version":1,"serial":"1"}\n', 'line 1 is damaged'],
  ])('is refused when it is %s', (_what, text, reason) => {
    expect(refusalOf(text)).toBe(`the journal cannot be used: ${reason}`);
  });
});
