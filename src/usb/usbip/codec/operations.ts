import { ByteReader } from '../../../base/byte-reader.ts';
import { ByteWriter } from '../../../base/byte-writer.ts';
import { concatBytes } from '../../../base/bytes.ts';
import { hexNumber } from '../../../base/sizes.ts';
import type { ByteQueue } from './byte-queue.ts';
import { DEVICE_RECORD_BYTES, MAX_DEVICES, OPERATION, OPERATION_HEADER_BYTES, USBIP_VERSION } from './constants.ts';
import {
  BUS_ID_BYTES,
  type DeviceRecord,
  decodeDeviceRecord,
  encodeDeviceRecord,
  encodeInterfaceRecord,
  INTERFACE_RECORD_BYTES,
  type InterfaceRecord,
  nulTerminated,
} from './device-record.ts';
import { malformed } from './malformed.ts';

/** What a client asks before any URB. */
export type OperationRequest =
  | { readonly operation: 'devlist' }
  | { readonly operation: 'import'; readonly busId: string };

function header(code: number, status: number): Uint8Array {
  return new ByteWriter(OPERATION_HEADER_BYTES).u16be(USBIP_VERSION).u16be(code).u32be(status).finish();
}

export function encodeDevlistRequest(): Uint8Array {
  return header(OPERATION.OP_REQ_DEVLIST, 0);
}

export function encodeImportRequest(busId: string): Uint8Array {
  return new ByteWriter(OPERATION_HEADER_BYTES + BUS_ID_BYTES)
    .bytes(header(OPERATION.OP_REQ_IMPORT, 0))
    .text(busId.slice(0, BUS_ID_BYTES - 1), BUS_ID_BYTES)
    .finish();
}

/** Takes one request from the queue; undefined until it is complete, usb/protocol when it is none. */
export function takeOperationRequest(queue: ByteQueue): OperationRequest | undefined {
  const head = queue.peek(OPERATION_HEADER_BYTES);
  if (!head) return undefined;
  const { version, code } = decodeHeader(head);
  // The kernel's tools take requests of their own version only.
  if (version !== USBIP_VERSION) throw malformed(`version ${hexNumber(version, 4)}`);
  switch (code) {
    case OPERATION.OP_REQ_DEVLIST:
      queue.take(OPERATION_HEADER_BYTES);
      return { operation: 'devlist' };
    case OPERATION.OP_REQ_IMPORT: {
      const whole = queue.take(OPERATION_HEADER_BYTES + BUS_ID_BYTES);
      if (!whole) return undefined;
      return { operation: 'import', busId: nulTerminated(whole.subarray(OPERATION_HEADER_BYTES)) };
    }
    default:
      throw malformed(`operation ${hexNumber(code, 4)}`);
  }
}

export interface ListedDevice {
  readonly device: DeviceRecord;
  readonly interfaces: readonly InterfaceRecord[];
}

export function encodeDevlistReply(devices: readonly ListedDevice[]): Uint8Array {
  const count = new ByteWriter(4).u32be(devices.length).finish();
  const records = devices.flatMap(({ device, interfaces }) => [
    encodeDeviceRecord({ ...device, interfaces: interfaces.length }),
    ...interfaces.map(encodeInterfaceRecord),
  ]);
  return concatBytes([header(OPERATION.OP_REP_DEVLIST, 0), count, ...records]);
}

/** Takes the reply to a DEVLIST, without the interfaces; undefined until it is complete. */
export function takeDevlistReply(queue: ByteQueue): readonly DeviceRecord[] | undefined {
  const status = checkReply(queue, OPERATION.OP_REP_DEVLIST);
  if (status === undefined) return undefined;
  if (status !== 0) throw malformed(`the list of devices was refused with status ${status}`, { status });
  const head = queue.peek(OPERATION_HEADER_BYTES + 4);
  if (!head) return undefined;
  const count = new ByteReader(head, OPERATION_HEADER_BYTES).u32be();
  if (count > MAX_DEVICES) throw malformed(`a list of ${count} devices`);
  const devices: DeviceRecord[] = [];
  let at = head.length;
  for (let i = 0; i < count; i += 1) {
    const upTo = queue.peek(at + DEVICE_RECORD_BYTES);
    if (!upTo) return undefined;
    const device = decodeDeviceRecord(upTo.subarray(at));
    devices.push(device);
    at += DEVICE_RECORD_BYTES + device.interfaces * INTERFACE_RECORD_BYTES;
  }
  return queue.take(at) && devices;
}

/** The answer to an import: the device, or the status (OPERATION_STATUS) of a refusal. */
export type ImportReply = { readonly device: DeviceRecord } | { readonly refused: number };

export function encodeImportReply(reply: ImportReply): Uint8Array {
  if ('refused' in reply) return header(OPERATION.OP_REP_IMPORT, reply.refused);
  return concatBytes([header(OPERATION.OP_REP_IMPORT, 0), encodeDeviceRecord(reply.device)]);
}

export function takeImportReply(queue: ByteQueue): ImportReply | undefined {
  const status = checkReply(queue, OPERATION.OP_REP_IMPORT);
  if (status === undefined) return undefined;
  if (status !== 0) {
    queue.take(OPERATION_HEADER_BYTES);
    return { refused: status };
  }
  const whole = queue.take(OPERATION_HEADER_BYTES + DEVICE_RECORD_BYTES);
  return whole && { device: decodeDeviceRecord(whole.subarray(OPERATION_HEADER_BYTES)) };
}

// Old servers answer with their own minor version, so only the code is held against the request.
function checkReply(queue: ByteQueue, expected: number): number | undefined {
  const head = queue.peek(OPERATION_HEADER_BYTES);
  if (!head) return undefined;
  const { code, status } = decodeHeader(head);
  if (code !== expected) throw malformed(`${hexNumber(code, 4)} in answer to ${hexNumber(expected | 0x8000, 4)}`);
  return status;
}

function decodeHeader(head: Uint8Array) {
  const reader = new ByteReader(head);
  return { version: reader.u16be(), code: reader.u16be(), status: reader.u32be() };
}
