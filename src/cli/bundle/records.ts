import { createHash } from 'node:crypto';
import { fromHex } from '../../base/bytes.ts';
import { PhaselineError } from '../../base/errors.ts';
import { jsonText } from '../../base/printable.ts';
import { DFU_REQUEST } from '../../dfu/constants.ts';
import { PHASE } from '../../stm32/phases.ts';
import type { TraceData } from '../../usb/trace/data.ts';
import type { TraceLine, TransferLine } from '../../usb/trace/lines.ts';
import { parseTrace } from '../../usb/trace/parse.ts';
import { DeviceView } from '../trace/devices.ts';

/**
 * The lines of a log that are JSON, without the name of the computer: what else stands in a file that is called a
 * log does not get out.
 */
export function logText(text: string): string {
  const lines = text
    .split('\n')
    .map(objectIn)
    .filter((line) => line !== undefined);
  if (lines.length === 0) throw new PhaselineError('files/format', 'there is no line of a log in it');
  return lines.map(({ hostname: _hostname, ...line }) => `${jsonText(line)}\n`).join('');
}

/** A report of ours. */
export function reportText(text: string): string {
  if (objectIn(text)?.schema !== 'phaseline/report') throw new PhaselineError('files/format', 'it is no report');
  return text;
}

/** The text of a layout: no file that is called one. */
export function layoutText(text: string): string {
  if (/[\0\uFFFD]/.test(text)) throw new PhaselineError('files/format', 'it is no text');
  return text;
}

/**
 * A trace without a byte of what was written or read: data of every alternate setting but the virtual one
 * stands there as its digest. The trace can be read, and no longer be replayed.
 */
export function traceText(text: string): string {
  const { head, lines } = parseTrace(text);
  const views = new Map<number, DeviceView>();
  return [head, ...lines.map(({ line }) => withoutData(line, views))].map((line) => `${jsonText(line)}\n`).join('');
}

function withoutData(line: TraceLine, views: Map<number, DeviceView>): TraceLine {
  if ('event' in line) return line;
  const view = views.get(line.device) ?? new DeviceView();
  views.set(line.device, view);
  const isData = isBlock(line) && view.phase !== PHASE.VIRTUAL;
  view.learn(line);
  if (!isData) return line;
  return { ...line, ...(line.out && { out: digest(line.out) }), ...(line.in && { in: digest(line.in) }) };
}

/** A bulk transfer is data whatever it is. */
function isBlock({ setup, bulk }: TransferLine): boolean {
  if (!setup) return bulk !== undefined;
  const isClass = (setup[0] & 0x60) === 0x20;
  return isClass && (setup[1] === DFU_REQUEST.DNLOAD || setup[1] === DFU_REQUEST.UPLOAD);
}

function digest(data: TraceData): TraceData {
  if ('sha256' in data) return data;
  return { len: data.len, sha256: createHash('sha256').update(fromHex(data.hex)).digest('hex') };
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
