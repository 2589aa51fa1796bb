// Runs the command line and writes what the process used, as JSON, to the file that MEASURED_TO names.
import '../../dist/cli/small-heap.js';
import { readFileSync, writeFileSync } from 'node:fs';
import { processIo } from '../../dist/cli/io.js';
import { run } from '../../dist/cli/run.js';

const started = process.cpuUsage();
const exitCode = await run(process.argv.slice(2), processIo());
const { user, system } = process.cpuUsage(started);
// Not resourceUsage().maxRSS: that one is inherited from whoever started this process.
const peakRssBytes = 1024 * Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
writeFileSync(process.env.MEASURED_TO, JSON.stringify({ exitCode, cpuSeconds: (user + system) / 1e6, peakRssBytes }));
process.exitCode = exitCode;
