import type { ResultEvent } from '../../../src/flash/events.ts';

/** How a port and a trace say the same failure. */
const SAME_WORDS: readonly (readonly [RegExp, string])[] = [
  [/the device stalled the request|STALL in line \d+ of the trace/g, '<stall>'],
  [/no answer within \d+ ms|ETIMEDOUT in line \d+ of the trace/g, '<timeout>'],
  [/on trace of simulator/g, 'on simulator'],
  [/(the device|device \S+) left the bus|the device was closed|ENODEV in line \d+ of the trace/g, '<gone>'],
];

/** How a job ended: without its times, and in words that a port and a trace share. */
export function outcomeOf(result: ResultEvent) {
  const { code, exitCode, bytes, verified, left } = result;
  const message = SAME_WORDS.reduce((text, [words, name]) => text.replaceAll(words, name), result.message);
  const phases = result.phases.map(({ id, bytesDone, sha256, complete }) => ({ id, bytesDone, sha256, complete }));
  return { code, exitCode, message, bytes, phases, verified, left };
}
