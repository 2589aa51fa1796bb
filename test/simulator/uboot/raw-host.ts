import { LATE, within } from '../../../src/base/deadline.ts';
import type { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { decodeStatus } from '../../../src/dfu/status.ts';
import type { Hardware, UbootEnd } from '../../../src/simulator/hardware.ts';
import { OtpFuses } from '../../../src/simulator/storage/otp-fuses.ts';
import { runStm32prog } from '../../../src/simulator/uboot/stm32prog.ts';
import { decodePhaseReply, encodePhaseRequest, type PhaseReply } from '../../../src/stm32/phases.ts';
import { type GoldenBoard, makeGoldenBoard, OTP_WORDS } from '../../conformance/golden-board.ts';
import type { Head } from '../../conformance/transcript.ts';

export type Answer = Uint8Array | 'stall' | 'gone' | 'late';

const TRANSFER = 4096;
const DEVICE = { sd: '64M', emmc: '64M', emmcBoot: '4M', nor: '16M', nand: '128M' };

/** A board like the golden one, with its U-Boot running, and a host that says exactly what it is told to. */
export class RawHost {
  readonly hw: Hardware;
  readonly clock: VirtualClock;
  readonly end: Promise<UbootEnd>;
  readonly #board: GoldenBoard;

  constructor(change: { device?: Partial<Head['device']>; hw?: Partial<Hardware>; layoutInMemory?: Uint8Array } = {}) {
    const head = { scenario: '', replay: true, device: { ...DEVICE, ...change.device } };
    this.#board = makeGoldenBoard(head, new OtpFuses(OTP_WORDS, undefined));
    this.hw = { ...this.#board.hw, ...change.hw };
    this.clock = this.#board.clock;
    this.end = runStm32prog(this.hw, change.layoutInMemory ? { layoutInMemory: change.layoutInMemory } : {});
    this.end.catch(() => undefined);
  }

  powerOff(): void {
    this.#board.powerOff();
  }

  async control(
    requestType: number,
    request: number,
    value: number,
    index: number,
    data: Uint8Array | number,
  ): Promise<Answer> {
    const length = typeof data === 'number' ? data : data.length;
    const out = typeof data === 'number' ? new Uint8Array(0) : data;
    const { usb } = this.hw;
    const transfer = usb.control(usb.enumeration, { requestType, request, value, index, length }, out);
    const settled = await within(this.clock, 100_000, transfer.result);
    if (settled === LATE) {
      transfer.cancel();
      return 'late';
    }
    if (settled.status === 'ok') return settled.data;
    return settled.status === 'stall' ? 'stall' : 'gone';
  }

  /** Waits until U-Boot shows itself, and configures it. */
  async attach(): Promise<void> {
    await this.#until(() => this.hw.usb.visible !== undefined);
    await this.control(0x00, 9, 1, 0, new Uint8Array(0));
  }

  /** DETACH, and whatever comes after the disconnect. */
  async detachAndAttach(): Promise<void> {
    await this.detach();
    await this.#until(() => this.hw.usb.visible === undefined);
    await this.attach();
  }

  detach(): Promise<Answer> {
    return this.control(0x21, 0, 0, 0, new Uint8Array(0));
  }

  /** The names of the alternate settings, up to the first that stalls. */
  async alternates(): Promise<readonly string[]> {
    const names: string[] = [];
    for (let index = 5; ; index += 1) {
      const reply = await this.control(0x80, 6, 0x300 | index, 0x409, 255);
      if (!(reply instanceof Uint8Array)) return names;
      names.push(new TextDecoder('utf-16le').decode(reply.subarray(2)));
    }
  }

  async select(name: RegExp): Promise<number> {
    const alternate = (await this.alternates()).findIndex((candidate) => name.test(candidate));
    await this.control(0x01, 11, alternate, 0, new Uint8Array(0));
    return alternate;
  }

  dnload(block: number, data: Uint8Array): Promise<Answer> {
    return this.control(0x21, 1, block, 0, data);
  }

  upload(block: number, length = TRANSFER): Promise<Answer> {
    return this.control(0xa1, 2, block, 0, length);
  }

  /** State and status as `5/0`. */
  async state(): Promise<string> {
    const reply = await this.control(0xa1, 3, 0, 0, 6);
    if (!(reply instanceof Uint8Array)) return reply;
    const { state, status } = decodeStatus(reply);
    return `${state}/${status}`;
  }

  /** Sends all of `data` to the selected alternate; the state after the last request. */
  async download(data: Uint8Array, firstBlock = 0): Promise<string> {
    let block = firstBlock;
    for (let at = 0; at < data.length; at += TRANSFER) {
      await this.dnload(block, data.subarray(at, at + TRANSFER));
      const state = await this.state();
      if (state !== '5/0') return state;
      block = (block + 1) & 0xffff;
    }
    await this.dnload(block, new Uint8Array(0));
    const state = await this.state();
    return state === '7/0' ? this.state() : state;
  }

  /** Reads the selected alternate to its end. */
  async uploadAll(): Promise<Uint8Array> {
    const pieces: number[] = [];
    for (let block = 0; ; block += 1) {
      const reply = await this.upload(block & 0xffff);
      if (!(reply instanceof Uint8Array)) throw new Error(`UPLOAD ${block}: ${reply}`);
      pieces.push(...reply);
      if (reply.length < TRANSFER) return Uint8Array.from(pieces);
    }
  }

  async phase(): Promise<PhaseReply> {
    await this.select(/^@virtual/);
    const reply = await this.upload(0, 512);
    if (!(reply instanceof Uint8Array)) throw new Error(`GetPhase: ${reply}`);
    return decodePhaseReply(reply);
  }

  async setPhase(phase: number, offset: number): Promise<string> {
    await this.select(/^@virtual/);
    return this.download(encodePhaseRequest({ phase, offset }));
  }

  /** First enumeration: the layout goes in, DETACH, and U-Boot comes back. */
  async flashLayout(text: string): Promise<void> {
    await this.attach();
    await this.select(/^@FlashLayout/);
    await this.download(new TextEncoder().encode(text));
    await this.detachAndAttach();
  }

  /** Sends an image to the alternate of a phase. */
  async flash(id: number, data: Uint8Array): Promise<string> {
    await this.select(new RegExp(`/0x${id.toString(16).padStart(2, '0')}/1\\*`));
    return this.download(data);
  }

  async finish(): Promise<UbootEnd> {
    await this.detach();
    return this.end;
  }

  async #until(happened: () => boolean): Promise<void> {
    for (let ms = 0; !happened(); ms += 1) {
      if (ms > 60_000) throw new Error('waited for a minute');
      await this.clock.sleep(1);
    }
  }
}

/** Bytes that differ from their neighbours and from those of other seeds. */
export function pattern(length: number, seed = 1): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (seed * 131 + i * 7 + (i >> 8) * 13 + (i >> 16) * 29) & 0xff);
}

/** Rows to a layout: cells separated by blanks become TABs. */
export function layout(...rows: readonly string[]): string {
  return `${rows.map((row) => row.split(' ').join('\t')).join('\n')}\n`;
}
