/** A number read from the front of a text as C does it, and what stands behind it. */
export interface CNumber {
  readonly value: bigint;
  readonly tail: string;
}

/**
 * U-Boot's simple_strtoul/ull: `0x` makes it hex whatever `base` says, base 0 takes a leading `0` for
 * octal and everything else for decimal. Reads as many digits as fit the base; none is 0.
 */
export function readCNumber(text: string, base: 0 | 10): CNumber {
  const hex = /^0x/i.test(text);
  const radix = hex ? 16 : base !== 0 ? base : text.startsWith('0') ? 8 : 10;
  const digits = text.slice(hex ? 2 : 0);
  let value = 0n;
  let at = 0;
  for (; at < digits.length; at += 1) {
    const digit = Number.parseInt(digits[at] as string, 16);
    if (Number.isNaN(digit) || digit >= radix) break;
    value = value * BigInt(radix) + BigInt(digit);
  }
  return { value: BigInt.asUintN(64, value), tail: digits.slice(at) };
}
