import { connect, type Socket } from 'node:net';
import { concatBytes } from '../../src/base/bytes.ts';
import { realClock } from '../../src/base/clock.ts';

const PATIENCE_MS = 2_000;
const PAUSE_MS = 2;

/** A TCP connection that says to a USB/IP server whatever it is told to, and keeps what comes back. */
export class UsbipClient {
  readonly socket: Socket;
  /** Resolves when the connection is over, whoever ended it. */
  readonly end: Promise<void>;
  #received: Uint8Array[] = [];

  constructor(port: number) {
    this.socket = connect({ host: '127.0.0.1', port, noDelay: true });
    this.socket.on('error', () => undefined); // resets are what these tests are about
    this.socket.on('data', (chunk) => this.#received.push(new Uint8Array(chunk as Buffer)));
    this.end = new Promise((resolve) => this.socket.once('close', () => resolve()));
  }

  get received(): Uint8Array {
    return concatBytes(this.#received);
  }

  /** Resolves when the bytes are with the kernel, or the connection is over. */
  async send(bytes: Uint8Array): Promise<void> {
    await Promise.race([this.end, new Promise<void>((resolve) => this.socket.write(bytes, () => resolve()))]);
  }

  /** Waits until so many bytes have come; false when the connection ended or time passed first. */
  async receives(length: number): Promise<boolean> {
    for (let waited = 0; waited < PATIENCE_MS && !this.socket.closed; waited += PAUSE_MS) {
      if (this.received.length >= length) return true;
      await realClock.sleep(PAUSE_MS);
    }
    return this.received.length >= length;
  }
}
