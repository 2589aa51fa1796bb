import { fromHex, toHex } from '../../src/base/bytes.ts';
import type { ErrorCode } from '../../src/base/error-codes.ts';
import { PhaselineError } from '../../src/base/errors.ts';
import type { ControlSetup, UsbDevice } from '../../src/usb/port.ts';

/**
 * One transfer: the setup packet and the OUT data as hex, and what the device answers: IN data as
 * hex, `ack`, or the code that the port fails with.
 */
export type Exchange = readonly [request: string, answer: string];

const FAILURES = ['usb/stall', 'usb/timeout', 'usb/gone', 'usb/io'] as const satisfies readonly ErrorCode[];

/** A device that expects exactly these transfers in this order; anything else fails the test. */
export class WireScript implements UsbDevice {
  readonly info = {
    port: '1-2',
    key: '1:7',
    vendorId: 0x0483,
    productId: 0xdf11,
    deviceVersion: 0x200,
    speed: 'high',
  } as const;
  readonly timeouts: number[] = [];
  readonly #exchanges: readonly Exchange[];
  #at = 0;

  constructor(...exchanges: readonly Exchange[]) {
    this.#exchanges = exchanges;
  }

  /** Transfers that the host has not made. */
  get left(): readonly Exchange[] {
    return this.#exchanges.slice(this.#at);
  }

  async controlIn(setup: ControlSetup, length: number, timeoutMs: number): Promise<Uint8Array> {
    return fromHex(this.#answer(packet(setup, length), timeoutMs));
  }

  async controlOut(setup: ControlSetup, data: Uint8Array, timeoutMs: number): Promise<void> {
    this.#answer(`${packet(setup, data.length)}${toHex(data)}`, timeoutMs);
  }

  selectAlternate(alternate: number, timeoutMs: number): Promise<void> {
    return this.controlOut(
      { requestType: 0x01, request: 0x0b, value: alternate, index: 0 },
      new Uint8Array(0),
      timeoutMs,
    );
  }

  bulkIn(): Promise<Uint8Array> {
    throw new Error('no bulk endpoint');
  }

  bulkOut(): Promise<void> {
    throw new Error('no bulk endpoint');
  }

  async reset(): Promise<void> {
    throw new Error('no reset expected');
  }

  async close(): Promise<void> {}

  #answer(request: string, timeoutMs: number): string {
    const [expected, answer] = this.#exchanges[this.#at] ?? ['nothing', ''];
    const wanted = expected === 'nothing' ? expected : toHex(fromHex(expected));
    if (request !== wanted) throw new Error(`transfer ${this.#at}: ${request} came instead of ${wanted}`);
    this.#at += 1;
    this.timeouts.push(timeoutMs);
    const failure = FAILURES.find((code) => code === answer);
    if (failure) throw new PhaselineError(failure, `scripted ${failure}`);
    return answer === 'ack' ? '' : answer;
  }
}

function packet({ requestType, request, value, index }: ControlSetup, length: number): string {
  const word = (n: number) => [n & 0xff, n >> 8];
  return toHex(Uint8Array.of(requestType, request, ...word(value), ...word(index), ...word(length)));
}
