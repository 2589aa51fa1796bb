import { createHash } from 'node:crypto';
import { equalBytes, toHex } from '../../src/base/bytes.ts';
import { LATE, within } from '../../src/base/deadline.ts';
import type { UbootEnd } from '../../src/simulator/hardware.ts';
import { runStm32prog } from '../../src/simulator/uboot/stm32prog.ts';
import { findMedium, type GoldenBoard, makeGoldenBoard } from './golden-board.ts';
import { ImpliedStorage } from './implied-storage.ts';
import {
  type Data,
  type DownloadRun,
  dataBytes,
  type Head,
  type Landed,
  type Line,
  type TransferLine,
  type UploadRun,
} from './transcript.ts';

/** How long to wait for the board to go, to come back or to end: virtual time. golden README. */
const PATIENCE_MS = 60_000;
const TRANSFER_MS = 600_000;
const STRING_INDEX_OF_ALTERNATE_0 = 5;
const DFU_UPLOAD = 2;

/** The first thing that was not as recorded. */
interface Difference {
  /** Control transfers so far, the wrong one included. */
  readonly transfer: number;
  readonly expected: string;
  readonly got: string;
}

export type Verdict =
  | { readonly result: 'passed' }
  | { readonly result: 'skipped'; readonly why: string }
  | FailedVerdict;
interface FailedVerdict extends Difference {
  readonly result: 'failed';
}

class Mismatch extends Error {
  readonly expected: string;
  readonly got: string;
  constructor(expected: string, got: string) {
    super(`${expected} / ${got}`);
    this.expected = expected;
    this.got = got;
  }
}

/** Plays the host's side of one transcript against a fresh simulated U-Boot. */
export async function play(lines: AsyncIterable<unknown>): Promise<Verdict> {
  let player: Player | undefined;
  let landed = false;
  try {
    for await (const line of lines) {
      if (!player) {
        const head = line as Head;
        if (!head.replay) return { result: 'skipped', why: head.why ?? '' };
        player = new Player(head);
        continue;
      }
      landed ||= (line as Landed).event === 'landed';
      await player.step(line as Line);
    }
    if (!player) return { result: 'failed', transfer: 0, expected: 'a transcript', got: 'an empty file' };
    if (player.transfers === 0) return { result: 'failed', transfer: 0, expected: 'transfers', got: 'none' };
    if (!landed) player.checkImplied();
    return { result: 'passed' };
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    return { result: 'failed', transfer: player?.transfers ?? 0, expected: error.expected, got: error.got };
  } finally {
    await player?.close();
  }
}

class Player {
  transfers = 0;
  readonly #board: GoldenBoard;
  readonly #end: Promise<UbootEnd | 'off'>;
  readonly #implied = new ImpliedStorage();
  /** The appearance on the bus that the host has open; 0 = none. */
  #enumeration = 0;
  #alternates: readonly string[] = [];
  #alternate = 0;

  constructor(head: Head) {
    this.#board = makeGoldenBoard(head);
    this.#end = runStm32prog(this.#board.hw, {}).catch(() => 'off' as const);
  }

  async step(line: Line): Promise<void> {
    if ('setup' in line) await this.#transfer(line);
    else if ('downloadRun' in line) await this.#downloadRun(line.downloadRun);
    else if ('uploadRun' in line) await this.#uploadRun(line.uploadRun);
    else if ('event' in line) await this.#event(line);
  }

  checkImplied(): void {
    const difference = this.#implied.firstDifference(this.#board.hw.storage);
    if (difference) throw new Mismatch(difference, 'other bytes on the medium');
  }

  async close(): Promise<void> {
    this.#board.powerOff();
    await this.#end;
    this.#board.hw.storage.close();
  }

  async #event(line: Extract<Line, { event: string }>): Promise<void> {
    switch (line.event) {
      case 'attach':
        return this.#attach();
      case 'gone':
        return this.#waitFor('the device leaves the bus', () => this.#board.hw.usb.visible === undefined);
      case 'end':
        return this.#checkEnd(line.as);
      default:
        return this.#checkLanded(line);
    }
  }

  async #attach(): Promise<void> {
    const { usb } = this.#board.hw;
    const isReplug = usb.visible !== undefined && usb.enumeration === this.#enumeration;
    if (isReplug) {
      usb.unplug();
      usb.plug();
    }
    await this.#waitFor('the device appears on the bus', () => usb.visible !== undefined);
    this.#enumeration = usb.enumeration;
    this.#alternate = 0;
    this.#alternates = await this.#readAlternates();
    if (!isReplug) this.#implied.enumerated(this.#alternates);
  }

  /** Straight from the gadget: standard requests leave no trace in it. */
  async #readAlternates(): Promise<readonly string[]> {
    const names: string[] = [];
    const gadget = this.#board.hw.usb.visible;
    for (let index = STRING_INDEX_OF_ALTERNATE_0; index < 256; index += 1) {
      const setup = { requestType: 0x80, request: 6, value: 0x300 | index, index: 0x409, length: 255 };
      const reply = await gadget?.control(setup, new Uint8Array(0));
      if (!(reply instanceof Uint8Array)) break;
      names.push(String.fromCharCode(...new Uint16Array(reply.slice(2).buffer)));
    }
    return names;
  }

  async #transfer(line: TransferLine): Promise<void> {
    const [requestType, request, value, index, length] = line.setup;
    const out = (line.out && dataBytes(line.out)) ?? new Uint8Array(0);
    if (line.out && out.length !== length) throw new SyntaxError(`${line.out.len} bytes out, wLength ${length}`);
    const before = this.#board.clock.now();
    const got = await this.#submit({ requestType, request, value, index, length }, out);
    if (requestType === 1 && request === 11) this.#alternate = value;
    this.#implied.transferred({ requestType, request, value, alternate: this.#alternate }, line.out, got.reply);
    if (got.status !== line.status)
      throw new Mismatch(describe(line), got.status + (got.reply ? ` ${toHex(got.reply)}` : ''));
    if (line.in && got.reply) this.#compare(line, line.in, got.reply);
    const blocked = this.#board.clock.now() - before;
    if (line.blockedMs !== undefined && blocked < line.blockedMs / 2) {
      throw new Mismatch(`blocked for about ${line.blockedMs} ms`, `${blocked} ms`);
    }
  }

  async #downloadRun(run: DownloadRun): Promise<void> {
    const status = dataBytes({ len: 6, hex: run.eachStatus }) as Uint8Array;
    for (let i = 0; i < run.blocks; i += 1) {
      const value = (run.firstBlock + i) & 0xffff;
      const from = i * run.blockBytes;
      const block = dataBytes(run.data, from, Math.min(from + run.blockBytes, run.data.len));
      if (!block) throw new SyntaxError('a download without data');
      const setup = { requestType: 0x21, request: 1, value, index: 0, length: block.length };
      const sent = await this.#submit(setup, block);
      if (sent.status !== 'OK') throw new Mismatch(`DNLOAD ${value} OK`, sent.status);
      const got = await this.#submit(
        { requestType: 0xa1, request: 3, value: 0, index: 0, length: 6 },
        new Uint8Array(0),
      );
      if (!got.reply || !equalBytes(got.reply, status)) {
        throw new Mismatch(`after DNLOAD ${value}: ${run.eachStatus}`, got.reply ? toHex(got.reply) : got.status);
      }
    }
    this.#implied.downloaded(this.#alternate, run.data);
  }

  async #uploadRun(run: UploadRun): Promise<void> {
    const hashes = run.data.map(() => createHash('sha256'));
    let piece = 0;
    let at = 0;
    for (let i = 0; i < run.blocks; i += 1) {
      const value = (run.firstBlock + i) & 0xffff;
      const setup = { requestType: 0xa1, request: DFU_UPLOAD, value, index: 0, length: run.blockBytes };
      const got = await this.#submit(setup, new Uint8Array(0));
      if (!got.reply) throw new Mismatch(`UPLOAD ${value} OK`, got.status);
      for (let done = 0; done < got.reply.length; ) {
        const expected = run.data[piece];
        if (!expected) throw new Mismatch(`UPLOAD ${value}: no more bytes`, `${got.reply.length - done} bytes`);
        const step = Math.min(expected.len - at, got.reply.length - done);
        const bytes = got.reply.subarray(done, done + step);
        const known = dataBytes(expected, at, at + step);
        if (known && !equalBytes(known, bytes)) throw new Mismatch(`UPLOAD ${value}: ${toHex(known)}`, toHex(bytes));
        hashes[piece]?.update(bytes);
        at += step;
        done += step;
        if (at < expected.len) continue;
        if ('sha256' in expected && hashes[piece]?.digest('hex') !== expected.sha256) {
          throw new Mismatch(`UPLOAD up to ${value}: sha256 ${expected.sha256}`, 'another digest');
        }
        piece += 1;
        at = 0;
      }
    }
    if (piece < run.data.length) throw new Mismatch(`${run.blocks} UPLOADs with all data`, 'fewer bytes');
  }

  async #submit(
    setup: { requestType: number; request: number; value: number; index: number; length: number },
    out: Uint8Array,
  ): Promise<{ status: TransferLine['status']; reply?: Uint8Array }> {
    this.transfers += 1;
    const transfer = this.#board.hw.usb.control(this.#enumeration, setup, out);
    const settled = await within(this.#board.clock, TRANSFER_MS, transfer.result);
    if (settled === LATE) {
      transfer.cancel();
      return { status: 'ETIMEDOUT' };
    }
    if (settled.status === 'ok') return { status: 'OK', reply: settled.data };
    return { status: settled.status === 'stall' ? 'STALL' : 'ENODEV' };
  }

  #compare(line: TransferLine, expected: Data, reply: Uint8Array): void {
    if (reply.length !== expected.len) throw new Mismatch(describe(line), toHex(reply));
    const name = this.#alternates[this.#alternate] ?? '';
    const [requestType, request] = line.setup;
    // Contents of OTP and PMIC were modelled: golden README.
    if (requestType === 0xa1 && request === DFU_UPLOAD && /^@(OTP|PMIC)\//.test(name)) return;
    const known = dataBytes(expected);
    const same = known ? equalBytes(known, reply) : 'sha256' in expected && sha256(reply) === expected.sha256;
    if (!same) throw new Mismatch(describe(line), toHex(reply));
  }

  async #checkEnd(as: string): Promise<void> {
    const end = await within(this.#board.clock, PATIENCE_MS, this.#end);
    const got = end === LATE ? 'still running' : end;
    if (got !== as) throw new Mismatch(`the command ends as ${as}`, got);
    if (this.#board.hw.usb.visible) throw new Mismatch('off the bus', 'still on the bus');
  }

  #checkLanded(line: Landed): void {
    const { storage } = this.#board.hw;
    if (line.extCsd) {
      const registers: Readonly<Record<string, number>> = { ...storage.mmc.get(1)?.extCsd };
      for (const [name, value] of Object.entries(line.extCsd)) {
        if (registers[name] !== value) throw new Mismatch(`${name} = ${value}`, `${registers[name]}`);
      }
      return;
    }
    const { file = '', offset = 0, len = 0 } = line;
    const medium = findMedium(storage, file);
    if (!medium) throw new Mismatch(`bytes on ${file}`, 'no such medium');
    const hash = createHash('sha256');
    const step = 1024 * 1024;
    for (let at = 0; at < len; at += step) hash.update(medium.read(offset + at, Math.min(step, len - at)));
    const digest = hash.digest('hex');
    if (digest !== line.sha256) throw new Mismatch(`${file} ${offset}+${len}: ${line.sha256}`, digest);
  }

  async #waitFor(what: string, happened: () => boolean): Promise<void> {
    const { clock } = this.#board;
    const until = clock.now() + PATIENCE_MS;
    while (!happened()) {
      if (clock.now() >= until) throw new Mismatch(what, `not within ${PATIENCE_MS} ms`);
      await clock.sleep(1);
    }
  }
}

function describe(line: TransferLine): string {
  const answer = line.in ? ` ${'hex' in line.in ? line.in.hex : JSON.stringify(line.in)}` : '';
  return `[${line.setup.join(' ')}] ${line.status}${answer}`;
}

function sha256(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
