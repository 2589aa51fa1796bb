import { ACK, type ControlReply, type Setup } from './gadget.ts';

/** The strings and descriptors of one function; `string` gives undefined for an index that does not exist. */
export interface Descriptors {
  device(): Uint8Array;
  configuration(): Uint8Array;
  string(index: number): string | undefined;
}

/** bRequest of standard requests (USB 2.0 table 9-4). */
export const REQUEST = {
  GET_STATUS: 0,
  CLEAR_FEATURE: 1,
  SET_FEATURE: 3,
  GET_DESCRIPTOR: 6,
  GET_CONFIGURATION: 8,
  SET_CONFIGURATION: 9,
  GET_INTERFACE: 10,
  SET_INTERFACE: 11,
} as const;
/** Types of descriptors (USB 2.0 table 9-5). */
const DESCRIPTOR = { DEVICE: 1, CONFIGURATION: 2, STRING: 3 } as const;
const LANGUAGE_ENGLISH_US = 0x0409;

/** What chapter 9 asks every device to remember, and answers from it. */
export class StandardRequests {
  configuration = 0;
  alternate = 0;
  readonly #descriptors: Descriptors;
  readonly #onAlternate: (alternate: number) => void;

  constructor(descriptors: Descriptors, onAlternate: (alternate: number) => void) {
    this.#descriptors = descriptors;
    this.#onAlternate = onAlternate;
  }

  /** The reply to a standard request (bits 6..5 of bmRequestType zero); undefined for any other request. */
  answer(setup: Setup): ControlReply | undefined {
    if ((setup.requestType & 0x60) !== 0) return undefined;
    switch (setup.request) {
      case REQUEST.GET_STATUS:
        return Uint8Array.of(0, 0).subarray(0, setup.length);
      case REQUEST.CLEAR_FEATURE:
      case REQUEST.SET_FEATURE:
        return ACK;
      case REQUEST.GET_DESCRIPTOR:
        return this.#descriptor(setup);
      case REQUEST.GET_CONFIGURATION:
        return Uint8Array.of(this.configuration).subarray(0, setup.length);
      case REQUEST.SET_CONFIGURATION:
        if (setup.value > 1) return 'stall';
        this.configuration = setup.value;
        return ACK;
      case REQUEST.GET_INTERFACE:
        return Uint8Array.of(this.alternate & 0xff).subarray(0, setup.length);
      case REQUEST.SET_INTERFACE:
        if (setup.index !== 0) return 'stall';
        this.alternate = setup.value;
        this.#onAlternate(setup.value);
        return ACK;
      default:
        return 'stall';
    }
  }

  #descriptor(setup: Setup): ControlReply {
    const index = setup.value & 0xff;
    switch (setup.value >> 8) {
      case DESCRIPTOR.DEVICE:
        return this.#descriptors.device().subarray(0, setup.length);
      case DESCRIPTOR.CONFIGURATION:
        return index === 0 ? this.#descriptors.configuration().subarray(0, setup.length) : 'stall';
      case DESCRIPTOR.STRING: {
        if (index === 0) return stringDescriptor(String.fromCharCode(LANGUAGE_ENGLISH_US)).subarray(0, setup.length);
        const text = this.#descriptors.string(index);
        return text === undefined ? 'stall' : stringDescriptor(text).subarray(0, setup.length);
      }
      default:
        return 'stall';
    }
  }
}

/** A string descriptor (UTF-16LE), cut to the 126 characters that its length byte can carry. */
function stringDescriptor(text: string): Uint8Array {
  const units = text.slice(0, 126);
  const out = new Uint8Array(2 + 2 * units.length);
  out[0] = out.length;
  out[1] = DESCRIPTOR.STRING;
  for (let i = 0; i < units.length; i += 1) {
    const unit = units.charCodeAt(i);
    out[2 + 2 * i] = unit & 0xff;
    out[3 + 2 * i] = unit >> 8;
  }
  return out;
}
