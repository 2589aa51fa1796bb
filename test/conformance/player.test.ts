import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { play, type Verdict } from './player.ts';
import { readLines } from './transcript.ts';

const FOLDER = join(import.meta.dirname, '../golden/transcripts');

/** Plays a transcript with each line as `change` wants it; undefined leaves it out. */
async function playChanged(
  name: string,
  change: (line: object, index: number) => object | undefined,
): Promise<Verdict> {
  async function* lines(): AsyncGenerator<unknown> {
    let index = 0;
    for await (const line of readLines(join(FOLDER, `${name}.jsonl`))) {
      const changed = change(line as object, index);
      index += 1;
      if (changed) yield changed;
    }
  }
  return play(lines());
}

let replaced = 0;

/** The same text in every line of JSON. */
function replaceIn(line: object, from: string, to: string): object {
  const text = JSON.stringify(line);
  if (text.includes(from)) replaced += 1;
  return JSON.parse(text.replaceAll(from, to)) as object;
}

describe('a transcript that was tampered with fails', () => {
  test.each([
    ['a byte of a reply', 'p_ped_erase', '"hex":"000000000700"', '"hex":"000000000600"'],
    ['a length of a reply', 'p_ped_erase', '{"len":6,"hex":"000000000700"}', '{"len":5,"hex":"0000000007"}'],
    ['a name of an alternate setting', 'p_ped_erase', '2f0031002a', '2f0032002a'],
    ['a stall', 'e_zero_length_file', '"STALL"', '"OK"'],
    ['the end', 'e_unplug_midway_retry', '"as":"reset"', '"as":"prompt"'],
    ['what landed', 'p_tail_padding', '"len":1024', '"len":1025'],
    ['a register', 'c_emmc', '"PARTITION_CONFIG_179":80', '"PARTITION_CONFIG_179":72'],
    ['data of a read-back', 'f_upload', '{"len":12288,"pattern":{"seed":1', '{"len":12288,"pattern":{"seed":2'],
    [
      'the time that a write takes',
      'j_slow_medium',
      '"writeMicrosecondsPerMiB":100000',
      '"writeMicrosecondsPerMiB":1000',
    ],
  ])('%s', async (_, name, from, to) => {
    expect(await playChanged(name, (line) => line)).toEqual({ result: 'passed' });
    replaced = 0;
    const verdict = await playChanged(name, (line) => replaceIn(line, from, to));
    expect([replaced > 0, verdict.result]).toEqual([true, 'failed']);
  });

  test('with the number of the transfer, what was expected, and what came', async () => {
    const verdict = await playChanged('p_ped_erase', (line, index) =>
      index === 2 ? replaceIn(line, '1201000200000040', '1201000200000041') : line,
    );
    expect(verdict).toEqual({
      result: 'failed',
      transfer: 1,
      expected: '[128 6 256 0 18] OK 1201000200000041830411df000201020301',
      got: '1201000200000040830411df000201020301',
    });
  });

  test('a device that is expected to go, and stays', async () => {
    const verdict = await playChanged('p_ped_erase', (line) =>
      'setup' in line && `${line.setup}` === '33,0,0,0,0' ? undefined : line,
    );
    expect(verdict).toMatchObject({ result: 'failed', expected: 'the device leaves the bus' });
  });

  test('a head without transfers', async () => {
    const verdict = await playChanged('p_ped_erase', (line, index) => (index === 0 ? line : undefined));
    expect(verdict).toMatchObject({ result: 'failed', got: 'none' });
  });

  test('an empty file', async () => {
    expect(await playChanged('p_ped_erase', () => undefined)).toMatchObject({ result: 'failed' });
  });
});

test('what cannot be replayed is skipped with its reason', async () => {
  expect(await playChanged('g_setphase_ff', (line) => line)).toEqual({
    result: 'skipped',
    why: 'the device jumps to address 0 and crashes',
  });
});
