import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { realClock } from '../../src/base/clock.ts';
import type { Out, StopSignal } from '../../src/cli/io.ts';
import { type Captured, cli } from './harness.ts';

interface Simulation {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  readonly said: () => string;
  /** Ends it as SIGTERM does; what it left. */
  stop(): Promise<Captured>;
}

function spoken(onText: (text: string) => void = () => undefined): Out & { text(): string } {
  let all = '';
  return {
    write: (text) => {
      all += text;
      onText(all);
    },
    text: () => all,
    isTTY: false,
    columns: 80,
    stream: process.stdout,
  };
}

/** `phaseline simulate` in this process, once it listens. */
async function simulate(...args: readonly string[]): Promise<Simulation> {
  let stop: (signal: StopSignal) => void = () => undefined;
  const stderr = spoken();
  let ended: Promise<Captured> | undefined;
  const address = await new Promise<string>((resolve, reject) => {
    const stdout = spoken((text) => {
      const found = /^listening on (\S+)\n/.exec(text)?.[1];
      if (found) resolve(found);
    });
    const onStop = (handler: (signal: StopSignal) => void) => {
      stop = handler;
      return () => undefined;
    };
    ended = cli(['simulate', '--listen', '127.0.0.1:0', ...args], { clock: realClock, stdout, stderr, onStop });
    ended.then(({ exitCode }) => reject(new Error(`ended with ${exitCode}: ${stderr.text()}`)), reject);
  });
  return {
    address,
    said: () => stderr.text(),
    stop: () => {
      stop('SIGTERM');
      return ended as Promise<Captured>;
    },
  };
}

test('a quiet simulator says where it listens, and nothing else until SIGTERM ends it with exit 0', async () => {
  const simulation = await simulate();
  expect(await simulation.stop()).toMatchObject({ exitCode: 0 });
  expect(simulation.said()).toBe('');
});

test('a board that crashes is told on stderr, with the reason', async () => {
  const simulation = await simulate('--fault', 'crash at transfer 5');
  await cli(['list', '--bus', `usbip://${simulation.address}`], { clock: realClock });
  await simulation.stop();
  expect(simulation.said()).toBe('error: 003A00273338510338303334: the firmware crashed: a fault was asked for\n');
});

test('a client that breaks the protocol is told on stderr', async () => {
  const simulation = await simulate();
  const [host = '', port] = simulation.address.split(':');
  await new Promise((resolve, reject) => {
    const socket = connect(Number(port), host, () => socket.write('GET / HTTP/1.1\r\n\r\n'));
    socket.on('data', () => undefined);
    socket.once('close', resolve);
    socket.once('error', reject);
  });
  await simulation.stop();
  expect(simulation.said()).toMatch(
    /^warning: 127\.0\.0\.1:\d+: a USB\/IP client broke the protocol and was cut off: .+\n$/,
  );
});
