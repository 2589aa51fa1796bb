import type { Bytes } from '../base/bytes.ts';

/** A first-stage boot loader is smaller: it runs from the SYSRAM. */
const SEARCH_BYTES = 2 ** 20;

/**
 * Texts of a TF-A that was built with STM32MP_USB_PROGRAMMER=1: its product string and the name of its virtual
 * alternate setting. protocol.md §1.1, §2.2, §7.5.
 */
const USB_TEXTS = ['DFU @Device ID /0x', '@virtual /0xF1/'] as const;
/** What any BL2 says first, if it was not built to be silent. */
const BL2_TEXT = 'BL2: ';

/**
 * Whether the text in the first `length` bytes of a TF-A (1 MiB at most) says that it can load over USB: `absent` when it is a BL2 that speaks and has
 * none of the texts. Undefined when nothing can be told: encrypted, silent, or no TF-A.
 */
export async function findUsbLoader(bytes: Bytes, length = SEARCH_BYTES): Promise<'there' | 'absent' | undefined> {
  const text = new TextDecoder('latin1').decode(await bytes.read(0, Math.min(length, bytes.size, SEARCH_BYTES)));
  if (USB_TEXTS.some((mark) => text.includes(mark))) return 'there';
  return text.includes(BL2_TEXT) ? 'absent' : undefined;
}
