import { describe, expect, test } from 'vitest';
import type { BoardSettings } from '../../src/simulator/hardware.ts';
import type { Family } from '../../src/stm32/chips.ts';
import { bench } from './flash.ts';
import { fsbl } from './images.ts';

const romOf = (name: string, settings: Partial<BoardSettings> = {}) => bench(name, { settings });

const BOARDS: readonly { name: string; family: Family; alternate: number; virtual: number }[] = [
  { name: 'stm32mp157c-dk2', family: 'mp15', alternate: 1, virtual: 5 },
  { name: 'stm32mp135f-dk', family: 'mp13', alternate: 0, virtual: 1 },
  { name: 'stm32mp215f-dk', family: 'mp21', alternate: 0, virtual: 1 },
  { name: 'stm32mp235f-dk', family: 'mp23', alternate: 0, virtual: 1 },
  { name: 'stm32mp257f-ev1', family: 'mp25', alternate: 0, virtual: 1 },
];

describe('the ROM introduces itself', () => {
  test.each([
    ['stm32mp157c-dk2', '0x500, @Revision ID /0x0000'],
    ['stm32mp135f-dk', '0x501, @Revision ID /0x1003'],
    ['stm32mp215f-dk', '0x503, @Revision ID /0x2000'],
    ['stm32mp235f-dk', '0x505, @Revision ID /0x2000'],
    ['stm32mp257f-ev1', '0x505, @Revision ID /0x2000'],
  ])('with device and revision: %s', async (name, ids) => {
    const { host } = await romOf(name);
    expect(await host.string(1)).toBe('STMicroelectronics');
    expect(await host.string(2)).toBe(`DFU in HS Mode @Device ID /${ids}`);
    expect(await host.string(3)).toBe('003A00273338510338303334');
  });

  test('with its device descriptor and a transfer size of 1024', async () => {
    const { host } = await romOf('stm32mp135f-dk');
    expect(await host.in(0x80, 6, 0x0100, 18)).toBe('120100020000004083 0411df00020102 0301'.replaceAll(' ', ''));
    expect(await host.in(0x80, 6, 0x0200, 255)).toBe(
      ['09022400010102c032', '0904000000fe010206', '0904000100fe010207', '09210bff0000041001'].join(''),
    );
    expect(await host.in(0x81, 6, 0x2100, 9)).toBe('09210bff0000041001');
  });

  test.each([
    ['stm32mp157c-dk2', 6, '@Partition0 /0x00/1*256Ke'],
    ['stm32mp157c-dk2', 7, '@FSBL /0x01/1*1Me'],
    ['stm32mp157c-dk2', 11, '@virtual /0xF1/1*512Ba'],
    ['stm32mp157c-dk2', 12, 'usb/stall'],
    ['stm32mp135f-dk', 6, '@FSBL /0x01/1*128Ke'],
    ['stm32mp135f-dk', 7, '@virtual /0xF1/1*512Ba'],
    ['stm32mp135f-dk', 8, 'usb/stall'],
    ['stm32mp257f-ev1', 6, '@FSBL /0x01/1*256Ke'],
    ['stm32mp235f-dk', 6, '@FSBL /0x01/1*256Ke'],
    ['stm32mp215f-dk', 7, '@virtual /0xF1/1*512Ba'],
  ])('%s: string %i is %s', async (name, index, text) => {
    const { host } = await romOf(name);
    expect(await host.string(index)).toBe(text);
  });
});

describe.each(BOARDS)('the ROM of $family', ({ name, family, alternate, virtual }) => {
  test('takes an FSBL with its own header and says 5, then 7', async () => {
    const { host } = await romOf(name);
    await host.select(alternate);
    expect(await host.download(0, fsbl(family).subarray(0, 1024))).toBe('ok');
    expect(await host.getStatus()).toBe('000100000500');
    await host.abort();
    expect(await host.send(alternate, fsbl(family))).toBe('000100000700');
  });

  test.each(BOARDS.filter((other) => other.family !== family && !(family > 'mp21' && other.family > 'mp21')))(
    'refuses an FSBL of $family with errUNKNOWN',
    async (other) => {
      const { host, board } = await romOf(name);
      expect(await host.send(alternate, fsbl(other.family))).toBe('000100000700');
      expect(await host.getStatus()).toBe('0e0000000a00');
      expect(board.stage).toBe('rom');
    },
  );

  test('asks for phase 1 before', async () => {
    const { host } = await romOf(name);
    expect(await host.getPhase(virtual)).toBe('01ffffffff00000000');
  });
});

const damaged = (change: (image: Uint8Array) => void) => {
  const image = fsbl('mp15');
  change(image);
  return image;
};

describe('the ROM refuses', () => {
  test.each([
    ['another magic', damaged((image) => image.set([0x7f], 0))],
    ['a wrong checksum', damaged((image) => image.set([(image[400] as number) ^ 1], 400))],
    ['a payload that is cut', fsbl('mp15').subarray(0, 2000)],
    ['a header alone', fsbl('mp15', 0)],
    ['more than 247 KiB', fsbl('mp15', 247 * 1024 + 1)],
    ['less than a header', new Uint8Array(100)],
  ])('%s, and takes a good one afterwards', async (_, image) => {
    const { host, board } = await romOf('stm32mp157c-dk2');
    expect(await host.send(1, image)).toBe('000100000700');
    expect(await host.getStatus()).toBe('0e0000000a00');
    expect(await host.clearStatus()).toBe('ok');
    expect(await host.send(1, fsbl('mp15'))).toBe('000100000700');
    await host.getState();
    expect(board.stage).toBe('tfa');
  });

  test('a download to an alternate setting that is not for the FSBL', async () => {
    const { host } = await romOf('stm32mp157c-dk2');
    await host.select(3);
    expect(await host.download(0, new Uint8Array(64))).toBe('usb/stall');
  });
});

describe('after the FSBL', () => {
  test('STM32MP15 keeps its address, is silent for a while, and answers as TF-A', async () => {
    const { host, board, clock } = await romOf('stm32mp157c-dk2');
    const [before] = await host.bus.list();
    await host.send(1, fsbl('mp15'));
    const start = clock.now();
    expect(await host.getState()).toBe('02');
    expect(clock.now() - start).toBeGreaterThanOrEqual(board.settings.romToTfaMs);
    expect(await host.bus.list()).toEqual([before]);
    expect(await host.string(2)).toBe('DFU @Device ID /0x500, @Revision ID /0x2001, @Name /STM32MP157CAC Rev.Z,');
    expect(await host.string(7)).toBe('@FSBL /0x01/1*1Me');
  });

  test.each(BOARDS.filter(({ family }) => family !== 'mp15'))(
    '$family waits for a DETACH, leaves the bus and comes back as TF-A',
    async ({ name, family, alternate, virtual }) => {
      const { host, board } = await romOf(name);
      await host.send(alternate, fsbl(family));
      expect(await host.getStatus()).toBe('000000000200');
      expect(await host.getPhase(virtual)).toBe('00ffffffff0000000001');
      expect(board.stage).toBe('rom');
      expect(await host.detach()).toBe('ok');
      await host.bus.waitForChange(1_000);
      expect(await host.isListed()).toBe(false);
      await host.open();
      expect(await host.string(2)).toContain('DFU @Device ID');
      expect(board.stage).toBe('tfa');
    },
  );

  test('a DETACH with the direction bit set counts as well', async () => {
    const { host } = await romOf('stm32mp135f-dk');
    await host.send(0, fsbl('mp13'));
    await host.getStatus();
    expect(await host.in(0xa1, 0, 0x7530, 0)).toBe('');
    await host.bus.waitForChange(1_000);
    expect(await host.isListed()).toBe(false);
  });

  test('a DETACH before the FSBL changes nothing', async () => {
    const { host, board } = await romOf('stm32mp135f-dk');
    expect(await host.detach()).toBe('ok');
    expect(await host.getState()).toBe('02');
    expect(board.stage).toBe('rom');
  });

  test('or, where the settings say so, starts the ROM over', async () => {
    const { host, board } = await romOf('stm32mp135f-dk', { romEarlyDetach: 'restart' });
    const [before] = await host.bus.list();
    expect(await host.detach()).toBe('ok');
    await host.bus.waitForChange(1_000);
    expect(await host.isListed()).toBe(false);
    await host.open();
    expect((await host.bus.list())[0]?.key).not.toBe(before?.key);
    expect(board.stage).toBe('rom');
    expect(await host.send(0, fsbl('mp13'))).toBe('000100000700');
  });
});

describe('what is not verified about a ROM can be set', () => {
  test('its alternate settings', async () => {
    const romAlternates = [{ name: '@FSBL /0x01/1*512Ke', phase: 1 }];
    const { host } = await romOf('stm32mp215f-dk', { romAlternates });
    expect(await host.string(6)).toBe('@FSBL /0x01/1*512Ke');
    expect(await host.string(7)).toBe('usb/stall');
  });

  test('the largest FSBL', async () => {
    const { host } = await romOf('stm32mp215f-dk', { fsblLimit: 2000 });
    expect(await host.send(0, fsbl('mp21', 2001))).toBe('000100000700');
    expect(await host.getStatus()).toBe('0e0000000a00');
    await host.clearStatus();
    expect(await host.send(0, fsbl('mp21', 2000))).toBe('000100000700');
    expect(await host.getStatus()).toBe('000000000200');
  });

  test('its answer to GetPhase after the FSBL', async () => {
    const changed = { romDonePhase: 0, romDoneAddress: 0x2ffe0000 };
    for (const [romNeedDetach, reply] of [
      [true, '000000fe2f0000000001'],
      [false, '000000fe2f00000000'],
    ] as const) {
      const { host } = await romOf('stm32mp135f-dk', { ...changed, romNeedDetach });
      await host.send(0, fsbl('mp13'));
      await host.getStatus();
      expect(await host.getPhase(1)).toBe(reply);
    }
  });

  test('its functional descriptor', async () => {
    const { host } = await romOf('stm32mp135f-dk', { romAttributes: 0x0f, romDetachTimeoutMs: 1000 });
    expect(await host.in(0x81, 6, 0x2100, 9)).toBe('09210fe80300041001');
  });

  test('whether it takes a second FSBL after one that it refused', async () => {
    const { host, board } = await romOf('stm32mp135f-dk', { romRewinds: false });
    expect(await host.send(0, fsbl('mp15'))).toBe('000100000700');
    expect(await host.getStatus()).toBe('0e0000000a00');
    await host.clearStatus();
    expect(await host.send(0, fsbl('mp13'))).toBe('000100000700');
    expect(await host.getStatus()).toBe('0e0000000a00');
    expect(board.stage).toBe('rom');
  });

  test('its answer to GetPhase', async () => {
    const { host } = await romOf('stm32mp135f-dk', { romPhase: 0, romAddress: 0x2ffe0000 });
    expect(await host.getPhase(1)).toBe('000000fe2f00000000');
  });
});
