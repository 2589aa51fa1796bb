import { asciiText, toHex } from '../../src/base/bytes.ts';
import type { Clock } from '../../src/base/clock.ts';
import { PhaselineError } from '../../src/base/errors.ts';
import { simulatedBus } from '../../src/simulator/bus.ts';
import type { BusSocket } from '../../src/simulator/bus-addresses.ts';
import type { UsbBus, UsbDevice } from '../../src/usb/port.ts';

const MS = 5_000;

/** A host that sends single requests and shows what came back as text: hex, or the error's code. */
export class DfuHost {
  readonly bus: UsbBus;
  device: UsbDevice | undefined;

  constructor(board: BusSocket, clock: Clock) {
    this.bus = simulatedBus([board], clock);
  }

  /** Opens the device, waiting for it to appear. */
  async open(waitMs = 20_000): Promise<void> {
    await this.device?.close();
    let [info] = await this.bus.list();
    for (let i = 0; i < 20 && !info; i += 1) {
      await this.bus.waitForChange(waitMs / 10);
      [info] = await this.bus.list();
    }
    if (!info) throw new Error('no device appeared');
    this.device = await this.bus.open(info);
  }

  async isListed(): Promise<boolean> {
    return (await this.bus.list()).length > 0;
  }

  async in(requestType: number, request: number, value: number, length: number): Promise<string> {
    return shown(() => this.#open.controlIn({ requestType, request, value, index: 0 }, length, MS).then(toHex));
  }

  async out(
    requestType: number,
    request: number,
    value: number,
    data: Uint8Array = new Uint8Array(0),
  ): Promise<string> {
    return shown(() => this.#open.controlOut({ requestType, request, value, index: 0 }, data, MS).then(() => 'ok'));
  }

  select = (alternate: number) => this.out(0x01, 11, alternate);
  getStatus = () => this.in(0xa1, 3, 0, 6);
  getState = () => this.in(0xa1, 5, 0, 1);
  clearStatus = () => this.out(0x21, 4, 0);
  abort = () => this.out(0x21, 6, 0);
  detach = () => this.out(0x21, 0, 1000);
  download = (block: number, data: Uint8Array = new Uint8Array(0)) => this.out(0x21, 1, block, data);
  upload = (length: number) => this.in(0xa1, 2, 0, length);

  async getPhase(virtualAlternate: number): Promise<string> {
    await this.select(virtualAlternate);
    return this.upload(512);
  }

  async string(index: number): Promise<string> {
    const descriptor = { requestType: 0x80, request: 6, value: 0x0300 | index, index: 0x0409 };
    return shown(async () => {
      const bytes = await this.#open.controlIn(descriptor, 255, MS);
      return asciiText(bytes.subarray(2).filter((_, i) => i % 2 === 0));
    });
  }

  /** Blocks of 1024, GETSTATUS until dfuDNLOAD-IDLE after each, then the empty block: the status after that. */
  async send(alternate: number, image: Uint8Array, blockBytes = 1024): Promise<string> {
    await this.select(alternate);
    let block = 0;
    for (let at = 0; at < image.length; at += blockBytes) {
      const sent = await this.download(block, image.subarray(at, at + blockBytes));
      if (sent !== 'ok') return sent;
      for (let i = 0; i < 3 && !(await this.getStatus()).endsWith('0500'); i += 1);
      block += 1;
    }
    await this.download(block);
    return this.getStatus();
  }

  get #open(): UsbDevice {
    if (!this.device) throw new Error('nothing is open');
    return this.device;
  }
}

async function shown(work: () => Promise<string>): Promise<string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PhaselineError) return error.code;
    throw error;
  }
}
