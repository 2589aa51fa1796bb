import type { UsbConnector } from './usb-connector.ts';

/** A USB connector at its place on the bus; a simulated board is one. */
export interface BusSocket {
  /** Bus and hub ports, `1-2.3`. */
  readonly port: string;
  readonly connector: UsbConnector;
}

const MOST_ADDRESSES = 127;

/** Hands out device addresses as a host controller does: the next number for each device that appears. */
export class BusAddresses {
  #last = 0;
  readonly #given = new WeakMap<UsbConnector, { readonly enumeration: number; readonly address: number }>();

  /** The address of the device that is on the bus there now. */
  of(connector: UsbConnector): number {
    const known = this.#given.get(connector);
    if (known?.enumeration === connector.enumeration) return known.address;
    this.#last = (this.#last % MOST_ADDRESSES) + 1;
    this.#given.set(connector, { enumeration: connector.enumeration, address: this.#last });
    return this.#last;
  }
}

/** The bus of a port: 3 for `3-1.4`, 1 when the port does not say. */
export function busNumber(port: string): number {
  return Number(/^\d+/.exec(port)?.[0] ?? 1);
}
