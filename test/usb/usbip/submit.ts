import { concatBytes } from '../../../src/base/bytes.ts';
import { encodeSubmitHead, type SubmitCommand } from '../../../src/usb/usbip/codec/urbs.ts';

/** A whole USBIP_CMD_SUBMIT, as it stands on the wire. */
export function encodeSubmit(submit: Omit<SubmitCommand, 'command'>): Uint8Array {
  return concatBytes([encodeSubmitHead(submit), submit.data]);
}
