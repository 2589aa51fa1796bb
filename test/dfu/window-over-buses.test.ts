import { realClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { simulatedBus } from '../../src/simulator/bus.ts';
import { serveBoards } from '../../src/simulator/server.ts';
import { usbipBus } from '../../src/usb/usbip/bus.ts';
import { boardInUboot } from './uboot-board.ts';
import { windowContract } from './window-contract.ts';

const clock = new VirtualClock();
windowContract('in process', clock, async (fault) => {
  const board = await boardInUboot(clock, fault);
  return { bus: simulatedBus([board], clock), close: async () => board.close() };
});

async function overUsbip(fault: string) {
  const board = await boardInUboot(realClock, fault);
  const server = await serveBoards({ boards: [board], host: '127.0.0.1', port: 0, log: silentLog });
  return {
    bus: usbipBus({ host: '127.0.0.1', port: server.port, clock: realClock, log: silentLog }),
    async close() {
      await server.close();
      board.close();
    },
  };
}
windowContract('over USB/IP', realClock, overUsbip, { concurrent: true });
