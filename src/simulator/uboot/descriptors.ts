import { encodeFunctionalDescriptor } from '../../dfu/functional-descriptor.ts';
import { encodeConfiguration, encodeInterface } from '../configuration-descriptor.ts';
import { encodeDeviceDescriptor } from '../device-descriptor.ts';
import type { Hardware } from '../hardware.ts';
import type { Descriptors } from '../standard-requests.ts';
import type { AlternateSet } from './entities.ts';
import { type DfuFunction, TRANSFER_BYTES } from './f-dfu.ts';
import { decodeUtf8 } from './utf8.ts';

/** Indexes of the strings; alternate N has FIRST_ALTERNATE + N. FUNCTION is never answered. FINDINGS §1. */
const STRING = { MANUFACTURER: 1, PRODUCT: 2, SERIAL: 3, FUNCTION: 4, FIRST_ALTERNATE: 5 } as const;
const MANUFACTURER = 'STMicroelectronics';

/** FINDINGS §1, protocol.md §6.1. */
export const FUNCTIONAL_DESCRIPTOR = encodeFunctionalDescriptor({
  attributes: 0x0f,
  detachTimeoutMs: 0,
  transferSize: TRANSFER_BYTES,
  version: 0x0110,
});

/** What U-Boot's gadget says of itself: FINDINGS §1, measured. */
export function ubootDescriptors(hw: Hardware, alternates: AlternateSet, dfu: DfuFunction): Descriptors {
  const names = alternates.entities.map((entity) => decodeUtf8(entity.name));
  const strings = [undefined, MANUFACTURER, productString(hw), hw.serial, undefined, ...names];
  const configuration = configurationDescriptor(alternates.announced);
  return {
    device: () => DEVICE,
    configuration: () => (dfu.runTime ? RUN_TIME_CONFIGURATION : configuration),
    string: (index) => (dfu.runTime && index >= STRING.FIRST_ALTERNATE ? undefined : strings[index]),
  };
}

/** protocol.md §1.1. */
function productString({ chip }: Hardware): string {
  const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');
  const ids = `@Device ID /0x${hex(chip.deviceId, 3)}, @Revision ID /0x${hex(chip.revision, 4)}`;
  return `USB download gadget${ids}, @Name /${chip.name},`;
}

const DEVICE = encodeDeviceDescriptor({
  vendorId: 0x0483,
  productId: 0xdf11,
  deviceVersion: 0x0200,
  deviceClass: 0,
  deviceSubClass: 0,
  deviceProtocol: 0,
});

/** bInterfaceProtocol. DFU 1.1 §4.1.2 and §4.2.3. */
const PROTOCOL = { RUN_TIME: 1, DFU: 2 } as const;
const HEAD = { interfaces: 1, stringIndex: STRING.PRODUCT, attributes: 0xc0, maxPower: 1 } as const;
const RUN_TIME_CONFIGURATION = encodeConfiguration(HEAD, [dfuInterface(0, PROTOCOL.RUN_TIME, STRING.FUNCTION)]);

function configurationDescriptor(alternates: number): Uint8Array {
  const interfaces = Array.from({ length: alternates }, (_, number) =>
    dfuInterface(number, PROTOCOL.DFU, (STRING.FIRST_ALTERNATE + number) & 0xff),
  );
  return encodeConfiguration(HEAD, [...interfaces, FUNCTIONAL_DESCRIPTOR]);
}

function dfuInterface(alternate: number, interfaceProtocol: number, stringIndex: number): Uint8Array {
  return encodeInterface({
    number: 0,
    alternate,
    endpoints: 0,
    interfaceClass: 0xfe,
    interfaceSubClass: 1,
    interfaceProtocol,
    stringIndex,
  });
}
