import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { play, type Verdict } from './player.ts';
import { readLines } from './transcript.ts';

const HERE = join(import.meta.dirname, '../golden/transcripts');

/** Every transcript below the files and folders given; ours when none is. */
function findTranscripts(paths: readonly string[]): string[] {
  return (paths.length > 0 ? paths : [HERE]).flatMap((path) => {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
    const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jsonl'));
    return names.sort().map((name) => join(path, name));
  });
}

async function playFile(path: string): Promise<Verdict> {
  try {
    return await play(readLines(path));
  } catch (error) {
    return { result: 'failed', transfer: 0, expected: 'a readable transcript', got: reason(error) };
  }
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? 'no such file' : message;
}

const counts = { passed: 0, failed: 0, skipped: 0 };
for (const path of findTranscripts(process.argv.slice(2))) {
  const verdict = await playFile(path);
  counts[verdict.result] += 1;
  const name = basename(path, '.jsonl');
  if (verdict.result === 'skipped') process.stdout.write(`skip ${name}: ${verdict.why}\n`);
  if (verdict.result === 'failed') {
    const { transfer, expected, got } = verdict;
    process.stdout.write(`FAIL ${name}: transfer ${transfer}\n  expected ${expected}\n  got      ${got}\n`);
  }
}
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
if (counts.failed > 0 || counts.passed === 0) process.exitCode = 1;
