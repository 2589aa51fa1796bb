/**
 * A number in C notation: 0x and hex, a leading 0 and octal, or decimal (U-Boot's strict_strtoul, base 0).
 * Undefined for anything else and for what is beyond 2^53.
 */
export function parseCNumber(text: string): number | undefined {
  if (/^0[0-7]+$/.test(text)) return safe(Number.parseInt(text, 8));
  return /^0\d/.test(text) ? undefined : parsePlainNumber(text);
}

/** As parseCNumber, but a leading 0 means nothing: how U-Boot has read offsets since v2023.07 (layout-grammar.md §3). */
export function parsePlainNumber(text: string): number | undefined {
  if (/^0x[0-9a-f]+$/i.test(text)) return safe(Number.parseInt(text.slice(2), 16));
  return /^\d+$/.test(text) ? safe(Number.parseInt(text, 10)) : undefined;
}

function safe(value: number): number | undefined {
  return Number.isSafeInteger(value) ? value : undefined;
}
