import { ByteReader } from '../base/byte-reader.ts';
import { ByteWriter } from '../base/byte-writer.ts';
import { asciiText } from '../base/bytes.ts';
import { PhaselineError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';

/** Phase ids with a meaning of their own. protocol.md §3. */
export const PHASE = {
  /** The FlashLayout; with needDetach: everything is loaded, DETACH to go on. */
  FLASHLAYOUT: 0x00,
  FSBL: 0x01,
  /** STM32MP2: the FIP with the DDR firmware. */
  DDR_FIP: 0x02,
  /** FIP, or U-Boot in the older way. */
  SSBL: 0x03,
  FIRST_USER: 0x10,
  LAST_USER: 0xf0,
  /** The virtual alternate setting of GetPhase and SetPhase. */
  VIRTUAL: 0xf1,
  OTP: 0xf2,
  PMIC: 0xf4,
  END: 0xfe,
  /** In a GetPhase reply: the board failed. In SetPhase: jump to an address, so never sent. */
  ERROR: 0xff,
} as const;

/** What the board wants next: the reply to an UPLOAD on the virtual alternate setting. protocol.md §4.1. */
export interface PhaseReply {
  readonly phase: number;
  /** Where in memory the data of this phase goes; undefined = nowhere (0xFFFFFFFF). */
  readonly address: number | undefined;
  /** Where in the partition the next byte goes (FINDINGS trap 3: it outlives a phase). */
  readonly offset: number;
  /** Phase 0 only; undefined when the board sent no such byte (TF-A that waits for a FlashLayout). */
  readonly needDetach: boolean | undefined;
  /** The board's own words, made harmless to show; phase 0xFF only, '' otherwise. */
  readonly text: string;
}

const HEAD_BYTES = 9;
const NO_ADDRESS = 0xffffffff;

/** Characters of `text` above 0xFF lose their high bits. */
export function encodePhaseReply(reply: PhaseReply): Uint8Array {
  const text = Uint8Array.from(reply.phase === PHASE.ERROR ? reply.text : '', (char) => char.charCodeAt(0));
  const flag = reply.phase === PHASE.FLASHLAYOUT && reply.needDetach !== undefined;
  const writer = new ByteWriter(HEAD_BYTES + (flag ? 1 : 0) + text.length)
    .u8(reply.phase)
    .u32le(reply.address ?? NO_ADDRESS)
    .u32le(reply.offset);
  if (flag) writer.u8(reply.needDetach ? 1 : 0);
  return writer.bytes(text).finish();
}

/**
 * Reads a GetPhase reply. Fewer than 9 bytes, or a needDetach that is neither 0 nor 1, are
 * `dfu/protocol`. Bytes behind the last field are left alone: ST's helper firmware pads its replies
 * to 512 (protocol.md §4.1).
 */
export function decodePhaseReply(data: Uint8Array): PhaseReply {
  if (data.length < HEAD_BYTES) {
    throw new PhaselineError(
      'dfu/protocol',
      `GetPhase answered ${data.length} bytes instead of at least ${HEAD_BYTES}`,
    );
  }
  const reader = new ByteReader(data);
  const phase = reader.u8();
  const address = reader.u32le();
  const offset = reader.u32le();
  const rest = reader.bytes(reader.remaining);
  return {
    phase,
    address: address === NO_ADDRESS ? undefined : address,
    offset,
    needDetach: phase === PHASE.FLASHLAYOUT ? decodeNeedDetach(rest) : undefined,
    text: phase === PHASE.ERROR ? errorText(rest) : '',
  };
}

function decodeNeedDetach(rest: Uint8Array): boolean | undefined {
  const flag = rest[0];
  if (flag === undefined) return undefined;
  if (flag > 1) throw new PhaselineError('dfu/protocol', `GetPhase gives ${flag} as needDetach instead of 0 or 1`);
  return flag === 1;
}

function errorText(rest: Uint8Array): string {
  return printable(asciiText(rest).split('\0', 1)[0]?.trimEnd() ?? '');
}

/** Payload of a DNLOAD on the virtual alternate setting: go to a phase, at an offset. protocol.md §4.2. */
export interface PhaseRequest {
  readonly phase: number;
  /** Byte offset in the partition; for phase 0xFF it would be an address to jump to. */
  readonly offset: number;
}

const REQUEST_BYTES = 5;

/** Big endian, unlike the GetPhase reply (FINDINGS §3). */
export function encodePhaseRequest(request: PhaseRequest): Uint8Array {
  return new ByteWriter(REQUEST_BYTES).u8(request.phase).u32be(request.offset).finish();
}

/** Undefined when fewer than 5 bytes came; more are ignored, as U-Boot does. */
export function decodePhaseRequest(data: Uint8Array): PhaseRequest | undefined {
  if (data.length < REQUEST_BYTES) return undefined;
  const reader = new ByteReader(data);
  return { phase: reader.u8(), offset: reader.u32be() };
}
