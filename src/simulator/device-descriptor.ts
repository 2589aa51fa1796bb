import { ByteReader } from '../base/byte-reader.ts';
import { ByteWriter } from '../base/byte-writer.ts';

/** The fields of a device descriptor that differ between the gadgets of a board (USB 2.0 table 9-8). */
export interface DeviceDescriptor {
  readonly vendorId: number;
  readonly productId: number;
  /** bcdDevice. */
  readonly deviceVersion: number;
  readonly deviceClass: number;
  readonly deviceSubClass: number;
  readonly deviceProtocol: number;
}

const BYTES = 18;
const DEVICE = 1;

/** USB 2.00, 64-byte packets on endpoint 0, strings 1 to 3, one configuration. */
export function encodeDeviceDescriptor(descriptor: DeviceDescriptor): Uint8Array {
  return new ByteWriter(BYTES)
    .u8(BYTES)
    .u8(DEVICE)
    .u16le(0x0200)
    .u8(descriptor.deviceClass)
    .u8(descriptor.deviceSubClass)
    .u8(descriptor.deviceProtocol)
    .u8(64)
    .u16le(descriptor.vendorId)
    .u16le(descriptor.productId)
    .u16le(descriptor.deviceVersion)
    .u8(1) // iManufacturer
    .u8(2) // iProduct
    .u8(3) // iSerialNumber
    .u8(1) // bNumConfigurations
    .finish();
}

export function decodeDeviceDescriptor(bytes: Uint8Array): DeviceDescriptor {
  const reader = new ByteReader(bytes, 4);
  const [deviceClass, deviceSubClass, deviceProtocol] = [reader.u8(), reader.u8(), reader.u8()];
  reader.skip(1);
  const [vendorId, productId, deviceVersion] = [reader.u16le(), reader.u16le(), reader.u16le()];
  return { vendorId, productId, deviceVersion, deviceClass, deviceSubClass, deviceProtocol };
}
