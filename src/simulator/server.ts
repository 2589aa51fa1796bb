import { type AddressInfo, createServer, type Socket } from 'node:net';
import { realClock } from '../base/clock.ts';
import { PhaselineError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { BusSocket } from './bus-addresses.ts';
import { UsbipExports } from './usbip-exports.ts';
import { UsbipSession } from './usbip-session.ts';

export interface ServerOptions {
  readonly boards: readonly BusSocket[];
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  readonly log: Log;
}

export interface BoardServer {
  readonly host: string;
  readonly port: number;
  /** Ends all connections; the boards stay as they are. */
  close(): Promise<void>;
}

const MOST_CLIENTS = 256;
/** A client that has not asked for anything, or not closed a finished connection, by then is cut off. */
const REQUEST_MS = 10_000;
/** A client whose machine has gone does not keep its board for ever: the system asks after this, and gives up. */
const KEEP_ALIVE_MS = 30_000;
/** With so much unread by the client, nothing more of it is read or answered. */
const MOST_UNREAD_BYTES = 4 * 2 ** 20;

/** Serves boards over USB/IP 1.1.1. usage/arguments when the address cannot be listened on. */
export async function serveBoards(options: ServerOptions): Promise<BoardServer> {
  const { boards, host, log } = options;
  const devices = new UsbipExports(boards);
  const clients = new Set<Socket>();
  const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS }, (socket) => {
    clients.add(socket);
    socket.once('close', () => clients.delete(socket));
    serveClient(socket, devices, log);
  });
  server.maxConnections = MOST_CLIENTS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const where = `${host}:${options.port}`;
      reject(new PhaselineError('usage/arguments', `cannot listen on ${where}: ${error.message}`, { where }, error));
    });
    server.listen(options.port, host, resolve);
  });
  server.on('error', (error) => log.error({ err: error }, 'the USB/IP server failed'));
  const { port } = server.address() as AddressInfo;
  return {
    host,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of clients) socket.destroy();
      }),
  };
}

function serveClient(socket: Socket, devices: UsbipExports, log: Log): void {
  const client = `${socket.remoteAddress}:${socket.remotePort}`;
  const clientLog = withClient(log, client);
  const closed = new AbortController();
  const cutOff = () => void realClock.sleep(REQUEST_MS, closed.signal).then(() => socket.destroy(), ignoreClosed);
  const output = {
    send: (bytes: Uint8Array) => void socket.write(bytes),
    get isFull() {
      return socket.writableLength > MOST_UNREAD_BYTES;
    },
    end() {
      socket.end();
      cutOff(); // a client that does not close its side either
    },
  };
  const session = new UsbipSession(devices, output, realClock, clientLog);
  const answer = (work: () => void) => {
    // All that one chunk asks for is answered in one system call.
    socket.cork();
    work();
    socket.uncork();
    if (output.isFull) socket.pause();
    else socket.resume();
  };
  socket.on('data', (chunk) => answer(() => session.receive(chunk as Uint8Array)));
  socket.on('drain', () => answer(() => session.proceed()));
  socket.on('error', (error) => clientLog.debug({ reason: error.message }, 'a USB/IP connection broke'));
  socket.on('close', () => {
    closed.abort();
    session.close();
  });
  realClock.sleep(REQUEST_MS, closed.signal).then(() => {
    if (session.hasDevice) return;
    clientLog.warn({}, 'a USB/IP client asked for nothing and was cut off');
    socket.destroy();
  }, ignoreClosed);
}

/** The client left in time. */
const ignoreClosed = () => undefined;

function withClient(log: Log, client: string): Log {
  return {
    debug: (fields, message) => log.debug({ client, ...fields }, message),
    info: (fields, message) => log.info({ client, ...fields }, message),
    warn: (fields, message) => log.warn({ client, ...fields }, message),
    error: (fields, message) => log.error({ client, ...fields }, message),
  };
}
