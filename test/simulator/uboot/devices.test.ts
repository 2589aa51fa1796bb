import { describe, expect, test } from 'vitest';
import { layout, pattern, RawHost } from './raw-host.ts';

/** What GetPhase says when U-Boot is back from the layout's DETACH. */
async function refusal(rows: readonly string[], host = new RawHost()): Promise<string> {
  await host.flashLayout(layout(...rows));
  expect((await host.alternates())[0]).toBe('@FlashLayout/0x00/1*256Ke');
  return (await host.phase()).text;
}

async function accepted(rows: readonly string[], host = new RawHost()): Promise<string> {
  await host.flashLayout(layout(...rows));
  return (await host.alternates()).filter((name) => !/^@(virtual|OTP|PMIC)\//.test(name)).join(' ');
}

const NOR = [
  'P 0x04 fsbl1 Binary nor0 0x0',
  'P 0x05 fsbl2 Binary nor0 0x40000',
  'P 0x06 md1 FWU_MDATA nor0 0x80000',
  'P 0x07 md2 FWU_MDATA nor0 0x100000',
  'P 0x08 fip-a FIP nor0 0x140000',
  'P 0x09 fip-b FIP nor0 0x540000',
  'P 0x0A env ENV nor0 0x940000',
  'P 0x10 user Binary nor0 0x9C0000',
];

describe('what U-Boot checks after the layout', () => {
  test.each([
    ['P with none', ['P 0x01 fsbl Binary none 0x0'], 'Layout: selected none phase = 0x1 for part fsbl'],
    ['id 0', ['P 0x0 a Binary mmc0 0x4400'], 'Layout: invalid phase = 0x0 for part a'],
    [
      'an id twice',
      ['P 16 a Binary mmc0 0x4400', 'P 0x10 b Binary ram0 0xC0000000'],
      'Layout: duplicated phase 0x10 for part a and b',
    ],
    [
      'an id that a later none row has',
      ['P 0x10 a Binary mmc0 0x4400', '- 0x10 b Binary none 0x0'],
      'Layout: duplicated phase 0x10 for part a and b',
    ],
    [
      'six devices',
      ['0', '1', '2', '3', '4', '5'].map((n) => `P 0x1${n} p Binary mmc${n} 0x80000`),
      'Layout: too many device',
    ],
    ['no such card', ['P 0x10 a Binary mmc5 0x4400'], 'mmc device 5 not found'],
    ['no such chip', ['P 0x10 a Binary spi-nand0 0x0'], 'MTD device spi-nand0 not found'],
    ['copies on a card', ['P 0x04 fsbl1 Binary(2) mmc0 0x4400'], 'fsbl1 (0x4): multiple binary 2 not supported'],
    ['most copies', ['P 0x04 fsbl1 Binary(4294967295) mmc0 0x4400'], 'fsbl1 (0x4): multiple binary -1 not supported'],
    [
      'copies of a user partition',
      ['P 0x10 fsbl1 Binary(2) nand0 0x0'],
      'fsbl1 (0x10): multiple binary 2 not supported',
    ],
    ['boot1 on NOR', ['P 0x10 a Binary nor0 boot1'], 'a (0x10): hw partition not expected : -1'],
    [
      'one place twice',
      ['P 0x11 b Binary mmc0 0x4400', 'P 0x10 a Binary mmc0 0x4400'],
      'b (0x11): same address : 0x4400 == a (0x10): 0x4400',
    ],
    ['inside the GPT of a card', ['P 0x10 a Binary mmc0 0x4000'], 'a (0x10): invalid address 0x4000 (min=0x4400)'],
    [
      'inside the first erase group of an eMMC',
      ['P 0x10 a Binary mmc1 0x4400'],
      'a (0x10): invalid address 0x4400 (min=0x80000)',
    ],
    ['behind the end', ['P 0x10 a Binary mmc0 0x4000000'], 'a (0x10): invalid address 0x4000000 (max=0x3ffba00)'],
    [
      'half an erase group',
      ['P 0x10 a Binary mmc1 0x80200'],
      'a (0x10): not aligned address : 0x80200 on erase size 0x80000',
    ],
    ['below DRAM', ['P 0x10 a Binary ram0 0x80000000'], 'a (0x10): invalid address 0x80000000 (min=0xc0000000)'],
    [
      'another MTD partition',
      ['P 0x04 fsbl1 Binary nor0 0x0'],
      'fsbl1 (0x4): Bad size for partition 1 (fsbl1) at 0x0 = 0x1000000 <> 0x40000 expected',
    ],
    [
      'one MTD partition too many',
      [...NOR, 'P 0x11 more Binary nor0 0xA00000'],
      'user (0x10): Bad size for partition 8 (nor_user) at 0x9c0000 = 0x40000 <> 0x640000 expected',
    ],
    [
      'a partial update of a blank card',
      ['P 0x10 a Binary mmc0 0x4400', '- 0x11 b Binary mmc0 0x44400'],
      "a (0x10):Couldn't find part 2 on device mmc 0",
    ],
    [
      'a partition table that cannot be written',
      ['P 0x10 a;b Binary mmc0 0x4400'],
      'GPT partitionning fail: gpt write mmc 0 "name=a;b,start=0x4400,size=0x3ff7600,type=8DA63339-0007-60C0-C436-083AC8230908;"',
    ],
  ])('refuses %s', async (_, rows, text) => {
    expect(await refusal(rows)).toBe(text);
  });

  test.each([
    [
      'rows in order of id, not of file or place',
      ['P 0x12 b Binary mmc0 0x4400', 'P 0x10 a Binary mmc0 0x44400'],
      '@a/0x10/1*63Me @b/0x12/1*256Ke',
    ],
    [
      'unselected and empty rows as readable only',
      ['- 0x10 a Binary ram0 0xC0000000', 'PE 0x11 b Binary ram0 0xC0000400'],
      '@a/0x10/1*1024Ba @b/0x11/1*511Ma',
    ],
    ['none rows not at all', ['- 0x01 x Binary none 0x0', 'P 0x10 sd RawImage mmc0 0x0'], '@sd/0x10/1*64Me'],
    [
      'RawImage wherever its offset says',
      ['P 0x10 a Binary mmc0 0x4400', 'P 0x11 sd RawImage mmc0 0x8800'],
      '@a/0x10/1*17Ke @sd/0x11/1*64Me',
    ],
    [
      'boot partitions in front of the others',
      ['P 0x04 f Binary mmc1 boot1', 'P 0x05 g Binary mmc1 boot2', 'P 0x10 u FileSystem mmc1 0x80000'],
      '@f/0x04/1*4Me @g/0x05/1*4Me @u/0x10/1*63Me',
    ],
    ['boot1 on a card, as nothing', ['P 0x10 a Binary mmc0 boot1'], '@a/0x10/1*0Be'],
    [
      'the MTD partitions of the device tree',
      NOR,
      '@fsbl1/0x04/1*256Ke @fsbl2/0x05/1*256Ke @md1/0x06/1*512Ke @md2/0x07/1*256Ke @fip-a/0x08/1*4Me @fip-b/0x09/1*4Me @env/0x0a/1*512Ke @user/0x10/1*6Me',
    ],
    [
      'a name that fills its 31 bytes',
      ['P 0x10 aaaaaaaaaaaaaaaa Binary ram0 0xDFFFFFFF'],
      '@aaaaaaaaaaaaaaaa/0x10/1*1Be',
    ],
  ])('shows %s', async (_, rows, names) => {
    expect(await accepted(rows)).toBe(names);
  });

  test('shows gibibytes from a size above one', async () => {
    expect(await accepted(['P 0x10 sd RawImage mmc0 0x0'], new RawHost({ device: { sd: '3G' } }))).toBe(
      '@sd/0x10/1*3Ge',
    );
  });

  test('leaves an absent card out', async () => {
    const host = new RawHost();
    const card = host.hw.storage.mmc.get(0);
    if (card) card.defects.absent = true;
    expect(await refusal(['P 0x10 a Binary mmc0 0x4400'], host)).toBe('mmc device 0 not found');
  });

  test('a row hidden by a none row of the same id leaves an alternate without name', async () => {
    const host = new RawHost();
    await host.flashLayout(layout('- 0x10 x Binary none 0x0', 'P 0x10 a Binary mmc0 0x4400'));
    expect(await host.alternates()).toEqual(['@virtual/0xf1/1*512Be', '@OTP/0xf2/1*776Be', '@PMIC/0xf4/1*8Be']);
    expect((await host.phase()).phase).toBe(0xfe);
  });

  test('a blank in a name leaves the board without alternates: the next request for one kills it', async () => {
    const host = new RawHost();
    await host.flashLayout(layout('P 0x10 NAME Binary mmc0 0x4400').replace('NAME', 'a b'));
    expect(await host.alternates()).toEqual([]);
    expect(await host.state()).toBe('2/0');
    expect(await host.upload(0)).toBe('gone');
    expect(await host.end).toBe('crash');
  });

  test('an error text that runs over what lies behind it kills the board at the next transaction', async () => {
    const host = new RawHost();
    const rows = [0, 1, 2, 3].map((n) => `P 0x1${n} a;${n} Binary mmc0 0x${(0x4400 + n * 0x200).toString(16)}`);
    await host.flashLayout(layout(...rows));
    await host.select(/^@virtual/);
    expect(await host.upload(0, 512)).toBe('gone');
    expect(await host.end).toBe('crash');
  });
});

describe('a partial update', () => {
  const FULL = ['P 0x10 a Binary mmc0 0x4400', 'P 0x11 b System mmc0 0x44400'];

  /** The second session on the card that the first one wrote. */
  async function afterFullUpdate(): Promise<RawHost> {
    const first = new RawHost();
    await first.flashLayout(layout(...FULL));
    await first.flash(0x10, pattern(5000));
    await first.flash(0x11, pattern(5000, 2));
    expect(await first.finish()).toBe('prompt');
    return new RawHost({ hw: { storage: first.hw.storage } });
  }

  test('keeps the table and what is not selected', async () => {
    const host = await afterFullUpdate();
    const table = host.hw.storage.mmc.get(0)?.read(0, 0, 34 * 512);
    await host.flashLayout(layout('- 0x10 a Binary mmc0 0x4400', 'P 0x11 b System mmc0 0x44400'));
    expect(await host.alternates()).toEqual(expect.arrayContaining(['@a/0x10/1*256Ka', '@b/0x11/1*63Me']));
    expect((await host.phase()).phase).toBe(0x11);
    await host.flash(0x11, pattern(700, 3));
    expect((await host.phase()).phase).toBe(0xfe);
    const card = host.hw.storage.mmc.get(0);
    expect(card?.read(0, 0, 34 * 512)).toEqual(table);
    expect(card?.read(0, 0x4400, 5000)).toEqual(pattern(5000));
    expect(card?.read(0, 0x44400, 700)).toEqual(pattern(700, 3));
  });

  test.each([
    [
      ['- 0x10 a Binary mmc0 0x4400', 'P 0x11 b System mmc0 0x54400'],
      'a (0x10): Bad size for partition 1 (a) at 0x4400 = 0x50000 <> 0x40000 expected',
    ],
    [
      ['P 0x10 a Binary mmc0 0x4600', '- 0x11 b System mmc0 0x44400'],
      'a (0x10): Bad address for partition 1 (a) = 0x4600 <> 0x4400 expected',
    ],
    [
      [...FULL, '- 0x12 c Binary mmc0 0x84400'],
      'b (0x11): Bad size for partition 2 (b) at 0x44400 = 0x40000 <> 0x3fb7600 expected',
    ],
  ])('must fit the table that is there', async (rows, text) => {
    expect(await refusal(rows, await afterFullUpdate())).toBe(text);
  });

  test('finds the backup table when the primary is damaged', async () => {
    const host = await afterFullUpdate();
    host.hw.storage.mmc.get(0)?.write(0, 512, new Uint8Array(512));
    await host.flashLayout(layout('- 0x10 a Binary mmc0 0x4400', 'P 0x11 b System mmc0 0x44400'));
    expect((await host.phase()).phase).toBe(0x11);
  });
});
