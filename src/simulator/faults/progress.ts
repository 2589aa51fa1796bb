import { asciiText } from '../../base/bytes.ts';
import { DFU_REQUEST } from '../../dfu/constants.ts';
import { interfacesOf } from '../configuration-descriptor.ts';
import type { Gadget } from '../gadget.ts';
import type { ControlRequest } from '../usb-connector.ts';
import type { FaultPoint } from './fault.ts';

const SET_INTERFACE = 11;
const GET_DESCRIPTOR = 6;
const STRING = 3;
const LANGUAGE_ENGLISH_US = 0x0409;

/** Where the host is in its work, told by watching its requests. */
export class TransferProgress {
  #transfers = 0;
  #gadget: Gadget | undefined;
  #phases: readonly (number | undefined)[] = [];
  #alternate = 0;
  /** Of the download to the selected alternate setting, before this request. */
  #bytes = 0;
  #blocks = 0;
  #request: ControlRequest | undefined;

  /** The phase in the name of the selected alternate setting. */
  get phase(): number | undefined {
    return this.#phases[this.#alternate];
  }

  /** Looks at a request that is about to reach `gadget`. */
  async observe(gadget: Gadget, request: ControlRequest): Promise<void> {
    this.#transfers += 1;
    if (this.#request && isBlock(this.#request)) {
      this.#bytes += this.#request.data.length;
      this.#blocks += 1;
    }
    this.#request = request;
    if (gadget !== this.#gadget) {
      this.#gadget = gadget;
      this.#select(0);
      this.#phases = await phasesOf(gadget);
    }
    const { requestType, request: code, value } = request.setup;
    if ((requestType & 0x60) === 0 && code === SET_INTERFACE) this.#select(value);
  }

  /** Whether the request that was observed last is the one that `point` means. */
  at(point: FaultPoint): boolean {
    if ('transfer' in point) return this.#transfers === point.transfer;
    if (!this.#request || this.phase !== point.phase) return false;
    if ('end' in point) return isDnload(this.#request) && this.#request.setup.length === 0;
    if (!isBlock(this.#request)) return false;
    if ('block' in point) return this.#blocks === point.block;
    return this.#bytes <= point.byte && point.byte < this.#bytes + this.#request.data.length;
  }

  #select(alternate: number): void {
    this.#alternate = alternate;
    this.#bytes = 0;
    this.#blocks = 0;
    this.#request = undefined;
  }
}

function isBlock(request: ControlRequest): boolean {
  return isDnload(request) && request.setup.length > 0;
}

function isDnload({ setup }: ControlRequest): boolean {
  return (setup.requestType & 0x60) === 0x20 && setup.request === DFU_REQUEST.DNLOAD;
}

/** By alternate setting, the id in its name: `@FSBL /0x01/1*1Me` has 1. */
async function phasesOf(gadget: Gadget): Promise<readonly (number | undefined)[]> {
  const phases: (number | undefined)[] = [];
  for (const { alternate, stringIndex } of interfacesOf(gadget.configurationDescriptor())) {
    const value = (STRING << 8) | stringIndex;
    const setup = { requestType: 0x80, request: GET_DESCRIPTOR, value, index: LANGUAGE_ENGLISH_US, length: 255 };
    const reply = await gadget.control(setup, new Uint8Array(0));
    if (typeof reply === 'string') continue;
    const id = /\/(0x[0-9a-f]{2})\//i.exec(asciiText(reply.subarray(2).filter((_, index) => index % 2 === 0)));
    phases[alternate] = id ? Number(id[1]) : undefined;
  }
  return phases;
}
