import { ByteReader } from '../base/byte-reader.ts';
import { isPhaselineError, PhaselineError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import type { UsbDevice } from '../usb/port.ts';
import { DFU_FUNCTIONAL, type DfuFunctionalDescriptor, decodeFunctionalDescriptor } from './functional-descriptor.ts';

/** An alternate setting of the DFU interface. */
export interface DfuAlternate {
  /** bAlternateSetting: what SET_INTERFACE takes. */
  readonly index: number;
  /** Its iInterface string; undefined when it has none or the device refuses to send it. */
  readonly name: string | undefined;
}

/** Everything the descriptors of a device in DFU mode say. */
export interface DfuDescriptors {
  readonly functional: DfuFunctionalDescriptor;
  /** In the order of the configuration descriptor. */
  readonly alternates: readonly DfuAlternate[];
  readonly manufacturer: string | undefined;
  readonly product: string | undefined;
  readonly serial: string | undefined;
}

/** USB 2.0 tables 9-2, 9-5 and 9-6. */
const GET_DESCRIPTOR = { requestType: 0x80, request: 6 } as const;
const DESCRIPTOR = { DEVICE: 1, CONFIGURATION: 2, STRING: 3, INTERFACE: 4 } as const;
const DEVICE_BYTES = 18;
const CONFIGURATION_HEAD_BYTES = 9;
const INTERFACE_BYTES = 9;
const STRING_BYTES = 255;
const ENGLISH_US = 0x0409;
/** DFU 1.1 §4.2.3: class, subclass and protocol of an interface in DFU mode; run-time mode has protocol 1. */
const DFU_MODE = { class: 0xfe, subclass: 0x01, protocol: 0x02 } as const;

/**
 * Reads descriptors and strings of a device, from the device and never from a cache. Undefined when
 * it is not in DFU mode: another device, or a gadget that is about to leave after a DETACH and
 * already shows its run-time descriptor (FINDINGS §1.4). Malformed descriptors are `dfu/protocol`.
 */
export async function readDescriptors(device: UsbDevice, timeoutMs: number): Promise<DfuDescriptors | undefined> {
  const deviceDescriptor = await readDescriptor(device, DESCRIPTOR.DEVICE, DEVICE_BYTES, timeoutMs);
  const head = await readDescriptor(device, DESCRIPTOR.CONFIGURATION, CONFIGURATION_HEAD_BYTES, timeoutMs);
  const totalLength = new ByteReader(head, 2).u16le();
  if (totalLength < CONFIGURATION_HEAD_BYTES) throw malformed(`a total length of ${totalLength}`);
  const found = parseConfiguration(await readDescriptor(device, DESCRIPTOR.CONFIGURATION, totalLength, timeoutMs));
  if (found === undefined) return undefined;

  const language = await readLanguage(device, timeoutMs);
  const text = (index: number | undefined) => readString(device, index ?? 0, language, timeoutMs);
  const alternates: DfuAlternate[] = [];
  for (const { index, nameIndex } of found.alternates) alternates.push({ index, name: await text(nameIndex) });
  return {
    functional: found.functional,
    alternates,
    manufacturer: await text(deviceDescriptor[14]),
    product: await text(deviceDescriptor[15]),
    serial: await text(deviceDescriptor[16]),
  };
}

interface DfuConfiguration {
  readonly functional: DfuFunctionalDescriptor;
  readonly alternates: readonly { readonly index: number; readonly nameIndex: number }[];
}

/**
 * The DFU-mode alternates of interface 0, and the functional descriptor that stands somewhere behind
 * the first of them (U-Boot: behind the last). Undefined when either is missing.
 */
export function parseConfiguration(configuration: Uint8Array): DfuConfiguration | undefined {
  let functional: DfuFunctionalDescriptor | undefined;
  const alternates: { index: number; nameIndex: number }[] = [];
  for (const descriptor of walk(configuration)) {
    // Other classes use this descriptor type too (HID), so one that comes before any DFU interface is not ours.
    if (descriptor[1] === DFU_FUNCTIONAL && alternates.length > 0) functional = decodeFunctionalDescriptor(descriptor);
    if (descriptor[1] !== DESCRIPTOR.INTERFACE) continue;
    if (descriptor.length < INTERFACE_BYTES) throw malformed(`an interface of ${descriptor.length} bytes`);
    const [, , number, index, , interfaceClass, subclass, protocol, nameIndex] = descriptor;
    const isDfu = interfaceClass === DFU_MODE.class && subclass === DFU_MODE.subclass && protocol === DFU_MODE.protocol;
    if (isDfu && number === 0) alternates.push({ index: index as number, nameIndex: nameIndex as number });
  }
  return functional && alternates.length > 0 ? { functional, alternates } : undefined;
}

function* walk(configuration: Uint8Array): Generator<Uint8Array> {
  let at = 0;
  while (at < configuration.length) {
    const length = configuration[at] as number;
    if (length < 2 || at + length > configuration.length) throw malformed(`${length} as the length at byte ${at}`);
    yield configuration.subarray(at, at + length);
    at += length;
  }
}

async function readDescriptor(device: UsbDevice, type: number, length: number, timeoutMs: number): Promise<Uint8Array> {
  const data = await device.controlIn({ ...GET_DESCRIPTOR, value: type << 8, index: 0 }, length, timeoutMs);
  if (data.length !== length || data[1] !== type) {
    throw new PhaselineError('dfu/protocol', `descriptor ${type} has ${data.length} bytes instead of ${length}`);
  }
  return data;
}

async function readLanguage(device: UsbDevice, timeoutMs: number): Promise<number> {
  const data = await readRawString(device, 0, 0, timeoutMs);
  return data && data.length >= 4 ? new ByteReader(data, 2).u16le() : ENGLISH_US;
}

async function readString(
  device: UsbDevice,
  index: number,
  language: number,
  timeoutMs: number,
): Promise<string | undefined> {
  if (index === 0) return undefined;
  const data = await readRawString(device, index, language, timeoutMs);
  if (data === undefined || data[1] !== DESCRIPTOR.STRING) return undefined;
  const units = new ByteReader(data.subarray(0, data[0]), 2);
  let text = '';
  while (units.remaining >= 2) text += String.fromCharCode(units.u16le());
  // Whoever plugs a device in chooses these words; they go to terminals, logs and records from here.
  return printable(text);
}

/** A device may lack a string and says so with a stall; everything else is a failure. */
async function readRawString(
  device: UsbDevice,
  index: number,
  language: number,
  timeoutMs: number,
): Promise<Uint8Array | undefined> {
  const setup = { ...GET_DESCRIPTOR, value: (DESCRIPTOR.STRING << 8) | index, index: language };
  try {
    const data = await device.controlIn(setup, STRING_BYTES, timeoutMs);
    return data.length >= 2 ? data : undefined;
  } catch (error) {
    if (isPhaselineError(error, 'usb/stall')) return undefined;
    throw error;
  }
}

function malformed(what: string): PhaselineError {
  return new PhaselineError('dfu/protocol', `the configuration descriptor gives ${what}`);
}
