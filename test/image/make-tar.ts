import { concatBytes } from '../../src/base/bytes.ts';

const BLOCK = 512;

export interface TarEntry {
  readonly name: string;
  readonly data?: string;
  readonly type?: string;
  readonly link?: string;
  readonly prefix?: string;
  readonly size?: string;
}

/** The block in front of a member; `size` in place of the length of its data. */
export function tarHeader({ name, data = '', type = '0', link = '', prefix = '', size }: TarEntry): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (text: string, at: number) => block.set(new TextEncoder().encode(text), at);
  put(name, 0);
  put(size ?? data.length.toString(8).padStart(11, '0'), 124);
  put('        ', 148);
  put(type, 156);
  put(link, 157);
  put('ustar\0', 257);
  put(prefix, 345);
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** A tar in ustar format of these members. */
export function makeTar(...entries: readonly TarEntry[]): Uint8Array {
  const blocks = entries.flatMap((entry) => {
    const data = new Uint8Array(Math.ceil((entry.data ?? '').length / BLOCK) * BLOCK);
    data.set(new TextEncoder().encode(entry.data ?? ''));
    return [tarHeader(entry), data];
  });
  return concatBytes([...blocks, new Uint8Array(2 * BLOCK)]);
}
