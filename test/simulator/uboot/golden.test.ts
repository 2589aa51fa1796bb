import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { play } from '../../conformance/player.ts';
import { readLines } from '../../conformance/transcript.ts';

const FOLDER = join(import.meta.dirname, '../../golden/transcripts');
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.jsonl'));

describe('the simulated U-Boot answers as the real code did', () => {
  test('there are transcripts to play', () => {
    expect(names.length).toBeGreaterThan(90);
  });

  test.each(names)('%s', async (name) => {
    const verdict = await play(readLines(join(FOLDER, name)));
    expect(verdict.result === 'skipped' ? 'passed' : verdict.result, JSON.stringify(verdict)).toBe('passed');
  });
});
