import { connect, type Socket } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import { LATE, within } from '../../base/deadline.ts';
import { PhaselineError } from '../../base/errors.ts';
import { ByteQueue } from './codec/byte-queue.ts';

/** Where a USB/IP server listens. */
export interface UsbipAddress {
  readonly host: string;
  readonly port: number;
}

const CONNECT_MS = 5_000;
const OPERATION_MS = 5_000;

/** Opens a TCP connection; usb/no-bus when nobody answers there. */
export async function connectTo(address: UsbipAddress, clock: Clock): Promise<Socket> {
  const where = `${address.host}:${address.port}`;
  const socket = connect({ ...address, noDelay: true });
  // Node throws an error that nobody listens to; whoever uses the socket learns of it by `close`.
  socket.on('error', () => undefined);
  const connected = new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  try {
    if ((await within(clock, CONNECT_MS, connected)) !== LATE) return socket;
  } catch (error) {
    throw noBus(`no USB/IP server at ${where}: ${(error as Error).message}`, error);
  }
  socket.destroy();
  throw noBus(`no answer from ${where} within ${CONNECT_MS} ms`);
}

function noBus(message: string, cause?: unknown): PhaselineError {
  return new PhaselineError('usb/no-bus', message, { usbip: true }, cause);
}

/**
 * Sends one operation and reads its reply with `take`. usb/no-bus when the connection breaks before
 * or the reply does not come in time, usb/protocol when it is none. Leaves the socket without listeners
 * and gives back what came after the reply.
 */
export async function askOperation<T>(
  socket: Socket,
  clock: Clock,
  request: Uint8Array,
  take: (queue: ByteQueue) => T | undefined,
): Promise<{ readonly reply: T; readonly rest: ByteQueue }> {
  const queue = new ByteQueue();
  let onData = (_chunk: Uint8Array): void => undefined;
  let onClose = (): void => undefined;
  const replied = new Promise<T>((resolve, reject) => {
    onClose = () => reject(noBus('the USB/IP server closed the connection without an answer'));
    onData = (chunk) => {
      queue.push(chunk);
      try {
        const reply = take(queue);
        if (reply !== undefined) resolve(reply);
      } catch (error) {
        reject(error);
      }
    };
  });
  socket.on('data', onData).on('close', onClose).write(request);
  try {
    const reply = await within(clock, OPERATION_MS, replied);
    if (reply === LATE) throw noBus(`no answer from the USB/IP server within ${OPERATION_MS} ms`);
    return { reply, rest: queue };
  } finally {
    socket.pause();
    socket.off('data', onData).off('close', onClose);
  }
}
