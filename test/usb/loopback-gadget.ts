import { encodeConfiguration, encodeInterface } from '../../src/simulator/configuration-descriptor.ts';
import { encodeDeviceDescriptor } from '../../src/simulator/device-descriptor.ts';
import { ACK, type BulkVerdict, type ControlReply, type Gadget, type Setup } from '../../src/simulator/gadget.ts';
import { StandardRequests } from '../../src/simulator/standard-requests.ts';

/** Vendor requests of the loopback gadget. */
export const LOOPBACK = {
  /** OUT: remembers the data. IN: gives it back. */
  ECHO: 1,
  STALL: 2,
  /** NAKs until the host gives up. */
  HANG: 3,
  /** Leaves the bus, and comes back when wIndex is 1; wValue is the time in between, ms. */
  LEAVE: 4,
  /** IN: one byte a request that came so far, its wValue. */
  HISTORY: 5,
} as const;

const BULK_OUT = 0x01;
const BULK_IN = 0x82;

/** What the contract of the USB port is tried with: a device that does what it is told. */
export class LoopbackGadget implements Gadget {
  readonly #leave: (backAfterMs: number | undefined) => void;
  readonly #standard: StandardRequests;
  readonly #pipe: Uint8Array[] = [];
  #waiting: ((data: Uint8Array) => void) | undefined;
  #echo: Uint8Array = new Uint8Array(0);
  readonly #history: number[] = [];

  constructor(leave: (backAfterMs: number | undefined) => void) {
    this.#leave = leave;
    this.#standard = new StandardRequests(
      {
        device: () => this.deviceDescriptor(),
        configuration: () => this.configurationDescriptor(),
        string: (index) => ['phaseline', 'loopback', 'L00P'][index - 1],
      },
      () => undefined,
    );
  }

  deviceDescriptor(): Uint8Array {
    return encodeDeviceDescriptor({
      vendorId: 0x1209,
      productId: 0x0001,
      deviceVersion: 0x0100,
      deviceClass: 0xff,
      deviceSubClass: 0,
      deviceProtocol: 0,
    });
  }

  configurationDescriptor(): Uint8Array {
    const vendor = { interfaceClass: 0xff, interfaceSubClass: 0, interfaceProtocol: 0, stringIndex: 0 };
    return encodeConfiguration({ interfaces: 1, stringIndex: 0, attributes: 0x80, maxPower: 50 }, [
      encodeInterface({ number: 0, alternate: 0, endpoints: 2, ...vendor }),
      Uint8Array.of(7, 5, BULK_OUT, 2, 0, 2, 0),
      Uint8Array.of(7, 5, BULK_IN, 2, 0, 2, 0),
      encodeInterface({ number: 0, alternate: 1, endpoints: 0, ...vendor }),
    ]);
  }

  control(setup: Setup, data: Uint8Array): ControlReply | Promise<ControlReply> {
    const standard = this.#standard.answer(setup);
    if (standard !== undefined) return standard;
    const isIn = (setup.requestType & 0x80) !== 0;
    this.#history.push(setup.value & 0xff);
    switch (setup.request) {
      case LOOPBACK.ECHO:
        if (isIn) return this.#echo.subarray(0, setup.length);
        this.#echo = data.slice();
        return ACK;
      case LOOPBACK.STALL:
        return 'stall';
      case LOOPBACK.HANG:
        return 'nak';
      case LOOPBACK.LEAVE:
        this.#leave(setup.index === 1 ? setup.value : undefined);
        return 'nak';
      case LOOPBACK.HISTORY:
        return Uint8Array.from(this.#history).subarray(0, setup.length);
      default:
        return 'stall';
    }
  }

  bulkOut(_endpoint: number, data: Uint8Array): BulkVerdict {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting(data.slice());
    else this.#pipe.push(data.slice());
    return 'ack';
  }

  bulkIn(_endpoint: number, length: number): ControlReply | Promise<ControlReply> {
    const data = this.#pipe.shift();
    if (data) return data.subarray(0, length);
    return new Promise((resolve) => {
      this.#waiting = (late) => resolve(late.subarray(0, length));
    });
  }
}
