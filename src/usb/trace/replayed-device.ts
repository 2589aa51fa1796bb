import { setMaxListeners } from 'node:events';
import { fromHex } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import { PhaselineError } from '../../base/errors.ts';
import type { ControlSetup, UsbDevice, UsbDeviceInfo } from '../port.ts';
import type { Asked } from './asked.ts';
import { DIRECTION_IN, SET_INTERFACE, setupFields } from './request.ts';
import { failureOf } from './status.ts';
import type { Fate, Standing, Tape } from './tape.ts';

/** An answer that came sooner comes at once: timers are no finer than this, and a trace may have millions. */
const SHORT_MS = 20;
const NO_DATA = new Uint8Array(0);

interface Options {
  readonly info: UsbDeviceInfo;
  /** Its number in the trace. */
  readonly device: number;
  readonly tape: Tape;
  readonly clock: Clock;
  readonly onClose: () => void;
}

/** A device of a trace, for as long as it is open. */
export class ReplayedDevice implements UsbDevice {
  readonly info: UsbDeviceInfo;
  readonly #options: Options;
  readonly #closing = new AbortController();
  /** By endpoint address, 0 for control: the transfer before, settled or not. */
  readonly #before = new Map<number, Promise<unknown>>();
  /** Transfers under way. */
  #open = 0;
  /** There was more than one of them when the last one was asked for. */
  #isQueue = false;

  constructor(options: Options) {
    this.info = options.info;
    this.#options = options;
    // One for each transfer in flight, and a window may be wide.
    setMaxListeners(0, this.#closing.signal);
  }

  async controlIn(setup: ControlSetup, length: number, timeoutMs: number): Promise<Uint8Array> {
    return this.#transfer({ setup: setupFields(setup, length) }, NO_DATA, timeoutMs);
  }

  async controlOut(setup: ControlSetup, data: Uint8Array, timeoutMs: number): Promise<void> {
    await this.#transfer({ setup: setupFields(setup, data.length) }, data, timeoutMs);
  }

  async bulkIn(endpoint: number, length: number, timeoutMs: number): Promise<Uint8Array> {
    return this.#transfer({ bulk: [endpoint | DIRECTION_IN, length] }, NO_DATA, timeoutMs);
  }

  async bulkOut(endpoint: number, data: Uint8Array, timeoutMs: number): Promise<void> {
    await this.#transfer({ bulk: [endpoint & ~DIRECTION_IN, data.length] }, data, timeoutMs);
  }

  selectAlternate(alternate: number, timeoutMs: number): Promise<void> {
    return this.controlOut({ ...SET_INTERFACE, value: alternate }, NO_DATA, timeoutMs);
  }

  async reset(): Promise<void> {
    if (this.#closing.signal.aborted) throw gone();
    const { tape, device } = this.#options;
    const { line, number } = tape.call('reset', device);
    if (line.status !== 'OK') throw failureOf(line.status, number);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#options.onClose();
  }

  async #transfer(request: Omit<Asked, 'device' | 'data'>, data: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    if (this.#closing.signal.aborted) throw gone();
    const { tape, device } = this.#options;
    const fate = tape.transfer({ device, ...request, data }, this.#standing);
    const endpoint = request.bulk?.[0] ?? 0;
    const outcome = this.#outcome(fate, this.#before.get(endpoint), timeoutMs);
    this.#isQueue = this.#open > 0;
    this.#open += 1;
    const settled = () => {
      this.#open -= 1;
    };
    this.#before.set(endpoint, outcome.then(settled, settled));
    return outcome;
  }

  get #standing(): Standing {
    if (this.#open > 0) return 'ahead';
    return this.#isQueue ? 'after-queue' : 'alone';
  }

  /** What the trace holds for it, after the time that it took then; one given up does not wait for those before. */
  async #outcome(fate: Fate, before: Promise<unknown> | undefined, timeoutMs: number): Promise<Uint8Array> {
    if ('differs' in fate) {
      await before;
      throw fate.differs;
    }
    const { line, number } = fate;
    const tookMs = line.endMs - line.startMs;
    if (tookMs >= SHORT_MS) await this.#wait(Math.min(tookMs, timeoutMs));
    if (line.status === 'ETIMEDOUT') throw failureOf(line.status, number);
    if (tookMs >= timeoutMs) throw new PhaselineError('usb/timeout', `no answer within ${timeoutMs} ms`);
    await before;
    if (this.#closing.signal.aborted) throw gone();
    if (line.status !== 'OK') throw failureOf(line.status, number);
    return line.in && 'hex' in line.in ? fromHex(line.in.hex) : NO_DATA;
  }

  async #wait(ms: number): Promise<void> {
    try {
      await this.#options.clock.sleep(ms, this.#closing.signal);
    } catch {
      throw gone();
    }
  }
}

function gone(): PhaselineError {
  return new PhaselineError('usb/gone', 'the device was closed');
}
