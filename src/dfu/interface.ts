import type { Clock } from '../base/clock.ts';
import { isPhaselineError, PhaselineError } from '../base/errors.ts';
import type { ControlSetup, UsbDevice } from '../usb/port.ts';
import { DFU_REQUEST } from './constants.ts';
import { type DfuAlternate, type DfuDescriptors, readDescriptors } from './descriptors.ts';
import { type DfuStatus, decodeStatus, STATUS_BYTES } from './status.ts';

/** DFU 1.1 table 3.2: class requests to an interface; wIndex is interface 0 on all stages. */
const OUT = 0x21;
const IN = 0xa1;
/** wValue of DETACH in ms; every stage ignores it (protocol.md §13). */
const DETACH_TIMEOUT_MS = 1000;

export interface DfuOptions {
  readonly clock: Clock;
  /** Deadline of each request that is not given its own. */
  readonly timeoutMs: number;
}

/**
 * Reads the descriptors of an open device and gives its DFU interface; undefined when the device is
 * not in DFU mode (see readDescriptors). Fails with `dfu/protocol` and what the port fails with.
 */
export async function openDfu(device: UsbDevice, options: DfuOptions): Promise<DfuInterface | undefined> {
  const descriptors = await readDescriptors(device, options.timeoutMs);
  return descriptors && new DfuInterface(device, descriptors, options);
}

/** The only requests that a device may see between the first block of an image and the end of its manifest. */
export interface OpenDownload {
  readonly transferSize: number;
  /** One DNLOAD; `bytes` empty = the zero-length one that ends the image. */
  dnload(blockNumber: number, bytes: Uint8Array, timeoutMs: number): Promise<void>;
  getStatus(timeoutMs: number): Promise<DfuStatus>;
  /** Gives the interface back, whether the image is complete or was given up. */
  close(): void;
}

/** Reading from one alternate setting. */
export interface OpenUpload {
  readonly transferSize: number;
  /** One UPLOAD of at most `length` bytes. */
  upload(blockNumber: number, length: number, timeoutMs?: number): Promise<Uint8Array>;
  close(): void;
}

/**
 * The DFU interface of one enumeration of a device. A board keeps one buffer for all its alternates,
 * so one foreign request in the middle of a download corrupts what is written (FINDINGS trap 1):
 * while an image is open every other request here is refused as a bug.
 */
export class DfuInterface {
  readonly device: UsbDevice;
  readonly clock: Clock;
  readonly transferSize: number;
  /** bmAttributes of the functional descriptor. */
  readonly attributes: number;
  readonly alternates: readonly DfuAlternate[];
  readonly manufacturer: string | undefined;
  readonly product: string | undefined;
  readonly serial: string | undefined;
  readonly #timeoutMs: number;
  #selected: number | undefined;
  #open: string | undefined;

  constructor(device: UsbDevice, descriptors: DfuDescriptors, options: DfuOptions) {
    this.device = device;
    this.clock = options.clock;
    this.#timeoutMs = options.timeoutMs;
    this.transferSize = descriptors.functional.transferSize;
    this.attributes = descriptors.functional.attributes;
    this.alternates = descriptors.alternates;
    this.manufacturer = descriptors.manufacturer;
    this.product = descriptors.product;
    this.serial = descriptors.serial;
  }

  /**
   * SET_INTERFACE, also when that alternate is selected already: U-Boot goes back to dfuIDLE by it
   * (FINDINGS §3). A number that the device did not offer is a bug: U-Boot crashes on it.
   */
  async select(alternate: number, timeoutMs = this.#timeoutMs): Promise<void> {
    this.#refuseWhileOpen(`SET_INTERFACE ${alternate}`);
    if (!this.alternates.some(({ index }) => index === alternate)) {
      throw new PhaselineError('bug/unexpected', `alternate setting ${alternate} does not exist`);
    }
    this.#selected = undefined;
    await this.device.selectAlternate(alternate, timeoutMs);
    this.#selected = alternate;
  }

  async getStatus(timeoutMs = this.#timeoutMs): Promise<DfuStatus> {
    this.#refuseWhileOpen('GETSTATUS');
    return this.#status(timeoutMs);
  }

  async getState(timeoutMs = this.#timeoutMs): Promise<number> {
    this.#refuseWhileOpen('GETSTATE');
    const [state, ...rest] = await this.device.controlIn(request(IN, DFU_REQUEST.GETSTATE), 1, timeoutMs);
    if (state === undefined || rest.length > 0) throw new PhaselineError('dfu/protocol', 'GETSTATE answered no state');
    return state;
  }

  async clearStatus(timeoutMs = this.#timeoutMs): Promise<void> {
    this.#refuseWhileOpen('CLRSTATUS');
    await this.#out(DFU_REQUEST.CLRSTATUS, 0, NOTHING, timeoutMs);
  }

  async abort(timeoutMs = this.#timeoutMs): Promise<void> {
    this.#refuseWhileOpen('ABORT');
    await this.#out(DFU_REQUEST.ABORT, 0, NOTHING, timeoutMs);
  }

  /**
   * DETACH. A device that leaves before it has acknowledged did what it was asked (FINDINGS §1.4);
   * that it has left is proven by the bus, not by this request.
   */
  async detach(timeoutMs = this.#timeoutMs): Promise<void> {
    this.#refuseWhileOpen('DETACH');
    try {
      await this.#out(DFU_REQUEST.DETACH, DETACH_TIMEOUT_MS, NOTHING, timeoutMs);
    } catch (error) {
      if (!isPhaselineError(error, 'usb/gone', 'usb/io')) throw error;
    }
  }

  /** Opens the alternate, which must be the selected one, for one image. From here until `close` this interface refuses everything else. */
  openDownload(alternate: number): OpenDownload {
    const claim = this.#claim(alternate, 'written');
    return {
      transferSize: this.transferSize,
      dnload: (blockNumber, bytes, timeoutMs) => {
        claim.insist();
        return this.#out(DFU_REQUEST.DNLOAD, blockNumber, bytes, timeoutMs);
      },
      getStatus: (timeoutMs) => {
        claim.insist();
        return this.#status(timeoutMs);
      },
      close: claim.end,
    };
  }

  /** Opens the alternate, which must be the selected one, for reading; refuses everything else like `openDownload`. */
  openUpload(alternate: number): OpenUpload {
    const claim = this.#claim(alternate, 'read');
    return {
      transferSize: this.transferSize,
      upload: (blockNumber, length, timeoutMs = this.#timeoutMs) => {
        claim.insist();
        return this.device.controlIn(request(IN, DFU_REQUEST.UPLOAD, blockNumber), length, timeoutMs);
      },
      close: claim.end,
    };
  }

  #claim(alternate: number, use: 'written' | 'read'): Claim {
    this.#refuseWhileOpen('another transfer');
    const mine = `alternate setting ${alternate} is being ${use}`;
    if (this.#selected !== alternate) {
      throw new PhaselineError('bug/unexpected', `${mine} while ${this.#selected ?? 'none'} is selected`);
    }
    this.#open = mine;
    let ended = false;
    return {
      insist: () => {
        if (ended) throw new PhaselineError('bug/unexpected', `a request after ${mine} had ended`);
      },
      end: () => {
        if (!ended) this.#open = undefined;
        ended = true;
      },
    };
  }

  #out(code: number, value: number, bytes: Uint8Array, timeoutMs: number): Promise<void> {
    return this.device.controlOut(request(OUT, code, value), bytes, timeoutMs);
  }

  async #status(timeoutMs: number): Promise<DfuStatus> {
    return decodeStatus(await this.device.controlIn(GETSTATUS, STATUS_BYTES, timeoutMs));
  }

  #refuseWhileOpen(what: string): void {
    if (this.#open === undefined) return;
    throw new PhaselineError('bug/unexpected', `${what} while ${this.#open}`);
  }
}

interface Claim {
  readonly insist: () => void;
  readonly end: () => void;
}

const NOTHING = new Uint8Array(0);
const GETSTATUS = request(IN, DFU_REQUEST.GETSTATUS);

function request(requestType: number, code: number, value = 0): ControlSetup {
  return { requestType, request: code, value, index: 0 };
}
