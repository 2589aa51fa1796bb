import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { realClock } from '../../../src/base/clock.ts';
import type { BusSocket } from '../../../src/simulator/bus-addresses.ts';
import { boardInUboot } from '../../dfu/uboot-board.ts';
import { loopbackBoard } from '../../usb/loopback-board.ts';
import type { Guest } from '../../vm/guest.ts';
import { type Plugboard, plugIn } from '../../vm/plugboard.ts';
import type { PlugOrder } from '../guest/plugs.ts';
import type { UsbBench } from './bench.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');
const VITEST = 'node_modules/vitest/vitest.mjs';
const CONFIG = 'test/interop/guest/vitest.config.ts';
/** The host's loopback, seen from the guest. */
const HOST = '10.0.2.2';

/** What has to have run there, with the least number of tests. */
const SUITES = [
  ['the USB port, over libusb', 15],
  ['every wait over libusb ends', 7],
  ['a window of 8 blocks, over libusb', 16],
] as const;
/** Some 40 s when nobody else uses the processor. */
const RUN_MS = 400_000;

interface GuestReport {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** Does for the suites in the guest what they cannot do themselves. */
async function servePlugs(guest: Guest): Promise<{ readonly port: number; close(): Promise<void> }> {
  let socket: BusSocket | undefined;
  let plugs: Plugboard | undefined;
  const obey = async (order: PlugOrder) => {
    if (order === 'silence') {
      socket?.connector.silence();
      return;
    }
    await plugs?.close();
    const fault = /^uboot (.+)$/.exec(order)?.[1];
    socket = fault === undefined ? loopbackBoard(realClock) : await boardInUboot(realClock, fault);
    plugs = await plugIn(guest, [socket]);
    await plugs.settled();
  };
  const server = createServer((client) => {
    client.on('error', () => undefined);
    client.once('data', (line) => {
      obey(String(line).trim() as PlugOrder).then(
        () => client.write('done'),
        (error: unknown) => client.write(String(error)),
      );
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.close();
      await plugs?.close();
    },
  };
}

export function inGuestSuite(bench: () => UsbBench): void {
  describe('the libusb adapter itself', () => {
    test('keeps what the port promises, ends every wait at its deadline, and every window at its first bad block', {
      timeout: RUN_MS + 20_000,
    }, async () => {
      const { guest } = bench();
      const plugs = await servePlugs(guest);
      const env = { PHASELINE_PLUGS: `${HOST}:${plugs.port}` };
      const command = [process.execPath, VITEST, 'run', '--config', CONFIG, '--reporter', 'json'] as const;
      const { stdout, stderr } = await guest.run([...command], { cwd: PROJECT, env, timeoutMs: RUN_MS });
      await plugs.close();
      const report = stdout.slice(stdout.indexOf('{'));
      expect(report, stderr).not.toBe('');
      const { testResults } = JSON.parse(report) as GuestReport;
      const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
      const failed = tests.filter(({ status }) => status !== 'passed');
      expect(failed.map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages.join()}`)).toEqual([]);
      for (const [suite, least] of SUITES) {
        const ran = tests.filter(({ fullName }) => fullName.startsWith(suite));
        const said = [...testResults.map(({ message }) => message), stderr].join('\n');
        expect(ran.length, `${suite}: ${said}`).toBeGreaterThanOrEqual(least);
      }
    });
  });
}
