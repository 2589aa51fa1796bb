import { ByteReader } from '../base/byte-reader.ts';
import { ByteWriter } from '../base/byte-writer.ts';
import { PhaselineError } from '../base/errors.ts';
import { DFU_STATE, DFU_STATUS } from './constants.ts';

/** What GETSTATUS answers. DFU 1.1 §6.1.2. */
export interface DfuStatus {
  /** bStatus, one of DFU_STATUS. */
  readonly status: number;
  /** bwPollTimeout in ms, 24 bits: how long to leave the device alone before the next GETSTATUS. */
  readonly pollTimeoutMs: number;
  /** bState, one of DFU_STATE. */
  readonly state: number;
  /** iString: a string descriptor that describes the status; 0 = none. */
  readonly stringIndex: number;
}

/** Bytes of a GETSTATUS reply. */
export const STATUS_BYTES = 6;

export function encodeStatus(status: DfuStatus): Uint8Array {
  return new ByteWriter(STATUS_BYTES)
    .u8(status.status)
    .u24le(status.pollTimeoutMs)
    .u8(status.state)
    .u8(status.stringIndex)
    .finish();
}

/** Reads a GETSTATUS reply; anything but 6 bytes is `dfu/protocol`. */
export function decodeStatus(data: Uint8Array): DfuStatus {
  if (data.length !== STATUS_BYTES) {
    throw new PhaselineError('dfu/protocol', `GETSTATUS answered ${data.length} bytes instead of ${STATUS_BYTES}`);
  }
  const reader = new ByteReader(data);
  return { status: reader.u8(), pollTimeoutMs: reader.u24le(), state: reader.u8(), stringIndex: reader.u8() };
}

const STATE_NAMES = namesOf(DFU_STATE);
const STATUS_NAMES = namesOf(DFU_STATUS);

/** The state's name as DFU 1.1 writes it: `dfuDNLOAD-IDLE`. */
export function stateName(state: number): string {
  return STATE_NAMES.get(state)?.replaceAll('_', '-') ?? `state ${state}`;
}

/** The status code's name as DFU 1.1 writes it: `errUNKNOWN`. */
export function statusName(status: number): string {
  return STATUS_NAMES.get(status) ?? `status ${status}`;
}

function namesOf(values: Readonly<Record<string, number>>): ReadonlyMap<number, string> {
  return new Map(Object.entries(values).map(([name, value]) => [value, name]));
}
