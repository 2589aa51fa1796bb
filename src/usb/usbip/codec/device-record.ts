import { ByteReader } from '../../../base/byte-reader.ts';
import { ByteWriter } from '../../../base/byte-writer.ts';
import { asciiText } from '../../../base/bytes.ts';
import { printable } from '../../../base/printable.ts';
import { DEVICE_RECORD_BYTES } from './constants.ts';
import { malformed } from './malformed.ts';

/** Class, subclass and protocol of one interface. */
export interface InterfaceRecord {
  readonly interfaceClass: number;
  readonly interfaceSubClass: number;
  readonly interfaceProtocol: number;
}

/** struct usbip_usb_device: an exported device as list and import describe it. */
export interface DeviceRecord {
  /** sysfs path on the server, at most 255 characters. */
  readonly path: string;
  /** `1-2.3`, at most 31 characters. */
  readonly busId: string;
  readonly busNumber: number;
  readonly deviceNumber: number;
  /** A value of SPEED. */
  readonly speed: number;
  readonly vendorId: number;
  readonly productId: number;
  readonly deviceVersion: number;
  readonly deviceClass: number;
  readonly deviceSubClass: number;
  readonly deviceProtocol: number;
  readonly configurationValue: number;
  readonly configurations: number;
  readonly interfaces: number;
}

const PATH_BYTES = 256;
export const BUS_ID_BYTES = 32;
export const INTERFACE_RECORD_BYTES = 4;

/** 312 bytes, big endian. */
export function encodeDeviceRecord(device: DeviceRecord): Uint8Array {
  return new ByteWriter(DEVICE_RECORD_BYTES)
    .text(device.path.slice(0, PATH_BYTES - 1), PATH_BYTES)
    .text(device.busId.slice(0, BUS_ID_BYTES - 1), BUS_ID_BYTES)
    .u32be(device.busNumber)
    .u32be(device.deviceNumber)
    .u32be(device.speed)
    .u16be(device.vendorId)
    .u16be(device.productId)
    .u16be(device.deviceVersion)
    .u8(device.deviceClass)
    .u8(device.deviceSubClass)
    .u8(device.deviceProtocol)
    .u8(device.configurationValue)
    .u8(device.configurations)
    .u8(device.interfaces)
    .finish();
}

/** Reads exactly 312 bytes; usb/protocol for another length, a text without its NUL, or a bus id that is none. */
export function decodeDeviceRecord(bytes: Uint8Array): DeviceRecord {
  if (bytes.length !== DEVICE_RECORD_BYTES) throw malformed(`a device record of ${bytes.length} bytes`);
  const reader = new ByteReader(bytes);
  return {
    path: printable(nulTerminated(reader.bytes(PATH_BYTES))),
    busId: busIdOf(nulTerminated(reader.bytes(BUS_ID_BYTES))),
    busNumber: reader.u32be(),
    deviceNumber: reader.u32be(),
    speed: reader.u32be(),
    vendorId: reader.u16be(),
    productId: reader.u16be(),
    deviceVersion: reader.u16be(),
    deviceClass: reader.u8(),
    deviceSubClass: reader.u8(),
    deviceProtocol: reader.u8(),
    configurationValue: reader.u8(),
    configurations: reader.u8(),
    interfaces: reader.u8(),
  };
}

/** It names the device from here on, to the server as well as to people: so it is taken as it is, or not at all. */
function busIdOf(text: string): string {
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw malformed(`a bus id that is none: ${printable(text)}`);
}

export function encodeInterfaceRecord(record: InterfaceRecord): Uint8Array {
  return Uint8Array.of(record.interfaceClass, record.interfaceSubClass, record.interfaceProtocol, 0);
}

export function nulTerminated(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  if (end < 0) throw malformed(`a text of ${bytes.length} bytes without an end`);
  return asciiText(bytes.subarray(0, end));
}
