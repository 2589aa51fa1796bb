const UNITS = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 } as const;

/** Reads a size in bytes: decimal, 0x hex, or with K, M, G = 2^10, 2^20, 2^30. Undefined if it is none. */
export function parseSize(text: string): number | undefined {
  const match = /^(0x[0-9a-f]+|\d+)([KMG]?)$/i.exec(text.trim());
  if (!match) return undefined;
  const unit = match[2] ? UNITS[match[2].toUpperCase() as keyof typeof UNITS] : 1;
  const value = Number(match[1]) * unit;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** A size for people, in the largest binary unit that keeps at least one digit before the point. */
export function formatSize(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
  let value = bytes;
  let index = 0;
  while (value >= 1024 && index < units.length - 1) {
    value /= 1024;
    index += 1;
  }
  const digits = index === 0 || Number.isInteger(value) ? 0 : value < 10 ? 2 : 1;
  return `${value.toFixed(digits)} ${units[index]}`;
}

/** 0x with upper-case digits, at least `width` of them. */
export function hexNumber(value: number, width = 2): string {
  return `0x${value.toString(16).toUpperCase().padStart(width, '0')}`;
}
