import { realClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { simulatedBus } from '../../src/simulator/bus.ts';
import { serveBoards } from '../../src/simulator/server.ts';
import { usbipBus } from '../../src/usb/usbip/bus.ts';
import { portContract } from './contract.ts';
import { loopbackBoard } from './loopback-board.ts';

portContract('in process, in virtual time', async () => {
  const clock = new VirtualClock();
  const boards = [loopbackBoard(clock)];
  const bus = simulatedBus(boards, clock);
  return { bus, otherProgram: simulatedBus(boards, clock), close: () => Promise.resolve() };
});

portContract('in process, in real time', async () => {
  const bus = simulatedBus([loopbackBoard(realClock)], realClock);
  return { bus, otherProgram: bus, close: () => Promise.resolve() };
});

portContract('over USB/IP', async () => {
  const server = await serveBoards({ boards: [loopbackBoard(realClock)], host: '127.0.0.1', port: 0, log: silentLog });
  const client = (port: number) => usbipBus({ host: '127.0.0.1', port, clock: realClock, log: silentLog });
  return {
    bus: client(server.port),
    otherProgram: client(server.port),
    missing: client(1),
    close: () => server.close(),
  };
});
