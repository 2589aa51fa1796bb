import { concatBytes } from '../../src/base/bytes.ts';
import { encodeFip } from '../../src/image/fip.ts';
import { encodeStm32HeaderV1, encodeStm32HeaderV2 } from '../../src/image/stm32-header.ts';
import type { Family } from '../../src/stm32/chips.ts';

/** Bytes that differ from place to place. */
export function pattern(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i += 1) bytes[i] = seed * 131 + i * 7 + (i >> 8) * 13;
  return bytes;
}

/** A first-stage boot loader with the header of `family`. */
export function fsbl(family: Family, payloadBytes = 3000): Uint8Array {
  const payload = pattern(payloadBytes);
  const fields = { binaryType: 0x10 };
  const header =
    family === 'mp15'
      ? encodeStm32HeaderV1(payload, fields)
      : encodeStm32HeaderV2(family === 'mp13' ? '2.0' : family === 'mp21' ? '2.3' : '2.2', payload, fields);
  return concatBytes([header, payload]);
}

export const fip = encodeFip([
  { name: 'FW_CONFIG', data: pattern(100, 2) },
  { name: 'BL33', data: pattern(5000, 3) },
]);

export const ddrFip = encodeFip([{ name: 'DDR_FW', data: pattern(2000, 4) }]);

/** `text` behind the header that TF-A up to v2.4 wants. */
export function withStm32Header(payload: Uint8Array): Uint8Array {
  return concatBytes([encodeStm32HeaderV1(payload), payload]);
}
