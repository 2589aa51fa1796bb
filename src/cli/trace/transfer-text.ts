import { fromHex } from '../../base/bytes.ts';
import { isPhaselineError } from '../../base/errors.ts';
import { hexNumber } from '../../base/sizes.ts';
import { DFU_REQUEST, DFU_STATE, DFU_STATUS } from '../../dfu/constants.ts';
import { decodeStatus, stateName, statusName } from '../../dfu/status.ts';
import { decodePhaseReply, decodePhaseRequest, PHASE } from '../../stm32/phases.ts';
import type { TransferLine } from '../../usb/trace/lines.ts';
import { DESCRIPTOR, type DeviceView, STANDARD, stringText } from './devices.ts';

/** What a transfer was, in words, and whether it went wrong. */
export interface TransferText {
  readonly text: string;
  readonly failed: boolean;
}

const FAILURES = {
  STALL: 'STALL',
  ETIMEDOUT: 'NO ANSWER IN TIME',
  ENODEV: 'THE DEVICE HAS LEFT',
  EIO: 'THE TRANSFER FAILED',
  EBUSY: 'IN USE BY ANOTHER PROGRAM',
  EACCES: 'NO PERMISSION',
  ENOENT: 'NO BUS',
  EPROTO: 'A WRONG ANSWER OF THE SERVER',
} as const;

export function failureText(status: keyof typeof FAILURES): string {
  return FAILURES[status];
}

const DFU_NAMES = new Map<number, string>(Object.entries(DFU_REQUEST).map(([name, code]) => [code, name]));
const STANDARD_NAMES = new Map([
  [0, 'GET_STATUS'],
  [5, 'SET_ADDRESS'],
  [9, 'SET_CONFIGURATION'],
  [10, 'GET_INTERFACE'],
]);
const KIND = 0x60;
const CLASS = 0x20;

/** Names a transfer and its outcome; `view` is what the trace has shown of its device before. */
export function transferText(line: TransferLine, view: DeviceView): TransferText {
  const request = requestText(line, view);
  if (line.status !== 'OK') return { text: `${request}: ${failureText(line.status)}`, failed: true };
  const answer = line.in && 'hex' in line.in ? answerText(line, fromHex(line.in.hex), view) : undefined;
  if (answer === undefined) return { text: request, failed: false };
  return { text: `${request}: ${answer.text}`, failed: answer.failed };
}

function requestText({ setup, bulk, out }: TransferLine, view: DeviceView): string {
  if (!setup) return `bulk ${bulk?.[1]} bytes on endpoint ${hexNumber(bulk?.[0] ?? 0)}`;
  const [requestType, request, value, , length] = setup;
  const kind = requestType & KIND;
  if (kind === CLASS) {
    const name = DFU_NAMES.get(request) ?? `class request ${request}`;
    if (request !== DFU_REQUEST.DNLOAD && request !== DFU_REQUEST.UPLOAD) return name;
    if (request === DFU_REQUEST.UPLOAD) return `${name} block ${value}`;
    const sent = out && 'hex' in out && view.phase === PHASE.VIRTUAL ? decodePhaseRequest(fromHex(out.hex)) : undefined;
    if (sent) return `${name} block ${value}: SetPhase ${hexNumber(sent.phase)}, offset ${sent.offset}`;
    return length === 0 ? `${name} block ${value}, empty: the image ends` : `${name} block ${value}, ${length} bytes`;
  }
  if (kind !== 0) return `request ${hexNumber(requestType)}/${request}, value ${value}, ${length} bytes`;
  if (request === STANDARD.SET_INTERFACE) return `SET_INTERFACE ${view.alternateText(value)}`;
  if (request !== STANDARD.GET_DESCRIPTOR) return STANDARD_NAMES.get(request) ?? `standard request ${request}`;
  return `GET_DESCRIPTOR ${descriptorText(value >> 8, value & 0xff)}`;
}

function descriptorText(type: number, index: number): string {
  if (type === DESCRIPTOR.DEVICE) return 'device';
  if (type === DESCRIPTOR.CONFIGURATION) return 'configuration';
  return type === DESCRIPTOR.STRING ? `string ${index}` : `type ${hexNumber(type)}`;
}

function answerText({ setup }: TransferLine, data: Uint8Array, view: DeviceView): TransferText | undefined {
  const plain = { text: `${data.length} bytes`, failed: false };
  if (!setup) return plain;
  const [requestType, request, value] = setup;
  if ((requestType & KIND) === 0) {
    const isString = request === STANDARD.GET_DESCRIPTOR && value >> 8 === DESCRIPTOR.STRING && (value & 0xff) !== 0;
    const text = isString ? stringText(data) : undefined;
    return text === undefined ? plain : { text: `"${text}"`, failed: false };
  }
  if ((requestType & KIND) !== CLASS) return plain;
  try {
    if (request === DFU_REQUEST.GETSTATUS) return statusText(data);
    if (request === DFU_REQUEST.GETSTATE && data.length === 1) return { text: stateName(data[0] ?? 0), failed: false };
    if (request === DFU_REQUEST.UPLOAD && view.phase === PHASE.VIRTUAL) return phaseText(data);
  } catch (error) {
    if (!isPhaselineError(error, 'dfu/protocol')) throw error;
    return { text: `${error.message}`, failed: true };
  }
  return plain;
}

function statusText(data: Uint8Array): TransferText {
  const { status, state, pollTimeoutMs } = decodeStatus(data);
  const poll = pollTimeoutMs > 0 ? `, again in ${pollTimeoutMs} ms` : '';
  const failed = status !== DFU_STATUS.OK || state === DFU_STATE.dfuERROR;
  return { text: `${statusName(status)}, ${stateName(state)}${poll}`, failed };
}

function phaseText(data: Uint8Array): TransferText {
  const { phase, address, offset, needDetach, text } = decodePhaseReply(data);
  const words = [
    `GetPhase says ${hexNumber(phase)}`,
    ...(address === undefined ? [] : [`address ${hexNumber(address, 8)}`]),
    ...(offset === 0 ? [] : [`offset ${offset}`]),
    ...(needDetach === undefined ? [] : [needDetach ? 'needs DETACH' : 'needs no DETACH']),
    ...(text === '' ? [] : [`"${text}"`]),
  ];
  return { text: words.join(', '), failed: phase === PHASE.ERROR };
}
