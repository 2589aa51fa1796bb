import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import { encodeFip } from '../../src/image/fip.ts';
import { type Bench, follow, tfaBench } from './flash.ts';
import { ddrFip, fip, pattern, withStm32Header } from './images.ts';

const errorReply = (text: string) => `ffffffffff00000000${toHex(new TextEncoder().encode(text))}`;

/** A configuration descriptor of TF-A with that many alternate settings; only the functional descriptor differs from the ROM's. */
function configuration(alternates: number): string {
  const interfaces = Array.from({ length: alternates }, (_, n) =>
    toHex(Uint8Array.of(9, 4, 0, n, 0, 0xfe, 1, 2, 6 + n)),
  );
  const total = toHex(Uint8Array.of(18 + 9 * alternates));
  return [`0902${total}00010102c032`, ...interfaces, '09210fff0000041001'].join('');
}

describe('TF-A introduces itself', () => {
  const MP15 = ['Partition0 /0x00/1*256Ke', 'FSBL /0x01/1*1Me', 'Partition2 /0x02/1*1Me', 'Partition3 /0x03/1*16Me'];
  const MP2 = ['DDR FIP /0x02/1*32Ke', 'FIP /0x03/1*16Me'];
  test.each([
    [
      'stm32mp157c-dk2',
      '0x500, @Revision ID /0x2001, @Name /STM32MP157CAC Rev.Z,',
      [...MP15, 'Partition4 /0x04/1*16Me'],
    ],
    ['stm32mp135f-dk', '0x501, @Revision ID /0x1003, @Name /STM32MP135F Rev.Y,', ['SSBL /0x03/1*16Me']],
    ['stm32mp215f-dk', '0x503, @Revision ID /0x0008, @Name /STM32MP215FAN Rev.A,', MP2],
    ['stm32mp235f-dk', '0x505, @Revision ID /0x0011, @Name /STM32MP235FAK Rev.Y,', MP2],
    ['stm32mp257f-ev1', '0x505, @Revision ID /0x0011, @Name /STM32MP257FAI Rev.Y,', MP2],
  ])('on %s', async (name, ids, alternates) => {
    const { host } = await tfaBench(name);
    expect(await host.in(0x80, 6, 0x0100, 18)).toBe('12010002000000408304' + '11df00020102' + '0301');
    expect(await host.in(0x80, 6, 0x0200, 255)).toBe(configuration(alternates.length + 1));
    expect(await host.string(1)).toBe('STMicroelectronics');
    expect(await host.string(2)).toBe(`DFU @Device ID /${ids}`);
    expect(await host.string(3)).toBe('003A00273338510338303334');
    for (const [index, text] of [...alternates, 'virtual /0xF1/1*512Ba'].entries()) {
      expect(await host.string(6 + index)).toBe(`@${text}`);
    }
    expect(await host.string(7 + alternates.length)).toBe('usb/stall');
  });
});

describe('TF-A takes a FIP', () => {
  test('with dfuDNLOAD-SYNC at the first GETSTATUS, dfuDNLOAD-IDLE at the second', async () => {
    const { host } = await tfaBench('stm32mp157c-dk2');
    await host.select(3);
    expect(await host.download(0, pattern(1024))).toBe('ok');
    expect(await host.getStatus()).toBe('000000000300');
    expect(await host.getStatus()).toBe('000000000500');
    expect(await host.getStatus()).toBe('000000000500');
  });

  test('and shows where the next byte goes', async () => {
    const { host } = await tfaBench('stm32mp157c-dk2');
    expect(await host.getPhase(5)).toBe('03000000c700000000');
    await host.select(3);
    await host.download(0, pattern(1024));
    await host.abort();
    expect(await host.getPhase(5)).toBe('03000400c700000000');
  });

  test.each([
    ['stm32mp157c-dk2', 3, 5],
    ['stm32mp135f-dk', 0, 1],
  ])('on %s, then asks for a DETACH and U-Boot comes', async (name, alternate, virtual) => {
    const { host, board } = await tfaBench(name);
    expect(await host.send(alternate, fip)).toBe('000100000700');
    expect(await host.getStatus()).toBe('000000000200');
    expect(await host.getPhase(virtual)).toBe('00ffffffff0000000001');
    await follow({ host });
    expect(board.stage).toBe('uboot');
    expect(await host.string(2)).toContain('USB download gadget@Device ID');
  });

  test.each(['stm32mp215f-dk', 'stm32mp235f-dk', 'stm32mp257f-ev1'])(
    'on %s after the one with the DDR firmware, in a session of its own',
    async (name) => {
      const { host, board } = await tfaBench(name);
      expect(await host.getPhase(2)).toBe('020000000e00000000');
      expect(await host.string(6)).toBe('@DDR FIP /0x02/1*32Ke');
      await host.send(0, ddrFip);
      await host.getStatus();
      expect(await host.getPhase(2)).toBe('00ffffffff0000000001');
      await follow({ host });
      expect(board.stage).toBe('tfa');
      expect(await host.getPhase(2)).toBe('030000008700000000');
      await host.send(1, fip);
      await host.getStatus();
      await follow({ host });
      expect(board.stage).toBe('uboot');
    },
  );

  test('whatever the block numbers are', async () => {
    const { host } = await tfaBench('stm32mp157c-dk2');
    await host.select(3);
    expect(await host.download(77, fip.subarray(0, 1024))).toBe('ok');
  });
});

describe('TF-A refuses', () => {
  test.each(['stall', 'ack'] as const)('what is no FIP, and says so in GetPhase only (%s)', async (badFipAnswer) => {
    const { host } = await tfaBench('stm32mp135f-dk', { badFipAnswer });
    expect(await host.send(0, pattern(2048))).toBe('000100000700');
    expect(await host.getStatus()).toBe('000000000200');
    expect(await host.getPhase(1)).toBe(errorReply('FIP Header check failed for phase 0'));
  });

  test('a FIP whose serial number is 0', async () => {
    const { host } = await tfaBench('stm32mp135f-dk');
    const image = fip.slice();
    image.fill(0, 4, 8);
    await host.send(0, image);
    await host.getStatus();
    expect(await host.getPhase(1)).toBe(errorReply('FIP Header check failed for phase 0'));
  });

  test('a download to another alternate setting: stall, and phase 0xFF', async () => {
    const { host } = await tfaBench('stm32mp157c-dk2');
    await host.select(0);
    expect(await host.download(0, pattern(1024))).toBe('usb/stall');
    expect(await host.getStatus()).toBe('000000000200');
    expect(await host.getPhase(5)).toBe(errorReply('phase ID :3, alternate 0, address c7000000'));
  });

  test('an upload from another alternate setting: stall, and dfuERROR with errSTALLEDPKT', async () => {
    const { host } = await tfaBench('stm32mp157c-dk2');
    await host.select(3);
    expect(await host.upload(512)).toBe('usb/stall');
    expect(await host.getStatus()).toBe('0f0000000a00');
    await host.clearStatus();
    expect(await host.getPhase(5)).toBe(errorReply('phase ID :3, alternate 3 for phase 3'));
  });

  test('more than the DDR firmware may have, without a word', async () => {
    const { host } = await tfaBench('stm32mp257f-ev1');
    expect(await host.send(0, pattern(0xa001))).toBe('usb/stall');
    expect(await host.getPhase(2)).toBe('usb/stall');
    await host.abort();
    expect(await host.getPhase(2)).toBe('0201a0000e00000000');
  });

  test('an image that was aborted: its pointer is not rewound', async () => {
    const { host } = await tfaBench('stm32mp135f-dk');
    await host.select(0);
    await host.download(0, pattern(1024));
    await host.abort();
    await host.send(0, fip);
    await host.getStatus();
    expect(await host.getPhase(1)).toBe(errorReply('FIP Header check failed for phase 0'));
  });

  test('CLRSTATUS outside dfuERROR, which leads there', async () => {
    const { host } = await tfaBench('stm32mp157c-dk2');
    expect(await host.clearStatus()).toBe('ok');
    expect(await host.getStatus()).toBe('0e0000000a00');
    expect(await host.clearStatus()).toBe('ok');
    expect(await host.getStatus()).toBe('000000000200');
  });

  test('two blocks without a GETSTATUS in between, and an empty block before any', async () => {
    const { host } = await tfaBench('stm32mp157c-dk2');
    await host.select(3);
    expect(await host.download(0)).toBe('usb/stall');
    await host.download(0, pattern(64));
    expect(await host.download(1, pattern(64))).toBe('usb/stall');
    expect(await host.getState()).toBe('03');
  });

  test('SET_CONFIGURATION on STM32MP15, which goes on with the session of the ROM', async () => {
    const { host } = await tfaBench('stm32mp157c-dk2');
    expect(await host.out(0x00, 9, 1)).toBe('usb/stall');
    await host.device?.reset();
    expect(await host.out(0x00, 9, 1)).toBe('ok');
  });

  test('SET_CONFIGURATION there no longer once the session of the ROM was given up', async () => {
    const { host } = await tfaBench('stm32mp157c-dk2');
    expect(await host.out(0x00, 9, 0)).toBe('ok');
    expect(await host.out(0x00, 9, 1)).toBe('ok');
  });
});

describe('TF-A acknowledges', () => {
  test('once it has failed, the end of a download to an alternate setting without use', async () => {
    const { host } = await tfaBench('stm32mp157c-dk2');
    await host.select(3);
    await host.download(0, pattern(64));
    await host.getStatus();
    await host.getStatus();
    await host.select(0);
    expect(await host.download(1, pattern(64))).toBe('usb/stall');
    expect(await host.download(2)).toBe('ok');
    expect(await host.getPhase(5)).toBe('usb/stall');
    expect(await host.getStatus()).toBe('000100000700');
    expect(await host.getPhase(5)).toBe(errorReply('phase ID :3, alternate 0, address c7000040'));
  });
});

describe('TF-A answers standard requests', () => {
  test.each([
    ['GET_STATUS of the device: self-powered', 0x80, 0, 0, 2, '0100'],
    ['GET_STATUS of the interface: not known', 0x81, 0, 0, 2, 'usb/stall'],
    ['GET_CONFIGURATION: not known', 0x80, 8, 0, 1, 'usb/stall'],
    ['GET_INTERFACE', 0x81, 10, 0, 1, '00'],
    ['the device qualifier', 0x80, 6, 0x0600, 10, '0a060002000000400100'],
    ['the functional descriptor, at the interface', 0x81, 6, 0x2100, 9, '09210fff0000041001'],
    ['the functional descriptor, at the device: not known', 0x80, 6, 0x2100, 9, 'usb/stall'],
    ['any other descriptor, at the interface: nothing', 0x81, 6, 0x2200, 9, ''],
    ['a request of DFU that is not for the interface: not known', 0xa2, 3, 0, 6, 'usb/stall'],
  ])('%s', async (_, requestType, request, value, length, reply) => {
    const { host } = await tfaBench('stm32mp135f-dk');
    expect(await host.in(requestType, request, value, length)).toBe(reply);
  });
});

test('TF-A leaves the bus sooner after a DETACH than U-Boot: it serves a hundred more interrupts at the most', async () => {
  const { host, clock, board } = await tfaBench('stm32mp135f-dk');
  await host.send(0, fip);
  await host.getStatus();
  const start = clock.now();
  await host.detach();
  await host.bus.waitForChange(1_000);
  expect(await host.isListed()).toBe(false);
  expect(clock.now() - start).toBeLessThan(board.settings.detachMs);
});

describe('TF-A panics, and the board is gone,', () => {
  const ends = async ({ host, board }: Bench) => {
    await host.detach();
    await host.bus.waitForChange(1_000);
    for (let i = 0; i < 5; i += 1) await host.bus.waitForChange(10_000);
    expect(await host.isListed()).toBe(false);
    expect(board.stage).toBe('crash');
  };

  test('when it is detached before the FIP is there', async () => {
    await ends(await tfaBench('stm32mp135f-dk'));
  });

  test('when the FIP holds nothing to start', async () => {
    const tfa = await tfaBench('stm32mp135f-dk');
    await tfa.host.send(0, encodeFip([{ name: 'FW_CONFIG', data: pattern(100) }]));
    await tfa.host.getStatus();
    await ends(tfa);
  });

  test('when the FIP has a U-Boot and nothing that says where it goes', async () => {
    const tfa = await tfaBench('stm32mp135f-dk');
    await tfa.host.send(0, encodeFip([{ name: 'BL33', data: pattern(100) }]));
    await tfa.host.getStatus();
    await ends(tfa);
  });

  test('when the first FIP of an STM32MP2 has no DDR firmware', async () => {
    const tfa = await tfaBench('stm32mp257f-ev1');
    await tfa.host.send(0, fip);
    await tfa.host.getStatus();
    await ends(tfa);
  });
});

describe('TF-A of ST up to v2.4', () => {
  const layout = withStm32Header(new TextEncoder().encode('P\t0x10\tsdcard\tRawImage\tmmc0\t0x0\tsdcard.img\n'));
  const legacy = { tfaFlavour: 'legacy' } as const;

  test('asks for the FlashLayout first, at an address and without asking for a DETACH', async () => {
    const { host } = await tfaBench('stm32mp157c-dk2', legacy);
    expect(await host.getPhase(5)).toBe('00000000c000000000');
    expect(await host.send(0, layout)).toBe('000100000700');
    await host.getStatus();
    expect(await host.getPhase(5)).toBe('03000000c700000000');
  });

  test('has the product string of the ROM up to v2.2, if the settings say so', async () => {
    const { host } = await tfaBench('stm32mp157c-dk2', { ...legacy, tfaProduct: 'rom' });
    expect(await host.string(2)).toBe('DFU in HS Mode @Device ID /0x500, @Revision ID /0x0000');
    expect(await host.getPhase(5)).toBe('00000000c000000000');
  });

  test('refuses a FlashLayout without header', async () => {
    const { host } = await tfaBench('stm32mp157c-dk2', legacy);
    await host.send(0, pattern(500));
    await host.getStatus();
    expect(await host.getPhase(5)).toBe(errorReply('Header check failed for phase 0'));
  });

  test.each([
    ['u-boot.stm32', withStm32Header(pattern(4000)), true, 'sdcard'],
    ['a FIP', fip, true, 'sdcard'],
    ['u-boot.stm32', withStm32Header(pattern(4000)), false, 'FlashLayout'],
  ])('starts %s; a U-Boot that finds the layout: %s', async (_, image, ubootFindsLayout, firstAlternate) => {
    const { host, board } = await tfaBench('stm32mp157c-dk2', { ...legacy, ubootFindsLayout });
    await host.send(0, layout);
    await host.getStatus();
    expect(await host.send(3, image)).toBe('000100000700');
    expect(await host.getStatus()).toBe('000000000200');
    expect(await host.getPhase(5)).toBe('00ffffffff0000000001');
    await follow({ host });
    expect(board.stage).toBe('uboot');
    const strings = await Promise.all([4, 5, 6, 7].map((index) => host.string(index)));
    expect(strings.join(' ')).toContain(`@${firstAlternate}/`);
  });

  test('refuses an SSBL that is neither', async () => {
    const { host } = await tfaBench('stm32mp157c-dk2', legacy);
    await host.send(0, layout);
    await host.getStatus();
    await host.send(3, pattern(3000));
    await host.getStatus();
    expect(await host.getPhase(5)).toBe(errorReply('STM32 Header check failed for phase 3'));
  });
});
