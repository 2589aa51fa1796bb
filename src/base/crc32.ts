const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 of IEEE 802.3 (reflected, initial and final 0xFFFFFFFF); `previous` continues an earlier sum. */
export function crc32(data: Uint8Array, previous = 0): number {
  let value = ~previous;
  for (const byte of data) value = (value >>> 8) ^ (TABLE[(value ^ byte) & 0xff] as number);
  return ~value >>> 0;
}
