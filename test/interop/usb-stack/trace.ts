import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { realClock } from '../../../src/base/clock.ts';
import { silentLog } from '../../../src/base/log.ts';
import type { ResultEvent } from '../../../src/flash/events.ts';
import { SimulatedBoard } from '../../../src/simulator/board.ts';
import { boardProfile } from '../../../src/simulator/profiles.ts';
import { serveBoards } from '../../../src/simulator/server.ts';
import { cli } from '../../cli/harness.ts';
import { timeless } from '../../usb/trace/timeless.ts';
import type { CommandResult } from '../../vm/guest.ts';
import { eventsOf, makeBoard, phaseline, plugInAll, type UsbBench } from './bench.ts';

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
  describe('a trace of a job over libusb', () => {
    /** Flashes in the guest with a trace; gives the path of a copy of it on the host, beside what came out. */
    async function traced(name: string, faults: readonly string[] = []) {
      await plugInAll(bench().guest, [makeBoard('stm32mp135f-dk', { faults })]);
      const run = await phaseline(bench(), ['flash', LAYOUT, '--trace', TRACE, '--json']);
      const { stdout } = await bench().guest.run(['cat', TRACE]);
      const path = join(bench().folder, name);
      writeFileSync(path, stdout);
      return { run, path };
    }
    const replay = (path: string) => cli(['flash', join(bench().folder, LAYOUT), '--bus', `trace:${path}`, '--json']);

    /** What counts of a result: how it ended, and how far each file came. */
    function outcomeOf(run: CommandResult) {
      const { code, exitCode, bytes, phases } = eventsOf(run).result as unknown as ResultEvent;
      return { code, exitCode, bytes, phases: phases.map(({ id, bytes, complete }) => ({ id, bytes, complete })) };
    }

    test('differs from that of the same job over USB/IP in times and addresses only, and replays to the same end', async () => {
      const { run, path } = await traced('libusb.jsonl');
      expect(run.exitCode, run.stderr).toBe(0);
      const [overLibusb, overUsbip] = [path, await traceOverUsbip(bench().folder)].map((file) =>
        timeless(linesOf(readFileSync(file, 'utf8'))),
      );
      expect(overLibusb).toEqual(overUsbip);
      expect(outcomeOf(await replay(path))).toEqual(outcomeOf(run));
    });

    // How much is queued behind a block when its failure is seen is a matter of time.
    test.each([
      ['a block that was stalled', ['stall at phase 0x10 block 9'], 'usb/stall'],
      ['a cable that was out and in', ['unplug for 1500 at phase 0x10 byte 100000'], 'ok'],
    ])('ends in the same way where there is no board: %s', async (_name, faults, code) => {
      const { run, path } = await traced('again.jsonl', faults);
      expect(outcomeOf(run), run.stderr).toMatchObject({ code });
      expect(outcomeOf(await replay(path))).toEqual(outcomeOf(run));
    });
  });
}
