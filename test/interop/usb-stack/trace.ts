import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { realClock } from '../../../src/base/clock.ts';
import { silentLog } from '../../../src/base/log.ts';
import { SimulatedBoard } from '../../../src/simulator/board.ts';
import { boardProfile } from '../../../src/simulator/profiles.ts';
import { serveBoards } from '../../../src/simulator/server.ts';
import { cli } from '../../cli/harness.ts';
import { timeless } from '../../usb/trace/timeless.ts';
import { makeBoard, phaseline, plugInAll, type UsbBench } from './bench.ts';

const LAYOUT = 'mp13.tsv';
const TRACE = '/tmp/phaseline-trace.jsonl';

/** The trace that the same command leaves over USB/IP, without a kernel in between. */
async function traceOverUsbip(folder: string): Promise<string> {
  const board = new SimulatedBoard({ profile: boardProfile('stm32mp135f-dk'), clock: realClock });
  const server = await serveBoards({ boards: [board], host: '127.0.0.1', port: 0, log: silentLog });
  board.powerOn();
  try {
    const trace = join(folder, 'usbip.jsonl');
    const bus = `usbip://127.0.0.1:${server.port}`;
    const args = ['flash', join(folder, LAYOUT), '--bus', bus, '--trace', trace, '--wait', '10', '--quiet'];
    expect(await cli(args, { clock: realClock })).toMatchObject({ exitCode: 0 });
    return trace;
  } finally {
    await server.close();
    board.close();
  }
}

const linesOf = (text: string) => text.trimEnd().split('\n');

export function traceSuite(bench: () => UsbBench): void {
  test('the same job leaves the same trace over libusb as over USB/IP', async () => {
    await plugInAll(bench().guest, [makeBoard('stm32mp135f-dk')]);
    const run = await phaseline(bench(), ['flash', LAYOUT, '--trace', TRACE, '--quiet']);
    expect(run.exitCode, run.stderr).toBe(0);
    const { stdout } = await bench().guest.run(['cat', TRACE]);
    const overUsbip = linesOf(readFileSync(await traceOverUsbip(bench().folder), 'utf8'));
    expect(timeless(linesOf(stdout))).toEqual(timeless(overUsbip));
  });
}
