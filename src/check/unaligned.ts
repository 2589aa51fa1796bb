import { hexNumber } from '../base/sizes.ts';
import { formatOffset } from '../layout/offset.ts';
import { quote } from './quote.ts';

/** What is wrong with an address, and the two beside it that are right. */
export function unaligned(text: string, address: number, eraseBytes: number) {
  const below = Math.floor(address / eraseBytes) * eraseBytes;
  return {
    message: `${quote(text)} is no multiple of ${hexNumber(eraseBytes)}`,
    help: `write ${formatOffset(below)} or ${formatOffset(below + eraseBytes)}`,
  };
}
