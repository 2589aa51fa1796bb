import type { UsbSpeed } from '../port.ts';
import type { TraceData } from './data.ts';
import type { SetupFields, TraceHead, TraceLine, TransferLine } from './lines.ts';
import { DIRECTION_IN } from './request.ts';
import { isTraceStatus } from './status.ts';

const SPEEDS: readonly UsbSpeed[] = ['low', 'full', 'high', 'super', 'unknown'];
/** The most that the fields of a setup packet hold. USB 2.0 table 9-2. */
const SETUP_LIMITS = [0xff, 0xff, 0xffff, 0xffff, 0xffff] as const;

/** The first line of a trace, from what JSON.parse gave; undefined when it is none. */
export function parseHead(value: unknown): TraceHead | undefined {
  if (!isObject(value) || value.trace !== 1) return undefined;
  const { bus, date } = value;
  return isText(bus) && isText(date) ? { trace: 1, bus, date } : undefined;
}

/** Any other line; undefined when it is none. Fields that this version does not know are left out. */
export function parseLine(value: unknown): TraceLine | undefined {
  if (!isObject(value)) return undefined;
  if (!('event' in value)) return parseTransfer(value);
  const { event, device, port, key, status, atMs } = value;
  if (!isTime(atMs)) return undefined;
  if (event === 'list') return isTraceStatus(status) && status !== 'OK' ? { event, status, atMs } : undefined;
  if (!isCount(device)) return undefined;
  if (event === 'open' || event === 'reset') {
    return isTraceStatus(status) ? { event, device, status, atMs } : undefined;
  }
  if (!isText(port) || !isText(key)) return undefined;
  if (event === 'gone') return { event, device, port, key, atMs };
  const { vendorId, productId, deviceVersion, speed: name } = value;
  const speed = SPEEDS.find((candidate) => candidate === name);
  if (event !== 'attach' || !speed || !isWord(vendorId) || !isWord(productId) || !isWord(deviceVersion)) {
    return undefined;
  }
  return { event, device, port, key, vendorId, productId, deviceVersion, speed, atMs };
}

function parseTransfer(value: Fields): TransferLine | undefined {
  const { device, status, startMs, endMs } = value;
  if (!isCount(device) || !isTraceStatus(status) || !isTime(startMs) || !isTime(endMs)) return undefined;
  const setup = numbers(value.setup, SETUP_LIMITS) as SetupFields | undefined;
  const bulk = numbers(value.bulk, [0xff, Number.MAX_SAFE_INTEGER]) as readonly [number, number] | undefined;
  const out = parseData(value.out);
  const came = parseData(value.in);
  if ((setup === undefined) === (bulk === undefined) || out === null || came === null) return undefined;
  const isIn = (((setup ?? bulk)?.[0] ?? 0) & DIRECTION_IN) !== 0;
  const length = (setup ?? bulk)?.at(-1) ?? 0;
  const complete = isIn
    ? out === undefined && (came !== undefined) === (status === 'OK') && (came?.len ?? 0) <= length
    : came === undefined && (out?.len ?? 0) === length;
  if (!complete) return undefined;
  return {
    device,
    ...(setup && { setup }),
    ...(bulk && { bulk }),
    ...(out && { out }),
    status,
    ...(came && { in: came }),
    startMs,
    endMs,
  };
}

/** Undefined for none, null for something else. */
function parseData(value: unknown): TraceData | null | undefined {
  if (value === undefined) return undefined;
  if (!isObject(value) || !isCount(value.len)) return null;
  const { len, hex, sha256 } = value;
  if (isText(hex) && hex.length === 2 * len && /^[0-9a-f]*$/.test(hex)) return { len, hex };
  return isText(sha256) && /^[0-9a-f]{64}$/.test(sha256) ? { len, sha256 } : null;
}

function numbers(value: unknown, limits: readonly number[]): readonly number[] | undefined {
  if (!Array.isArray(value) || value.length !== limits.length) return undefined;
  return value.every((item, index) => isCount(item) && item <= (limits[index] ?? 0)) ? value : undefined;
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isWord(value: unknown): value is number {
  return isCount(value) && value <= 0xffff;
}

function isTime(value: unknown): value is number {
  return Number.isFinite(value) && (value as number) >= 0;
}
