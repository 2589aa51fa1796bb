import { processIo } from './io.ts';
import { run } from './run.ts';

/** A bus that does not let go must not keep a process that has nothing left to do. */
const LINGER_MS = 2_000;

process.exitCode = await run(process.argv.slice(2), processIo());
setTimeout(() => process.exit(), LINGER_MS).unref();
