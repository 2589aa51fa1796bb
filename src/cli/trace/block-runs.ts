import { fromHex } from '../../base/bytes.ts';
import { isPhaselineError } from '../../base/errors.ts';
import { DFU_REQUEST, DFU_STATE, DFU_STATUS } from '../../dfu/constants.ts';
import { type DfuStatus, decodeStatus } from '../../dfu/status.ts';
import type { TransferLine } from '../../usb/trace/lines.ts';
import type { NumberedLine } from '../../usb/trace/parse.ts';

/** Blocks that follow each other, all of them taken or given. */
export interface BlockRun {
  readonly request: 'DNLOAD' | 'UPLOAD';
  readonly firstBlock: number;
  readonly blocks: number;
  readonly bytes: number;
  /** The first line behind it, as an index. */
  readonly end: number;
}

const OUT = 0x21;
const IN = 0xa1;
const PASSING: readonly number[] = [DFU_STATE.dfuDNLOAD_SYNC, DFU_STATE.dfuDNBUSY];

/** The run of at least two blocks that begins at `lines[start]`; undefined when none does. */
export function blockRun(lines: readonly NumberedLine[], start: number): BlockRun | undefined {
  const first = blockAt(lines, start);
  if (!first) return undefined;
  let { bytes, end } = first;
  let blocks = 1;
  for (let next = blockAt(lines, end); next; next = blockAt(lines, end)) {
    const follows = next.number === ((first.number + blocks) & 0xffff) && next.request === first.request;
    if (!follows || next.device !== first.device) break;
    blocks += 1;
    bytes += next.bytes;
    end = next.end;
  }
  return blocks < 2 ? undefined : { request: first.request, firstBlock: first.number, blocks, bytes, end };
}

interface Block {
  readonly request: BlockRun['request'];
  readonly device: number;
  readonly number: number;
  readonly bytes: number;
  readonly end: number;
}

function blockAt(lines: readonly NumberedLine[], at: number): Block | undefined {
  const line = transferAt(lines, at);
  if (!line?.setup || line.status !== 'OK') return undefined;
  const { device, setup } = line;
  const [requestType, request, number, , length] = setup;
  if (requestType === IN && request === DFU_REQUEST.UPLOAD) {
    return { request: 'UPLOAD', device, number, bytes: line.in?.len ?? 0, end: at + 1 };
  }
  if (requestType !== OUT || request !== DFU_REQUEST.DNLOAD || length === 0) return undefined;
  let end = at + 1;
  let status = statusAt(lines, end, device);
  while (status && isGood(status) && PASSING.includes(status.state)) {
    end += 1;
    status = statusAt(lines, end, device);
  }
  if (!status || !isGood(status) || status.state !== DFU_STATE.dfuDNLOAD_IDLE) return undefined;
  return { request: 'DNLOAD', device, number, bytes: length, end: end + 1 };
}

function isGood({ status }: DfuStatus): boolean {
  return status === DFU_STATUS.OK;
}

function statusAt(lines: readonly NumberedLine[], at: number, device: number): DfuStatus | undefined {
  const line = transferAt(lines, at);
  if (line?.device !== device || line.setup?.[0] !== IN || line.setup[1] !== DFU_REQUEST.GETSTATUS) return undefined;
  if (!line.in || !('hex' in line.in)) return undefined;
  try {
    return decodeStatus(fromHex(line.in.hex));
  } catch (error) {
    if (!isPhaselineError(error, 'dfu/protocol')) throw error;
    return undefined; // shown as it is
  }
}

function transferAt(lines: readonly NumberedLine[], at: number): TransferLine | undefined {
  const line = lines[at]?.line;
  return line && !('event' in line) ? line : undefined;
}
