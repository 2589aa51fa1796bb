import { once } from 'node:events';
import { connect } from 'node:net';

/**
 * What the host does for a suite in the guest: plug a new loopback gadget in, let the present one answer
 * nothing, or plug a board in whose U-Boot wants phase 0x10, with a fault.
 */
export type PlugOrder = 'fresh' | 'silence' | `uboot ${string}`;

/** By the variable PHASELINE_PLUGS, HOST:PORT. Pulls what was plugged in before. */
export async function askHost(order: PlugOrder): Promise<void> {
  const [host = '', port = ''] = (process.env.PHASELINE_PLUGS ?? '').split(':');
  const socket = connect({ host, port: Number(port) });
  socket.write(`${order}\n`);
  const [answer] = await once(socket, 'data');
  socket.destroy();
  if (String(answer) !== 'done') throw new Error(String(answer));
}
