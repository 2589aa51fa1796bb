import { ByteWriter } from '../base/byte-writer.ts';
import { concatBytes } from '../base/bytes.ts';

/** bDescriptorType (USB 2.0 table 9-5). */
const CONFIGURATION = 2;
const INTERFACE = 4;
const CONFIGURATION_BYTES = 9;
const INTERFACE_BYTES = 9;

/** One interface descriptor of a configuration (USB 2.0 table 9-12). */
export interface InterfaceDescriptor {
  readonly number: number;
  readonly alternate: number;
  readonly endpoints: number;
  readonly interfaceClass: number;
  readonly interfaceSubClass: number;
  readonly interfaceProtocol: number;
  /** iInterface. */
  readonly stringIndex: number;
}

export interface ConfigurationHead {
  readonly interfaces: number;
  /** iConfiguration. */
  readonly stringIndex: number;
  readonly attributes: number;
  /** bMaxPower, in units of 2 mA. */
  readonly maxPower: number;
}

export function encodeInterface(descriptor: InterfaceDescriptor): Uint8Array {
  return Uint8Array.of(
    INTERFACE_BYTES,
    INTERFACE,
    descriptor.number,
    descriptor.alternate,
    descriptor.endpoints,
    descriptor.interfaceClass,
    descriptor.interfaceSubClass,
    descriptor.interfaceProtocol,
    descriptor.stringIndex,
  );
}

/** The configuration descriptor with all that belongs to it behind (USB 2.0 table 9-10). */
export function encodeConfiguration(head: ConfigurationHead, parts: readonly Uint8Array[]): Uint8Array {
  const body = concatBytes(parts);
  const start = new ByteWriter(CONFIGURATION_BYTES)
    .u8(CONFIGURATION_BYTES)
    .u8(CONFIGURATION)
    .u16le(CONFIGURATION_BYTES + body.length)
    .u8(head.interfaces)
    .u8(1) // bConfigurationValue
    .u8(head.stringIndex)
    .u8(head.attributes)
    .u8(head.maxPower)
    .finish();
  return concatBytes([start, body]);
}

/** Every interface descriptor of a configuration, all alternate settings included. */
export function interfacesOf(configuration: Uint8Array): readonly InterfaceDescriptor[] {
  const found: InterfaceDescriptor[] = [];
  for (let at = 0; at + 1 < configuration.length; ) {
    const [length = 0, type] = configuration.subarray(at);
    if (length < 2) break; // the firmware's own mistake: nothing can be read behind it
    if (type === INTERFACE && length >= INTERFACE_BYTES) {
      const [number = 0, alternate = 0, endpoints = 0, interfaceClass = 0, interfaceSubClass = 0, ...rest] =
        configuration.subarray(at + 2, at + INTERFACE_BYTES);
      const [interfaceProtocol = 0, stringIndex = 0] = rest;
      found.push({ number, alternate, endpoints, interfaceClass, interfaceSubClass, interfaceProtocol, stringIndex });
    }
    at += length;
  }
  return found;
}
