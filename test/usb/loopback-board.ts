import type { Clock } from '../../src/base/clock.ts';
import type { BusSocket } from '../../src/simulator/bus-addresses.ts';
import { UsbConnector } from '../../src/simulator/usb-connector.ts';
import { LoopbackGadget } from './loopback-gadget.ts';

/** A socket with a loopback gadget in it, that leaves the bus and comes back as it is told. */
export function loopbackBoard(clock: Clock, port = '1-1'): BusSocket {
  const connector = new UsbConnector(clock);
  const attach = () => connector.attach(new LoopbackGadget(leave));
  function leave(backAfterMs: number | undefined): void {
    connector.detach();
    if (backAfterMs !== undefined) void clock.sleep(backAfterMs).then(attach);
  }
  attach();
  return { port, connector };
}
