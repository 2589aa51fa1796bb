import { describe, expect, test } from 'vitest';
import { sentence } from '../../src/cli/render/sentences.ts';
import type { PhaseResult, ResultEvent } from '../../src/flash/events.ts';

const phase = (id: string, done: Partial<PhaseResult>): PhaseResult => ({
  ...{ id, name: 'part', file: 'part.bin', bytes: 4096, imageBytes: 4096, bytesDone: 0, complete: false, seconds: 0 },
  ...done,
});

const COMPLETE = { bytesDone: 4096, complete: true };

function verdictOf(phases: readonly PhaseResult[], change: Partial<ResultEvent>): readonly string[] {
  const facts = { time: '', message: 'it broke', hint: 'Mend it', seconds: 2, bytes: 4096 };
  const result = { event: 'result', ...facts, phases, attempts: [] };
  return (sentence({ ...result, ...change } as ResultEvent & { time: string }) ?? '').split('\n');
}

describe('the verdict', () => {
  test('of a success counts the files that were sent: a board that was further on got no boot files', () => {
    const lines = verdictOf([phase('0x01', {}), phase('0x10', COMPLETE)], { ok: true });
    expect(lines[0]).toMatch(/^PASS: 1 file, 4 KiB, /);
    expect(lines.at(-1)).toMatch(/^The board does not reboot by itself/);
  });

  test('of a failure says how far each file came', () => {
    const phases = [
      phase('0x01', COMPLETE),
      phase('0x03', { bytesDone: 4096 }),
      phase('0x10', { bytesDone: 1024 }),
      phase('0x11', {}),
    ];
    expect(verdictOf(phases, { ok: false, code: 'board/error' })).toEqual([
      '  0x01 part: complete',
      '  0x03 part: sent, and not confirmed by the board',
      '  0x10 part: incomplete, 1 KiB of 4 KiB',
      '  0x11 part: not written',
      'FAIL: it broke. Mend it. [board/error]',
    ]);
  });

  test('says what an earlier job had finished, how the board was left, and what the attempts before had failed with', () => {
    const attempts = ['it fell over', 'it broke'].map((message) => ({
      code: 'usb/gone' as const,
      message,
      bytes: 0,
      seconds: 1,
    }));
    const phases = [phase('0x10', { complete: true, earlier: true }), phase('0x11', {})];
    expect(verdictOf(phases, { ok: false, code: 'usb/gone', left: 'tfa', attempts })).toEqual([
      '  0x10 part: complete, by an earlier job',
      '  0x11 part: not written',
      'The board was left as it is, in TF-A: reset it before the next job.',
      'attempt 1 had failed: it fell over [usb/gone]',
      'FAIL: it broke. Mend it. [usb/gone]',
    ]);
  });

  test('says of a job that was stopped while the board changed its stage that nobody knows where it is', () => {
    const between = 'The board is between two stages, or silent: reset it before the next job.';
    expect(verdictOf([], { ok: false, code: 'interrupted/sigint', left: 'unreachable' })).toContain(between);
    expect(verdictOf([], { ok: false, code: 'usb/gone', left: 'unreachable' })).not.toContain(between);
  });
});
