import type { ErrorCode } from '../base/error-codes.ts';
import { PhaselineError } from '../base/errors.ts';

/**
 * errno of the npm package `usb`: negative ones are libusb_error (a call failed), positive ones
 * libusb_transfer_status (a transfer ended). libusb 1.0 API.
 */
const ERRNO: Readonly<Record<number, { readonly name: string; readonly code: ErrorCode }>> = {
  [-1]: { name: 'LIBUSB_ERROR_IO', code: 'usb/io' },
  [-2]: { name: 'LIBUSB_ERROR_INVALID_PARAM', code: 'usb/io' },
  [-3]: { name: 'LIBUSB_ERROR_ACCESS', code: 'usb/access' },
  [-4]: { name: 'LIBUSB_ERROR_NO_DEVICE', code: 'usb/gone' },
  [-5]: { name: 'LIBUSB_ERROR_NOT_FOUND', code: 'usb/io' },
  [-6]: { name: 'LIBUSB_ERROR_BUSY', code: 'usb/busy' },
  [-7]: { name: 'LIBUSB_ERROR_TIMEOUT', code: 'usb/timeout' },
  [-8]: { name: 'LIBUSB_ERROR_OVERFLOW', code: 'usb/io' },
  [-9]: { name: 'LIBUSB_ERROR_PIPE', code: 'usb/stall' },
  [-10]: { name: 'LIBUSB_ERROR_INTERRUPTED', code: 'usb/io' },
  [-11]: { name: 'LIBUSB_ERROR_NO_MEM', code: 'usb/io' },
  [-12]: { name: 'LIBUSB_ERROR_NOT_SUPPORTED', code: 'usb/io' },
  [-99]: { name: 'LIBUSB_ERROR_OTHER', code: 'usb/io' },
  1: { name: 'LIBUSB_TRANSFER_ERROR', code: 'usb/io' },
  2: { name: 'LIBUSB_TRANSFER_TIMED_OUT', code: 'usb/timeout' },
  3: { name: 'LIBUSB_TRANSFER_CANCELLED', code: 'usb/io' },
  4: { name: 'LIBUSB_TRANSFER_STALL', code: 'usb/stall' },
  5: { name: 'LIBUSB_TRANSFER_NO_DEVICE', code: 'usb/gone' },
  6: { name: 'LIBUSB_TRANSFER_OVERFLOW', code: 'usb/io' },
};

export const TRANSFER_CANCELLED = 3;

const SAYS: Readonly<Partial<Record<ErrorCode, string>>> = {
  'usb/access': 'no permission',
  'usb/busy': 'claimed by another program',
  'usb/gone': 'the device left the bus',
  'usb/stall': 'the device stalled',
  'usb/timeout': 'no answer',
};

export function errnoName(errno: number): string {
  return ERRNO[errno]?.name ?? `libusb error ${errno}`;
}

/** What went wrong while `doing`, by the errno that the native module threw or handed to its callback. */
export function errorOf(cause: unknown, doing: string): PhaselineError {
  const errno = typeof cause === 'object' && cause !== null && 'errno' in cause ? Number(cause.errno) : undefined;
  if (errno === undefined) {
    const text = cause instanceof Error ? cause.message : String(cause);
    return new PhaselineError('usb/io', `${doing}: ${text}`, {}, cause);
  }
  const { name, code } = ERRNO[errno] ?? { name: errnoName(errno), code: 'usb/io' };
  return new PhaselineError(code, `${doing}: ${SAYS[code] ?? 'failed'} (${name})`, { errno }, cause);
}
