import { PhaselineError } from '../../base/errors.ts';
import type { UsbDeviceInfo } from '../port.ts';
import { cutData, isSameData, type TraceData } from './data.ts';
import {
  type AttachLine,
  type CallLine,
  type GoneLine,
  isBusLine,
  type TraceLine,
  type TransferLine,
} from './lines.ts';
import type { NumberedLine } from './parse.ts';
import { failureOf } from './status.ts';

/** More than can be under way at a time: two transfers a block, 64 blocks (dfu/send-windowed.ts). */
const MOST_CUT_OFF = 200;

/** A request as the host makes it, in the fields that a trace compares. */
export type Asked = Pick<TransferLine, 'device' | 'setup' | 'bulk'> & { readonly data: Uint8Array };

/**
 * A trace that is played from its start to its end. What is asked of it has to come in the order in
 * which it was recorded; the first request that differs is a `trace/differs`, and so is everything after.
 */
export class Tape {
  readonly #lines: readonly NumberedLine[];
  readonly #present = new Map<number, UsbDeviceInfo>();
  #at = 0;
  #last: { readonly number: number; readonly line: TransferLine } | undefined;
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
    this.#passCutOff();
    const first = this.#next;
    if (!first || !isBusLine(first.line)) return;
    const { atMs } = first.line;
    for (let next = this.#next; next && isBusLine(next.line) && next.line.atMs === atMs; next = this.#next) {
      this.#at += 1;
      const { line } = next;
      if (line.event === 'list') {
        if (line.status !== 'OK') throw failureOf(line.status, next.number);
      } else this.#apply(line);
    }
  }

  /** The recorded fate of a transfer. */
  transfer(asked: Asked): { readonly number: number; readonly line: TransferLine } {
    const found = this.#take(textOf(asked), (line): line is TransferLine => isTransfer(line) && isAsked(line, asked));
    this.#last = found;
    return found;
  }

  /** The recorded fate of an open or a reset. */
  call(event: CallLine['event'], device: number): { readonly number: number; readonly line: CallLine } {
    const isCall = (line: TraceLine): line is CallLine =>
      'event' in line && line.event === event && line.device === device;
    return this.#take(`${event} of device ${device}`, isCall);
  }

  /**
   * A device that left cut off what was queued ahead; how much that was depends on who was faster. A host that
   * looks at the bus asks for none of it any more.
   */
  #passCutOff(): void {
    const rest = this.#lines.slice(this.#at, this.#at + MOST_CUT_OFF);
    const end = rest.findIndex(({ line }) => !isTransfer(line) || line.status !== 'ENODEV');
    const line = rest[end]?.line;
    if (line && 'event' in line && line.event === 'gone') this.#at += end;
  }

  get #next(): NumberedLine | undefined {
    return this.#lines[this.#at];
  }

  #take<T extends TraceLine>(got: string, fits: (line: TraceLine) => line is T): { number: number; line: T } {
    if (this.#broken) throw this.#broken;
    // A host that asks before it looks: what it would have seen has happened.
    while (this.changes) {
      const { line } = this.#lines[this.#at] as NumberedLine;
      if ('event' in line && (line.event === 'attach' || line.event === 'gone')) this.#apply(line);
      this.#at += 1;
    }
    const next = this.#next;
    if (next) this.#at += 1;
    // A recording that ended while its host kept asking: the board goes on as it did last.
    const found = next ?? this.#last;
    if (found && fits(found.line)) return { number: found.number, line: found.line };
    const expected = next ? `line ${next.number} of the trace has ${lineText(next.line)}` : 'the trace has ended';
    const details = { line: next?.number, expected: next && lineText(next.line), got };
    this.#broken = new PhaselineError('trace/differs', `${expected}, and the host asks for ${got}`, details);
    throw this.#broken;
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

function isTransfer(line: TraceLine): line is TransferLine {
  return !('event' in line);
}

function isAsked(line: TransferLine, asked: Asked): boolean {
  const same = (a: readonly number[] = [], b: readonly number[] = []) =>
    a.length === b.length && a.every((value, index) => value === b[index]);
  if (line.device !== asked.device || !same(line.setup, asked.setup) || !same(line.bulk, asked.bulk)) return false;
  return line.out ? isSameData(line.out, asked.data) : asked.data.length === 0;
}

/** A request in the words of a trace. */
function textOf({ device, setup, bulk, data }: Asked): string {
  return requestText(
    { device, ...(setup && { setup }), ...(bulk && { bulk }) },
    data.length > 0 ? cutData(data) : undefined,
  );
}

function lineText(line: TraceLine): string {
  if (!('event' in line)) return requestText(line, line.out);
  return line.event === 'list' ? 'a look at the bus' : `${line.event} of device ${line.device}`;
}

function requestText({ device, setup, bulk }: Omit<Asked, 'data'>, out: TraceData | undefined): string {
  const request = setup ? `setup ${JSON.stringify(setup)}` : `bulk ${JSON.stringify(bulk)}`;
  const data = out === undefined ? '' : ` with ${'hex' in out ? out.hex : `sha256 ${out.sha256.slice(0, 16)}…`}`;
  return `${request}${data} to device ${device}`;
}
