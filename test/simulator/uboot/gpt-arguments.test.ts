import { describe, expect, test } from 'vitest';
import { parseGptArgument, unquote } from '../../../src/simulator/uboot/gpt-arguments.ts';
import { layout, RawHost } from './raw-host.ts';

describe('the argument of gpt write', () => {
  test('one partition a semicolon, keys in any order', () => {
    const two = parseGptArgument('name=a,start=0x4400,size=0x200,type=linux;name=b,size=-,bootable;');
    expect(two).toEqual([
      { name: 'a', start: '0x4400', size: '0x200', type: 'linux', uniqueGuid: undefined, bootable: false },
      { name: 'b', start: undefined, size: '-', type: undefined, uniqueGuid: undefined, bootable: true },
    ]);
  });

  test.each([
    ['a partition without a size', 'name=a;b,start=0x4400,size=0x200'],
    ['a partition without a name', 'start=0x4400,size=0x200'],
    ['a GUID that is too long', `name=a,size=1,uuid=${'0'.repeat(37)}`],
  ])('%s is refused', (_, text) => {
    expect(parseGptArgument(text)).toBeUndefined();
  });

  test.each([
    ['an odd quote', 'name=a"b,size=1;', undefined],
    ['quotes in pairs', 'name=a"b"c,size=1;', 'name=abc,size=1;'],
    ['an apostrophe', "name=a'b,size=1;", undefined],
    ['a variable, which is unset', 'name=a$b,size=1;name=c$de;', 'name=a,size=1;name=c;'],
  ])('%s', (_, text, words) => {
    expect(unquote(text)).toBe(words);
  });
});

/** The first entry of the partition table: sectors, attributes and name. */
async function firstEntry(name: string): Promise<string | undefined> {
  const host = new RawHost();
  await host.flashLayout(layout(`P 0x10 ${name} Binary mmc0 0x4400`));
  const entry = host.hw.storage.mmc.get(0)?.medium(0)?.read(1024, 128);
  if (!entry || entry.every((byte) => byte === 0)) return undefined;
  const view = new DataView(entry.buffer, entry.byteOffset);
  const text = new TextDecoder('utf-16le').decode(entry.subarray(56)).replaceAll('\0', '');
  return `${view.getUint32(32, true)}-${view.getUint32(40, true)} ${view.getUint32(48, true)} ${text}`;
}

test.each([
  ['a,b', '34-131036 0 a'],
  ['a,size=4096', '34-41 0 a'],
  ['a,bootable', '34-131036 4 a'],
  ['a"b"c', '34-131036 0 abc'],
  ['a,type=efi', undefined],
  ['a,uuid=x', undefined],
  ["a'b", undefined],
])('a partition named %s', async (name, entry) => {
  expect(await firstEntry(name)).toBe(entry);
});
