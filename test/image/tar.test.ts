import { describe, expect, test } from 'vitest';
import { asciiText, memoryBytes } from '../../src/base/bytes.ts';
import { findTarMember } from '../../src/image/tar.ts';
import { makeTar, tarHeader } from './make-tar.ts';

async function find(archive: Uint8Array, name: string): Promise<string> {
  const verdict = await findTarMember(memoryBytes(archive), name);
  if (!verdict.ok) return verdict.reason;
  if ('names' in verdict.value) return `only ${verdict.value.names.join(' ')}`;
  const { offset, length } = verdict.value;
  return asciiText(archive.subarray(offset, offset + length));
}

/** `LENGTH KEY=VALUE
`, where LENGTH counts itself. */
const record = (text: string) => {
  const bare = text.length + 2;
  return `${bare + String(bare + String(bare).length).length} ${text}
`;
};

describe('a member of a tar', () => {
  const archive = makeTar(
    { name: './a.txt', data: 'first' },
    { name: 'boot/', type: '5' },
    { name: 'fip.bin', prefix: 'boot', data: 'x'.repeat(513) },
    { name: 'same.txt', data: 'one' },
    { name: 'same.txt', data: 'two' },
    { name: 'sym', type: '2', link: 'a.txt' },
    { name: 'hard', type: '1', link: 'a.txt' },
    { name: 'fifo', type: '6' },
    { name: 'old', type: 'S', data: 'sparse' },
  );

  test.each([
    ['a.txt', 'first'],
    ['./a.txt', 'first'],
    ['/boot/fip.bin', 'x'.repeat(513)],
    ['same.txt', 'one'],
    ['sym', 'sym is a symbolic link to a.txt'],
    ['hard', 'hard is a link to a.txt'],
    ['fifo', 'fifo is a pipe'],
    ['boot/', 'boot/ is a folder'],
    ['old', 'old is stored with holes (tar -S)'],
    ['nothing', 'only a.txt boot/fip.bin same.txt same.txt'],
  ])('%s: %s', async (name, found) => {
    expect(await find(archive, name)).toBe(found);
  });

  test('has a long name in GNU’s way or in that of pax, and a size there too', async () => {
    const long = `deep/${'d/'.repeat(80)}card.img`;
    const gnu = makeTar(
      { name: '././@LongLink', type: 'L', data: `${long}\0` },
      { name: long.slice(0, 100), data: 'gnu' },
    );
    expect(await find(gnu, long)).toBe('gnu');
    const records = record(`path=${long}`) + record('size=3');
    const pax = makeTar(
      { name: 'PaxHeaders/x', type: 'x', data: records },
      { name: 'short', data: 'pax', size: '00000000000' },
    );
    expect(await find(pax, long)).toBe('pax');
    const sparse = record('GNU.sparse.major=1') + record('GNU.sparse.name=real');
    expect(await find(makeTar({ name: 'p', type: 'x', data: sparse }, { name: 'q', data: 'x' }), 'real')).toMatch(
      /holes/,
    );
  });

  test('may be larger than eight octal digits can say', async () => {
    const block = tarHeader({ name: 'big', size: '' });
    block.set([0x80, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0], 124);
    block.fill(0x20, 148, 156);
    const sum = block.reduce((total, byte) => total + byte, 0);
    block.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
    const verdict = await findTarMember(memoryBytes(block), 'big');
    expect(verdict).toEqual({ ok: true, value: { offset: 512, length: 5 * 2 ** 32 } });
  });

  test.each([
    ['text', new TextEncoder().encode('hello'.repeat(200)), /it is no tar archive/],
    ['nothing', new Uint8Array(0), /it is no tar archive/],
    ['zeros', new Uint8Array(2048), /it is no tar archive/],
    [
      'a damaged header',
      makeTar({ name: 'a', data: 'x' }, { name: 'b' }).fill(0x41, 1100, 1110),
      /no tar header at byte 1024/,
    ],
    ['a header for ever', makeTar({ name: 'x', type: 'x', size: '77777777777' }), /a header of 8589934591 bytes/],
  ])('%s is refused', async (_, data, reason) => {
    expect(await find(data, 'wanted')).toMatch(reason);
  });
});
