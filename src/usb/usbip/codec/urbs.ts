import { ByteReader } from '../../../base/byte-reader.ts';
import { ByteWriter } from '../../../base/byte-writer.ts';
import type { ByteQueue } from './byte-queue.ts';
import { COMMAND, DIRECTION, type Direction, MAX_TRANSFER_BYTES, URB_HEADER_BYTES } from './constants.ts';
import { malformed } from './malformed.ts';

/** USBIP_CMD_SUBMIT. `setup` is 8 bytes, zeros on other endpoints than 0; `data` is empty for IN. */
export interface SubmitCommand {
  readonly command: 'submit';
  readonly sequence: number;
  readonly deviceId: number;
  readonly direction: Direction;
  readonly endpoint: number;
  /** Data bytes to send, or the most to receive. */
  readonly length: number;
  readonly setup: Uint8Array;
  readonly data: Uint8Array;
}

/** USBIP_CMD_UNLINK: give up the URB with the number `target`. */
export interface UnlinkCommand {
  readonly command: 'unlink';
  readonly sequence: number;
  readonly deviceId: number;
  readonly target: number;
}

const NO_DATA = new Uint8Array(0);
/** number_of_packets of a URB that is not isochronous: 0 from Linux, 0xFFFFFFFF by the specification. */
const NOT_ISOCHRONOUS: readonly number[] = [0, 0xffff_ffff];

/** The command without its data, which follows as it is: a block is not copied on its way out. */
export function encodeSubmitHead(submit: Omit<SubmitCommand, 'command' | 'data'>): Uint8Array {
  return new ByteWriter(URB_HEADER_BYTES)
    .u32be(COMMAND.USBIP_CMD_SUBMIT)
    .u32be(submit.sequence)
    .u32be(submit.deviceId)
    .u32be(submit.direction)
    .u32be(submit.endpoint)
    .u32be(0) // transfer_flags
    .u32be(submit.length)
    .u32be(0) // start_frame
    .u32be(0) // number_of_packets
    .u32be(0) // interval
    .bytes(submit.setup)
    .finish();
}

export function encodeUnlink(unlink: Omit<UnlinkCommand, 'command'>): Uint8Array {
  return new ByteWriter(URB_HEADER_BYTES)
    .u32be(COMMAND.USBIP_CMD_UNLINK)
    .u32be(unlink.sequence)
    .u32be(unlink.deviceId)
    .zeros(8) // direction, endpoint
    .u32be(unlink.target)
    .zeros(24)
    .finish();
}

/** Takes one command with its data; undefined until it is complete, usb/protocol when it is none. */
export function takeCommand(queue: ByteQueue): SubmitCommand | UnlinkCommand | undefined {
  const head = queue.peek(URB_HEADER_BYTES);
  if (!head) return undefined;
  const reader = new ByteReader(head);
  const command = reader.u32be();
  const sequence = reader.u32be();
  const deviceId = reader.u32be();
  const direction = reader.u32be();
  const endpoint = reader.u32be();
  if (command === COMMAND.USBIP_CMD_UNLINK) {
    queue.take(URB_HEADER_BYTES);
    return { command: 'unlink', sequence, deviceId, target: reader.u32be() };
  }
  if (command !== COMMAND.USBIP_CMD_SUBMIT) throw malformed(`command ${command}`);
  reader.skip(4); // transfer_flags
  const length = reader.u32be();
  reader.skip(4); // start_frame
  const packets = reader.u32be();
  if (direction !== DIRECTION.USBIP_DIR_IN && direction !== DIRECTION.USBIP_DIR_OUT) {
    throw malformed(`direction ${direction}`);
  }
  if (endpoint > 15) throw malformed(`endpoint ${endpoint}`);
  if (length > MAX_TRANSFER_BYTES) throw malformed(`a transfer of ${length} bytes`);
  if (!NOT_ISOCHRONOUS.includes(packets)) throw malformed(`an isochronous transfer of ${packets} packets`);
  reader.skip(4); // interval
  const setup = reader.bytes(8);
  const dataBytes = direction === DIRECTION.USBIP_DIR_OUT ? length : 0;
  const whole = queue.take(URB_HEADER_BYTES + dataBytes);
  if (!whole) return undefined;
  const data = dataBytes === 0 ? NO_DATA : whole.subarray(URB_HEADER_BYTES);
  return { command: 'submit', sequence, deviceId, direction, endpoint, length, setup, data };
}

/** USBIP_RET_SUBMIT. `status` is 0 or a negative errno; `data` is empty for OUT. */
export interface SubmitReply {
  readonly reply: 'submit';
  readonly sequence: number;
  readonly status: number;
  /** Bytes moved, in either direction. */
  readonly actualLength: number;
  readonly data: Uint8Array;
}

/** USBIP_RET_UNLINK. */
export interface UnlinkReply {
  readonly reply: 'unlink';
  readonly sequence: number;
  readonly status: number;
}

export function encodeSubmitReply(reply: Omit<SubmitReply, 'reply'>): Uint8Array {
  return new ByteWriter(URB_HEADER_BYTES + reply.data.length)
    .u32be(COMMAND.USBIP_RET_SUBMIT)
    .u32be(reply.sequence)
    .zeros(12) // devid, direction, endpoint: only a request carries them
    .u32be(reply.status >>> 0)
    .u32be(reply.actualLength)
    .zeros(20) // start_frame, number_of_packets, error_count, padding
    .bytes(reply.data)
    .finish();
}

export function encodeUnlinkReply(reply: Omit<UnlinkReply, 'reply'>): Uint8Array {
  return new ByteWriter(URB_HEADER_BYTES)
    .u32be(COMMAND.USBIP_RET_UNLINK)
    .u32be(reply.sequence)
    .zeros(12)
    .u32be(reply.status >>> 0)
    .zeros(24)
    .finish();
}

/**
 * Takes one reply with its data; undefined until it is complete. A RET_SUBMIT does not say whether data
 * follows: `expectedIn` gives the most that the URB of that number asked to receive, 0 for OUT, undefined
 * for one that was never sent.
 */
export function takeReply(
  queue: ByteQueue,
  expectedIn: (sequence: number) => number | undefined,
): SubmitReply | UnlinkReply | undefined {
  const head = queue.peek(URB_HEADER_BYTES);
  if (!head) return undefined;
  const reader = new ByteReader(head);
  const command = reader.u32be();
  const sequence = reader.u32be();
  reader.skip(12);
  const status = reader.u32be() | 0;
  if (command === COMMAND.USBIP_RET_UNLINK) {
    queue.take(URB_HEADER_BYTES);
    return { reply: 'unlink', sequence, status };
  }
  if (command !== COMMAND.USBIP_RET_SUBMIT) throw malformed(`reply ${command}`);
  const limit = expectedIn(sequence);
  if (limit === undefined) throw malformed(`a reply to transfer ${sequence}, which was never sent`);
  const actualLength = reader.u32be();
  const dataBytes = limit === 0 ? 0 : actualLength;
  if (dataBytes > limit) throw malformed(`${actualLength} bytes where at most ${limit} were asked for`);
  const whole = queue.take(URB_HEADER_BYTES + dataBytes);
  if (!whole) return undefined;
  // A copy: the caller may keep it, and must not keep the whole chunk with it.
  const data = dataBytes === 0 ? NO_DATA : new Uint8Array(whole.subarray(URB_HEADER_BYTES));
  return { reply: 'submit', sequence, status, actualLength, data };
}

/** The 8 bytes of a SETUP packet, little endian (USB 2.0 §9.3). */
export interface SetupPacket {
  readonly requestType: number;
  readonly request: number;
  readonly value: number;
  readonly index: number;
  readonly length: number;
}

export function encodeSetup(setup: SetupPacket): Uint8Array {
  const { requestType, request, value, index, length } = setup;
  return Uint8Array.of(
    requestType,
    request,
    value & 0xff,
    value >> 8,
    index & 0xff,
    index >> 8,
    length & 0xff,
    length >> 8,
  );
}

export function decodeSetup(bytes: Uint8Array): SetupPacket {
  const reader = new ByteReader(bytes);
  return {
    requestType: reader.u8(),
    request: reader.u8(),
    value: reader.u16le(),
    index: reader.u16le(),
    length: reader.u16le(),
  };
}
