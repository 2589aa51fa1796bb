import { ByteReader } from '../../base/byte-reader.ts';
import { fromHex } from '../../base/bytes.ts';
import { isPhaselineError } from '../../base/errors.ts';
import { parseConfiguration } from '../../dfu/descriptors.ts';
import { parseAlternateName } from '../../stm32/alternates.ts';
import type { TransferLine } from '../../usb/trace/lines.ts';

/** Standard requests that tell what a device is. USB 2.0 §9.4 and table 9-5. */
export const STANDARD = { GET_DESCRIPTOR: 6, SET_INTERFACE: 11 } as const;
export const DESCRIPTOR = { DEVICE: 1, CONFIGURATION: 2, STRING: 3 } as const;

/** What a trace has shown of a device so far. */
export class DeviceView {
  /** Number of the selected alternate setting. */
  #selected = 0;
  readonly #strings = new Map<number, string>();
  /** By alternate setting, the number of its name. */
  readonly #names = new Map<number, number>();

  /** `1 (@virtual /0xF1/1*512Be)`, as far as it is known. */
  alternateText(alternate: number): string {
    const name = this.#nameOf(alternate);
    return name === undefined ? String(alternate) : `${alternate} (${name})`;
  }

  /** The phase that the selected alternate setting stands for, if its name says so. */
  get phase(): number | undefined {
    const name = this.#nameOf(this.#selected);
    return name === undefined ? undefined : parseAlternateName(name)?.id;
  }

  /** Learns from a transfer that succeeded. */
  learn({ setup, status, in: came }: TransferLine): void {
    if (!setup || status !== 'OK') return;
    const [requestType, request, value] = setup;
    if (requestType === 0x01 && request === STANDARD.SET_INTERFACE) this.#selected = value;
    if (requestType !== 0x80 || request !== STANDARD.GET_DESCRIPTOR || !came || !('hex' in came)) return;
    const data = fromHex(came.hex);
    if (value >> 8 === DESCRIPTOR.CONFIGURATION) this.#learnConfiguration(data);
    const text = value >> 8 === DESCRIPTOR.STRING ? stringText(data) : undefined;
    if (text !== undefined) this.#strings.set(value & 0xff, text);
  }

  #nameOf(alternate: number): string | undefined {
    return this.#strings.get(this.#names.get(alternate) ?? 0);
  }

  #learnConfiguration(data: Uint8Array): void {
    try {
      const configuration = parseConfiguration(data);
      if (!configuration) return;
      this.#names.clear();
      this.#strings.clear();
      for (const { index, nameIndex } of configuration.alternates) this.#names.set(index, nameIndex);
    } catch (error) {
      // The head alone, or what a broken device sent: its lines show it.
      if (!isPhaselineError(error, 'dfu/protocol')) throw error;
    }
  }
}

/** The text of a string descriptor; undefined for anything else. USB 2.0 §9.6.7. */
export function stringText(data: Uint8Array): string | undefined {
  if (data.length < 2 || data[1] !== DESCRIPTOR.STRING) return undefined;
  const units = new ByteReader(data.subarray(0, data[0]), 2);
  let text = '';
  while (units.remaining >= 2) text += String.fromCharCode(units.u16le());
  return text;
}
