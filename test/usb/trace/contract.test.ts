import { expect } from 'vitest';
import { realClock } from '../../../src/base/clock.ts';
import { simulatedBus } from '../../../src/simulator/bus.ts';
import { recordBus } from '../../../src/usb/trace/record.ts';
import { traceBus } from '../../../src/usb/trace/replay.ts';
import { portContract } from '../contract.ts';
import { loopbackBoard } from '../loopback-board.ts';

/** What each test of the contract recorded, for the same test to be replayed. */
const traces = new Map<string, string[]>();
const currentTest = () => expect.getState().currentTestName?.split(' > ').at(-1) ?? '';

portContract('recorded', async () => {
  const lines: string[] = [];
  traces.set(currentTest(), lines);
  const bus = recordBus(simulatedBus([loopbackBoard(realClock)], realClock), realClock, (line) => lines.push(line));
  return { bus, otherProgram: bus, close: () => Promise.resolve() };
});

portContract('replayed from a trace', async () => {
  const bus = traceBus(`${traces.get(currentTest())?.join('\n')}\n`, realClock);
  return { bus, otherProgram: bus, close: () => Promise.resolve() };
});
