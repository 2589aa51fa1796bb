/**
 * `npm run campaign [-- --seed S --runs N --kills N]`: jobs with random layouts, images, families and faults on
 * simulated boards, and command lines that are killed in the middle. None may say ok with other bytes on the
 * medium, write to a board or partition that was not named, or hang. Prints how to replay what fails, and last
 * `N passed, N failed`.
 */
import { parseArgs } from 'node:util';
import { runJob } from './in-process.ts';
import { runKilled } from './killed.ts';
import { RealTimeLimit } from './real-time-limit.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    runs: { type: 'string', default: '2000' },
    kills: { type: 'string', default: '100' },
  },
});
const seed = number('seed', values.seed ?? String(Date.now() % 1e9));
let passed = 0;
let failed = 0;
process.stdout.write(`campaign with seed ${seed}\n`);
await repeat('runs', number('runs', values.runs), runJob, 1);
await repeat('kills', number('kills', values.kills), runKilled, 2);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

/** Runs `job` with seed, seed + 1, …, some at a time. */
async function repeat(
  kind: 'runs' | 'kills',
  times: number,
  job: (jobSeed: number) => Promise<readonly string[]>,
  atATime: number,
): Promise<void> {
  let next = 0;
  const work = async () => {
    for (let index = next++; index < times; index = next++) await judge(kind, seed + index, job);
  };
  await Promise.all(Array.from({ length: atATime }, work));
}

async function judge(
  kind: 'runs' | 'kills',
  jobSeed: number,
  job: (jobSeed: number) => Promise<readonly string[]>,
): Promise<void> {
  const limit = new RealTimeLimit();
  const complaints = await Promise.race([
    limit.passed,
    job(jobSeed).catch((error: unknown) => [error instanceof Error ? String(error.stack) : String(error)]),
  ]);
  limit.stop();
  if (complaints.length === 0) {
    passed += 1;
    return;
  }
  failed += 1;
  const others = kind === 'runs' ? '--runs 1 --kills 0' : '--runs 0 --kills 1';
  process.stdout.write(`seed ${jobSeed} (${kind}): ${complaints.join('; ')}\n`);
  process.stdout.write(`  to replay: npm run campaign -- --seed ${jobSeed} ${others}\n`);
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  process.stderr.write(`--${name} ${text} is no whole number\n`);
  process.exit(2);
}
