import { describe, expect, test } from 'vitest';
import { isFilledWith } from '../../../src/simulator/storage/memory.ts';
import { layout, pattern, RawHost } from './raw-host.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

function card(host: RawHost, index = 0) {
  const device = host.hw.storage.mmc.get(index);
  if (!device) throw new Error(`no mmc${index}`);
  return device;
}

function chip(host: RawHost, name: string) {
  const device = host.hw.storage.mtd.get(name);
  if (!device) throw new Error(`no ${name}`);
  return device;
}

function stm32Image(payloadBytes: number): Uint8Array {
  const image = pattern(256 + payloadBytes);
  image.fill(0, 0, 256);
  const view = new DataView(image.buffer);
  view.setUint32(0, 0x324d5453, true);
  view.setUint32(72, 0x10000, true);
  view.setUint32(76, payloadBytes, true);
  return image;
}

describe('cards and eMMC', () => {
  test('the last sector is filled up with what the buffer holds from before', async () => {
    const host = new RawHost();
    await host.flashLayout(layout('P 0x10 a Binary mmc0 0x4400', 'P 0x11 b Binary mmc0 0x44400'));
    const first = pattern(5000);
    await host.flash(0x10, first);
    await host.flash(0x11, new Uint8Array(700).fill(0x59));
    const landed = card(host).read(0, 0x44400, 1024);
    expect(landed?.subarray(0, 700)).toEqual(new Uint8Array(700).fill(0x59));
    expect(landed?.subarray(700)).toEqual(first.subarray(700, 1024));
  });

  test.each([
    ['an image that fits to the byte', 256 * KIB, '2/0', 0x11],
    ['one byte more', 256 * KIB + 1, '10/14', 0xff],
  ])('%s', async (_, bytes, state, phase) => {
    const host = new RawHost();
    await host.flashLayout(layout('P 0x10 a Binary mmc0 0x4400', 'P 0x11 b Binary mmc0 0x44400'));
    expect(await host.flash(0x10, pattern(bytes))).toBe(state);
    expect((await host.phase()).phase).toBe(phase);
    if (state !== '2/0') expect(isFilledWith(card(host).read(0, 0x4400, 256 * KIB) ?? pattern(1), 0)).toBe(true);
  });

  test('the boot partition written last is the one that is booted, with ack', async () => {
    const host = new RawHost();
    await host.flashLayout(layout('P 0x04 f1 Binary mmc1 boot1', 'P 0x05 f2 Binary mmc1 boot2'));
    expect(card(host, 1).extCsd.PARTITION_CONFIG_179).toBe(0);
    await host.flash(0x04, pattern(600));
    expect(card(host, 1).extCsd.PARTITION_CONFIG_179).toBe(0x48);
    await host.flash(0x05, pattern(600, 2));
    expect(card(host, 1).extCsd.PARTITION_CONFIG_179).toBe(0x50);
    expect(card(host, 1).read(1, 0, 600)).toEqual(pattern(600));
    expect(card(host, 1).read(2, 0, 600)).toEqual(pattern(600, 2));
  });

  test('D erases partitions after the table was written, and a whole device before', async () => {
    const host = new RawHost();
    for (const mmc of [card(host), card(host, 1)]) mmc.medium(0)?.fill(0, mmc.sizeBytes, 0xee);
    card(host, 1)
      .medium(1)
      ?.fill(0, 4 * MIB, 0xee);
    await host.flashLayout(
      layout(
        'P 0x10 a Binary mmc0 0x4400',
        'PED 0x11 b Binary mmc0 0x44400',
        'P 0x12 c Binary mmc0 0x84400',
        'PED 0x20 all RawImage mmc1 0x0',
        'PED 0x21 boot Binary mmc1 boot1',
      ),
    );
    expect(card(host).read(0, 0x4400, 1)).toEqual(Uint8Array.of(0xee));
    expect(isFilledWith(card(host).read(0, 0x44400, 256 * KIB) ?? pattern(1), 0)).toBe(true);
    expect(card(host).read(0, 0x84400, 1)).toEqual(Uint8Array.of(0xee));
    expect(card(host).read(0, 512, 8)).toEqual(new TextEncoder().encode('EFI PART'));
    expect(isFilledWith(card(host, 1).read(0, 0, card(host, 1).sizeBytes) ?? pattern(1), 0)).toBe(true);
    expect(isFilledWith(card(host, 1).read(1, 0, 4 * MIB) ?? pattern(1), 0)).toBe(true);
  });

  test('a write error shows when the buffer is full, and ends the phase only on the current row', async () => {
    const host = new RawHost();
    await host.flashLayout(layout('P 0x10 a Binary mmc0 0x4400', 'P 0x11 b Binary mmc0 0x44400'));
    card(host).defects.failWriteAt = 0x44400 + 100;
    expect(await host.flash(0x11, pattern(1000))).toBe('10/14');
    expect((await host.phase()).phase).toBe(0x10);
    await host.flash(0x10, pattern(1000));
    expect(await host.flash(0x11, pattern(1000))).toBe('10/14');
    expect(await host.phase()).toMatchObject({ phase: 0xff, text: 'DFU write error' });
  });

  test('an upload gives the partition back, to its end', async () => {
    const host = new RawHost();
    await host.flashLayout(layout('P 0x10 a Binary mmc0 0x4400', 'P 0x11 b Binary mmc0 0x8000'));
    await host.flash(0x10, pattern(15_360));
    await host.select(/0x10/);
    expect(await host.uploadAll()).toEqual(pattern(15_360));
  });
});

test('a read that leaves the partition stalls, and the next block comes out of the empty buffer', async () => {
  const host = new RawHost();
  await host.flashLayout(layout('P 0x10 a Binary mmc0 0x4400', 'P 0x11 b Binary mmc0 0x8000'));
  await host.flash(0x10, pattern(15_360));
  await host.setPhase(0x10, 4096);
  await host.select(/0x10/);
  expect(await host.upload(0)).toBe('stall');
  expect(await host.upload(1)).toEqual(new Uint8Array(4096));
});

test('the FlashLayout in memory is cut up by the parser', async () => {
  const host = new RawHost();
  await host.attach();
  await host.select(/FlashLayout/);
  await host.download(new TextEncoder().encode('# a\nP\t0x10\ta\tBinary\tmmc0\t0x4400\r\nP\t0x11'));
  const text = new TextDecoder().decode((await host.upload(0)) as Uint8Array);
  expect(text.slice(0, 42)).toBe(
    '# a\nP\u00000x10\u0000a\u0000Binary\u0000mmc0\u00000x4400\u0000\u0000P\u00000x11\u0000\u0000\u0000',
  );
});

describe('flash chips', () => {
  const NAND = ['P 0x04 fsbl Binary(2) nand0 0x0', 'P 0x08 fip FIP nand0 0x200000', 'P 0x09 fip2 FIP nand0 0x600000'];
  const UBI = 'P 0x10 ubi System nand0 0xA00000';
  const BLOCK = 128 * KIB;

  async function nand(prepare: (host: RawHost) => void = () => undefined): Promise<RawHost> {
    const host = new RawHost();
    prepare(host);
    await host.flashLayout(layout(...NAND, UBI));
    return host;
  }

  test('Binary(N) lands N times, in erase blocks of its own', async () => {
    const host = await nand();
    const image = stm32Image(150_000);
    expect(await host.flash(0x04, image)).toBe('2/0');
    expect(chip(host, 'nand0').read(0, image.length)).toEqual(image);
    expect(chip(host, 'nand0').read(2 * BLOCK, image.length)).toEqual(image);
    expect((await host.phase()).phase).toBe(0x08);
  });

  test('Binary(N) without a header is written once, and refused', async () => {
    const host = await nand();
    expect(await host.flash(0x04, pattern(1000))).toBe('2/0');
    expect(await host.phase()).toMatchObject({ phase: 0xff, text: 'fsbl (0x4): copy of fsbl failed' });
  });

  test('bad blocks are stepped over, copies included', async () => {
    const host = await nand((board) => [1, 16].map((block) => chip(board, 'nand0').markBad(block * BLOCK)));
    const boot = stm32Image(1000);
    await host.flash(0x04, boot);
    expect(chip(host, 'nand0').read(0, boot.length)).toEqual(boot);
    expect(chip(host, 'nand0').read(2 * BLOCK, boot.length)).toEqual(boot);
    const image = pattern(200_000);
    await host.flash(0x08, image);
    expect(chip(host, 'nand0').read(17 * BLOCK, image.length)).toEqual(image);
    await host.select(/0x08/);
    expect((await host.uploadAll()).subarray(0, image.length)).toEqual(image);
  });

  test('a block that wears out is marked and stepped over', async () => {
    const host = await nand((board) => chip(board, 'nand0').defects.wornBlocks.add(17));
    const image = pattern(200_000);
    expect(await host.flash(0x08, image)).toBe('2/0');
    expect(chip(host, 'nand0').badBlocks).toEqual([17]);
    expect(chip(host, 'nand0').read(16 * BLOCK, BLOCK)).toEqual(image.subarray(0, BLOCK));
    expect(chip(host, 'nand0').read(18 * BLOCK, image.length - BLOCK)).toEqual(image.subarray(BLOCK));
  });

  test('an image that fits only without the bad blocks is refused near its end', async () => {
    const host = await nand((board) => chip(board, 'nand0').markBad(20 * BLOCK));
    expect(await host.flash(0x08, pattern(4 * MIB))).toBe('10/14');
  });

  test('UBI: what lies behind the image is erased', async () => {
    const host = await nand();
    chip(host, 'nand0').medium.fill(0xa00000, 20 * BLOCK, 0);
    const image = pattern(BLOCK + 5000);
    await host.flash(0x10, image);
    expect(chip(host, 'nand0').read(0xa00000, image.length)).toEqual(image);
    expect(isFilledWith(chip(host, 'nand0').read(0xa00000 + image.length, 19 * BLOCK - 5000), 0xff)).toBe(true);
  });

  test('UBI: whole pages of FF are left out; a part of one kills U-Boot', async () => {
    const host = await nand();
    const pages = new Uint8Array(BLOCK + 4096).fill(0xff);
    expect(await host.flash(0x10, pages)).toBe('2/0');
    await host.phase();
    await host.select(/0x10/);
    await host.dnload(0, pages.subarray(0, 100));
    await host.state();
    await host.dnload(1, new Uint8Array(0));
    expect(await host.state()).toBe('gone');
    expect(await host.end).toBe('crash');
  });

  test('D erases the partition, not more', async () => {
    const host = new RawHost();
    chip(host, 'nand0').medium.fill(0, 16 * MIB, 0);
    await host.flashLayout(layout(...NAND, UBI).replace('P\t0x08', 'PED\t0x08'));
    expect(isFilledWith(chip(host, 'nand0').read(2 * MIB, 4 * MIB), 0xff)).toBe(true);
    expect(chip(host, 'nand0').read(2 * MIB - 1, 1)).toEqual(Uint8Array.of(0));
    expect(chip(host, 'nand0').read(6 * MIB, 1)).toEqual(Uint8Array.of(0));
  });

  test('an offset that is no erase block loses the data silently', async () => {
    const host = await nand();
    await host.setPhase(0x08, 0x800);
    expect(await host.flash(0x08, pattern(1000))).toBe('2/0');
    expect(isFilledWith(chip(host, 'nand0').read(2 * MIB, MIB), 0xff)).toBe(true);
  });

  test('NOR: an image that is too large is refused with the first block behind the partition', async () => {
    const host = new RawHost();
    await host.flashLayout(
      layout(
        'P 0x04 fsbl1 Binary nor0 0x0',
        ...[
          '- 5 b Binary nor0 0x40000',
          '- 6 c Binary nor0 0x80000',
          '- 7 d Binary nor0 0x100000',
          '- 8 e FIP nor0 0x140000',
        ],
        ...['- 9 f FIP nor0 0x540000', '- 10 g ENV nor0 0x940000', '- 11 h Binary nor0 0x9C0000'],
      ),
    );
    expect(await host.flash(0x04, pattern(256 * KIB))).toBe('2/0');
    await host.setPhase(0x04, 0);
    await host.select(/0x04/);
    let block = 0;
    for (; block < 100; block += 1) {
      await host.dnload(block, pattern(4096));
      if ((await host.state()) !== '5/0') break;
    }
    // Four erase blocks of 64 KiB fit; the fifth is full with block 79.
    expect(block).toBe(79);
    expect((await host.phase()).text).toBe('DFU write error');
  });

  test('an upload announces the chip and ends with the partition', async () => {
    const host = await nand();
    await host.flash(0x04, stm32Image(1000));
    await host.select(/0x04/);
    expect(await host.uploadAll()).toHaveLength(2 * MIB);
  });
});

describe('memory', () => {
  test('what is loaded can be read back', async () => {
    const host = new RawHost();
    await host.flashLayout(layout('P 0x10 a Binary ram0 0xC8000000', 'P 0x11 b Binary ram0 0xC8004000'));
    await host.flash(0x10, pattern(9000));
    await host.select(/0x10/);
    const read = await host.uploadAll();
    expect(read).toHaveLength(0x4000);
    expect(read.subarray(0, 9000)).toEqual(pattern(9000));
  });

  test('beyond its end is a data abort', async () => {
    const host = new RawHost();
    await host.flashLayout(layout('P 0x10 a Binary ram0 0xDFFFF000'));
    expect(await host.flash(0x10, pattern(9000))).toBe('gone');
    expect(await host.end).toBe('crash');
  });
});

describe('OTP and PMIC', () => {
  const ROW = layout('- 0x01 x Binary none 0x0');

  /** The TA's structure with one word to burn. */
  function burn(word: number, value: number, status = 0x8000_0000): Uint8Array {
    const structure = new Uint8Array(776);
    const view = new DataView(structure.buffer);
    view.setUint32(0, 2, true);
    view.setUint32(8 + 8 * word, value, true);
    view.setUint32(12 + 8 * word, status, true);
    return structure;
  }

  async function word(host: RawHost, index: number): Promise<string> {
    await host.select(/^@OTP/);
    const reply = await host.upload(0);
    if (!(reply instanceof Uint8Array)) throw new Error(`OTP: ${reply}`);
    const view = new DataView(reply.buffer, reply.byteOffset);
    return `${view.getUint32(8 + 8 * index, true).toString(16)} ${view.getUint32(12 + 8 * index, true).toString(16)}`;
  }

  async function program(host: RawHost, structure: Uint8Array): Promise<string> {
    await host.select(/^@OTP/);
    return host.download(structure);
  }

  test('fuses only go from 0 to 1', async () => {
    const host = new RawHost();
    await host.flashLayout(ROW);
    expect(await program(host, burn(60, 0xf0))).toBe('2/0');
    expect(await word(host, 60)).toBe('f0 0');
    expect(await program(host, burn(60, 0x0f))).toBe('2/0');
    expect(await word(host, 60)).toBe('ff 0');
    expect(await host.phase()).toMatchObject({ phase: 0xff, text: 'OTP write issue -5' });
  });

  test('a locked word stays', async () => {
    const host = new RawHost();
    await host.flashLayout(ROW);
    await program(host, burn(60, 1, 0xc000_0000));
    expect(await word(host, 60)).toBe('1 40000000');
    await program(host, burn(60, 3));
    expect(await word(host, 60)).toBe('1 40000000');
    expect((await host.phase()).text).toBe('OTP write issue -5');
  });

  test('words without the update bit, and another version, burn nothing', async () => {
    const host = new RawHost();
    await host.flashLayout(ROW);
    await program(host, burn(60, 7, 0));
    expect(await word(host, 60)).toBe('0 0');
    const other = burn(60, 7);
    other[0] = 1;
    await program(host, other);
    expect(await word(host, 60)).toBe('0 0');
    expect((await host.phase()).text).toBe('OTP write issue -5');
  });

  test('the PMIC keeps its 8 bytes', async () => {
    const host = new RawHost();
    await host.flashLayout(ROW);
    await host.select(/^@PMIC/);
    expect(await host.uploadAll()).toHaveLength(8);
    await host.select(/^@PMIC/);
    expect(await host.download(pattern(8))).toBe('2/0');
    expect(host.hw.storage.pmic.read()).toEqual(pattern(8));
  });

  test('another PMIC than the STPMIC1 is not supported', async () => {
    const { hw } = new RawHost();
    const host = new RawHost({ hw: { chip: { ...hw.chip, family: 'mp25' } } });
    await host.flashLayout(ROW);
    await host.select(/^@PMIC/);
    expect(await host.upload(0)).toBe('stall');
    expect((await host.phase()).text).toBe('PMIC update not supported');
  });
});
