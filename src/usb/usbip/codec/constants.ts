/** USB/IP 1.1.1 as the Linux kernel documents it (Documentation/usb/usbip_protocol.rst). */
export const USBIP_VERSION = 0x0111;

/** Operation codes; bit 15 marks a request. */
export const OPERATION = {
  OP_REQ_IMPORT: 0x8003,
  OP_REP_IMPORT: 0x0003,
  OP_REQ_DEVLIST: 0x8005,
  OP_REP_DEVLIST: 0x0005,
} as const;

/** Status of an operation's reply (tools/usb/usbip/libsrc/usbip_common.h). */
export const OPERATION_STATUS = {
  ST_OK: 0,
  ST_NA: 1,
  ST_DEV_BUSY: 2,
  ST_DEV_ERR: 3,
  ST_NODEV: 4,
  ST_ERROR: 5,
} as const;

export const COMMAND = {
  USBIP_CMD_SUBMIT: 1,
  USBIP_CMD_UNLINK: 2,
  USBIP_RET_SUBMIT: 3,
  USBIP_RET_UNLINK: 4,
} as const;

export const DIRECTION = { USBIP_DIR_OUT: 0, USBIP_DIR_IN: 1 } as const;
export type Direction = (typeof DIRECTION)[keyof typeof DIRECTION];

/** Linux error numbers as they appear, negated, in the status of a RET. */
export const ERRNO = {
  ENODEV: 19,
  EINVAL: 22,
  EPIPE: 32,
  ECONNRESET: 104,
  ESHUTDOWN: 108,
} as const;

/** enum usb_device_speed. */
export const SPEED = { unknown: 0, low: 1, full: 2, high: 3, super: 5 } as const;

/** Length of an operation's header, of a device record without its interfaces, and of every URB header. */
export const OPERATION_HEADER_BYTES = 8;
export const DEVICE_RECORD_BYTES = 312;
export const URB_HEADER_BYTES = 48;

/** The most data that one URB may carry here; DFU needs 4 KiB, fastboot and mass storage take any size. */
export const MAX_TRANSFER_BYTES = 2 ** 20;
/** The most devices that a list may announce. */
export const MAX_DEVICES = 4096;
