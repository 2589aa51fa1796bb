import { PhaselineError } from '../../base/errors.ts';
import type { UsbDeviceInfo } from '../port.ts';
import { type Asked, askedText, isAsked, lineText } from './asked.ts';
import { backlogAt } from './backlog.ts';
import {
  type AttachLine,
  type CallLine,
  type GoneLine,
  isBusLine,
  isTransfer,
  type TraceLine,
  type TransferLine,
} from './lines.ts';
import type { NumberedLine } from './parse.ts';
import { failureOf } from './status.ts';

/**
 * What the host knows when it asks: all answers before (`alone`), that too but only since a moment ago and
 * out of a queue (`after-queue`), or not yet all of them (`ahead`).
 */
export type Standing = 'alone' | 'after-queue' | 'ahead';

interface Found<T extends TraceLine> {
  readonly number: number;
  readonly line: T;
}

/** The recorded fate of a request, or that it has none; then it fails when it is its turn. */
export type Fate = Found<TransferLine> | { readonly differs: PhaselineError };

type Fits<T extends TraceLine> = (line: TraceLine) => line is T;

/**
 * A trace that is played from its start to its end. What is asked of it has to come in the order in
 * which it was recorded; the first request that differs is a `trace/differs`, and so is everything after.
 *
 * Only behind a failure in a queue the replaying host may differ from the recording one, as either of them
 * heard of it sooner: by what was queued then and is not asked for again (backlog.ts), and by requests that
 * were not queued then. Those are `trace/differs`, too, in their turn, behind the failure that is all
 * that such a host looks at; one that goes on where the recording host went on is back on the track.
 */
export class Tape {
  readonly #lines: readonly NumberedLine[];
  readonly #present = new Map<number, UsbDeviceInfo>();
  #at = 0;
  #last: Found<TraceLine> | undefined;
  /** The first request of a queue that differs; forgotten when the host is back on the track. */
  #astray: PhaselineError | undefined;
  #broken: PhaselineError | undefined;

  constructor(lines: readonly NumberedLine[]) {
    this.#lines = lines;
  }

  /** Whether a look at the bus would show something new. */
  get changes(): boolean {
    const next = this.#next;
    return next !== undefined && isBusLine(next.line);
  }

  /** The devices on the bus by their number, in the order in which they came. */
  get present(): ReadonlyMap<number, UsbDeviceInfo> {
    return this.#present;
  }

  /** Plays what the next look at the bus showed; fails as that one failed. */
  look(): void {
    if (this.#broken) throw this.#broken;
    const behind = this.#at + backlogAt(this.#lines, this.#at);
    const first = this.#lines[behind];
    if (!first || !isBusLine(first.line)) return;
    this.#at = behind;
    this.#astray = undefined;
    const { atMs } = first.line;
    for (let next = this.#next; next && isBusLine(next.line) && next.line.atMs === atMs; next = this.#next) {
      this.#at += 1;
      const { line } = next;
      if (line.event === 'list') {
        if (line.status !== 'OK') throw failureOf(line.status, next.number);
      } else this.#apply(line);
    }
  }

  /** The fate of a transfer. */
  transfer(asked: Asked, standing: Standing): Fate {
    if (this.#broken) throw this.#broken;
    const fits = (line: TraceLine): line is TransferLine => isTransfer(line) && isAsked(line, asked);
    const found = this.#astray && standing === 'ahead' ? undefined : this.#find(fits, standing !== 'ahead');
    if (found) return found;
    const differs = this.#astray ?? this.#difference(askedText(asked));
    if (!this.#astray && standing === 'alone') throw this.#break(differs);
    this.#astray = differs;
    return { differs };
  }

  /** The recorded fate of an open or a reset. */
  call(event: CallLine['event'], device: number): Found<CallLine> {
    if (this.#broken) throw this.#broken;
    const fits = (line: TraceLine): line is CallLine =>
      'event' in line && line.event === event && line.device === device;
    const found = this.#find(fits, true);
    if (found) return found;
    throw this.#break(this.#astray ?? this.#difference(`${event} of device ${device}`));
  }

  get #next(): NumberedLine | undefined {
    return this.#lines[this.#at];
  }

  /** The next line if it fits, or one behind the backlog of a failure; goes on behind it. */
  #find<T extends TraceLine>(fits: Fits<T>, knowsFailure: boolean): Found<T> | undefined {
    const first = this.#behindLooks();
    const most = knowsFailure ? backlogAt(this.#lines, first) : 0;
    for (let at = first; at <= first + most; at += 1) {
      // A recording that ended while its host kept asking: the board goes on as it did last.
      const { number, line } = this.#lines[at] ?? this.#last ?? {};
      if (number === undefined || !line || !fits(line)) continue;
      this.#play(first);
      this.#at = Math.min(at + 1, this.#lines.length);
      this.#astray = undefined;
      this.#last = { number, line };
      return { number, line };
    }
    return undefined;
  }

  /** A host that asks before it looks: what it would have seen has happened. */
  #behindLooks(): number {
    let at = this.#at;
    for (let next = this.#lines[at]; next && isBusLine(next.line); next = this.#lines[at]) at += 1;
    return at;
  }

  #play(until: number): void {
    for (const { line } of this.#lines.slice(this.#at, until)) {
      if ('event' in line && (line.event === 'attach' || line.event === 'gone')) this.#apply(line);
    }
  }

  #difference(got: string): PhaselineError {
    const next = this.#lines[this.#behindLooks()];
    const expected = next ? `line ${next.number} of the trace has ${lineText(next.line)}` : 'the trace has ended';
    const details = { line: next?.number, expected: next && lineText(next.line), got };
    return new PhaselineError('trace/differs', `${expected}, and the host asks for ${got}`, details);
  }

  #break(difference: PhaselineError): PhaselineError {
    this.#broken = difference;
    return difference;
  }

  #apply(line: AttachLine | GoneLine): void {
    if (line.event === 'gone') {
      this.#present.delete(line.device);
      return;
    }
    const { port, key, vendorId, productId, deviceVersion, speed } = line;
    this.#present.set(line.device, { port, key, vendorId, productId, deviceVersion, speed });
  }
}
