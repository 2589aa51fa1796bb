import { ByteReader } from '../base/byte-reader.ts';
import { ByteWriter } from '../base/byte-writer.ts';
import { PhaselineError } from '../base/errors.ts';

/** The DFU functional descriptor. DFU 1.1 table 4.2. */
export interface DfuFunctionalDescriptor {
  /** bmAttributes: bit 0 can download, 1 can upload, 2 manifestation tolerant, 3 will detach. */
  readonly attributes: number;
  /** wDetachTimeOut in ms. */
  readonly detachTimeoutMs: number;
  /** wTransferSize: the most bytes of one DNLOAD or UPLOAD. */
  readonly transferSize: number;
  /** bcdDFUVersion: 0x0110; 0x011A says DfuSe. */
  readonly version: number;
}

/** bDescriptorType. DFU 1.1 table 4.2. */
export const DFU_FUNCTIONAL = 0x21;
const BYTES = 9;

export function encodeFunctionalDescriptor(descriptor: DfuFunctionalDescriptor): Uint8Array {
  return new ByteWriter(BYTES)
    .u8(BYTES)
    .u8(DFU_FUNCTIONAL)
    .u8(descriptor.attributes)
    .u16le(descriptor.detachTimeoutMs)
    .u16le(descriptor.transferSize)
    .u16le(descriptor.version)
    .finish();
}

/** Reads one; a wrong length or a transfer size of 0 is `dfu/protocol`. */
export function decodeFunctionalDescriptor(data: Uint8Array): DfuFunctionalDescriptor {
  if (data.length !== BYTES || data[0] !== BYTES || data[1] !== DFU_FUNCTIONAL) {
    throw new PhaselineError(
      'dfu/protocol',
      `the DFU functional descriptor has ${data.length} bytes instead of ${BYTES}`,
    );
  }
  const reader = new ByteReader(data, 2);
  const descriptor = {
    attributes: reader.u8(),
    detachTimeoutMs: reader.u16le(),
    transferSize: reader.u16le(),
    version: reader.u16le(),
  };
  if (descriptor.transferSize === 0) {
    throw new PhaselineError('dfu/protocol', 'the DFU functional descriptor gives a transfer size of 0');
  }
  return descriptor;
}
