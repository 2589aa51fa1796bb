import { silentLog } from '../../src/base/log.ts';
import type { BusSocket } from '../../src/simulator/bus-addresses.ts';
import { serveBoards } from '../../src/simulator/server.ts';
import type { Guest } from './guest.ts';

/** Devices of this process that are plugged into the guest. */
export interface Plugboard {
  /** Resolves when everything that has appeared so far is configured in the guest. */
  settled(): Promise<void>;
  /** Pulls all plugs. */
  close(): Promise<void>;
}

/**
 * Plugs devices into the guest, each into the port that it names (`1-3` is port 3 of the first hub), and
 * again after every re-enumeration: Linux's virtual host controller does not reconnect by itself.
 */
export async function plugIn(guest: Guest, sockets: readonly BusSocket[]): Promise<Plugboard> {
  const server = await serveBoards({ boards: sockets, host: '127.0.0.1', port: 0, log: silentLog });
  const work = new Set<Promise<void>>();
  let failure: unknown;
  const stops = sockets.map((socket) => {
    let plugged = 0;
    const look = () => {
      const { visible, enumeration } = socket.connector;
      if (!visible || enumeration === plugged) return;
      plugged = enumeration;
      const attached: Promise<void> = guest
        .attach(server.port, socket.port, portNumber(socket.port))
        .catch((error: unknown) => {
          // One that has left before it could be plugged in is none.
          if (socket.connector.enumeration === enumeration && socket.connector.visible) failure = error;
        })
        .finally(() => work.delete(attached));
      work.add(attached);
    };
    look();
    return socket.connector.onChange(look);
  });
  return {
    async settled() {
      while (work.size > 0) await Promise.all(work);
      if (failure !== undefined) throw failure;
    },
    async close() {
      for (const stop of stops) stop();
      await server.close();
    },
  };
}

function portNumber(port: string): number {
  const number = /^1-(\d+)$/.exec(port)?.[1];
  if (number === undefined) throw new Error(`the guest has no port ${port}`);
  return Number(number) - 1;
}
