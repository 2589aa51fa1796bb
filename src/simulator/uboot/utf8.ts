/**
 * The UTF-16 text of a string descriptor as U-Boot makes it from the bytes of a name (one a character), or
 * undefined where it refuses: then the descriptor stalls. It takes sequences of up to three bytes, minimal
 * or not; characters beyond U+FFFF and surrogates it does not.
 */
export function decodeUtf8(bytes: string): string | undefined {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes.charCodeAt(at);
    const more = lead < 0x80 ? 0 : lead >> 5 === 0b110 ? 1 : lead >> 4 === 0b1110 ? 2 : undefined;
    if (more === undefined) return undefined;
    let unit = more === 0 ? lead : lead & (more === 1 ? 0x1f : 0x0f);
    for (let i = 1; i <= more; i += 1) {
      const next = bytes.charCodeAt(at + i);
      if (next >> 6 !== 0b10) return undefined;
      unit = (unit << 6) | (next & 0x3f);
    }
    if (more === 2 && unit >= 0xd800 && unit <= 0xdfff) return undefined;
    text += String.fromCharCode(unit);
    at += 1 + more;
  }
  return text;
}
