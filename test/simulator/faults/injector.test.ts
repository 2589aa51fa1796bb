import { describe, expect, test } from 'vitest';
import { toHex } from '../../../src/base/bytes.ts';
import type { Clock } from '../../../src/base/clock.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { SimulatedBoard } from '../../../src/simulator/board.ts';
import { parseFault } from '../../../src/simulator/faults/parse.ts';
import { boardProfile } from '../../../src/simulator/profiles.ts';
import { DfuHost } from '../dfu-host.ts';
import { type Bench, bench, bootToUboot, follow, sendImage, sendLayout } from '../flash.ts';
import { fsbl, pattern } from '../images.ts';

const RAW = 'P\t0x10\tsdcard\tRawImage\tmmc0\t0x0\n';
const BLOCK = 4096;

async function secondEnumeration(...faults: string[]): Promise<Bench> {
  const at = await bench('stm32mp157c-dk2', { faults });
  await bootToUboot(at);
  await sendLayout(at, RAW);
  return at;
}

async function ever(at: Bench): Promise<boolean> {
  for (let i = 0; i < 10; i += 1) {
    if (await at.host.isListed()) return true;
    await at.host.bus.waitForChange(30_000);
  }
  return false;
}

describe('faults at a point', () => {
  test('unplug: the transfer that carries the byte never completes, and the firmware never sees it', async () => {
    const at = await secondEnumeration('unplug at phase 0x10 byte 10000');
    await at.host.select(0);
    expect(await at.host.download(0, pattern(BLOCK))).toBe('ok');
    await at.host.getStatus();
    expect(await at.host.download(1, pattern(BLOCK))).toBe('ok');
    await at.host.getStatus();
    expect(await at.host.download(2, pattern(BLOCK))).toBe('usb/gone');
    expect(await ever(at)).toBe(false);
    expect(at.board.stage).toBe('uboot');
  });

  test('unplug for a while: the board comes back where it was, and its download goes on (FINDINGS trap 5)', async () => {
    const at = await secondEnumeration('unplug for 3000 at phase 0x10 block 1');
    await at.host.select(0);
    await at.host.download(0, pattern(BLOCK, 1));
    await at.host.getStatus();
    expect(await at.host.download(1, pattern(BLOCK, 2))).toBe('usb/gone');
    await at.host.open();
    await at.host.select(0);
    expect(await at.host.download(1, pattern(BLOCK, 2))).toBe('ok');
    await at.host.getStatus();
    await at.host.download(2);
    await at.host.getStatus();
    await at.host.getStatus();
    expect(at.board.storage.mmc.get(0)?.read(0, BLOCK, BLOCK)).toEqual(pattern(BLOCK, 2));
  });

  test('unplug-behind: the firmware has taken the block whose answer is lost', async () => {
    const at = await secondEnumeration('unplug-behind for 3000 at phase 0x10 block 1');
    await at.host.select(0);
    await at.host.download(0, pattern(BLOCK, 1));
    await at.host.getStatus();
    expect(await at.host.download(1, pattern(BLOCK, 2))).toBe('usb/gone');
    await at.host.open();
    await at.host.select(0);
    expect(await at.host.download(2, pattern(BLOCK, 3))).toBe('ok');
    expect(await at.host.getStatus()).toBe('000000000500');
  });

  test('at the end of a phase: the zero-length block', async () => {
    const at = await secondEnumeration('unplug at phase 0x10 end');
    await at.host.select(0);
    await at.host.download(0, pattern(BLOCK));
    expect(await at.host.getStatus()).toBe('000000000500');
    expect(await at.host.download(1)).toBe('usb/gone');
  });

  test('power-cycle: the board leaves, and its ROM comes', async () => {
    const at = await secondEnumeration('power-cycle for 2000 at phase 0x10 block 0');
    await at.host.select(0);
    const start = at.clock.now();
    expect(await at.host.download(0, pattern(BLOCK))).toBe('usb/gone');
    expect(at.board.stage).toBe('off');
    await at.host.open();
    expect(at.board.stage).toBe('rom');
    expect(at.clock.now() - start).toBeGreaterThanOrEqual(2000);
  });

  test('stall: that request only', async () => {
    const at = await secondEnumeration('stall at phase 0x10 block 1');
    await at.host.select(0);
    expect(await at.host.download(0, pattern(BLOCK))).toBe('ok');
    await at.host.getStatus();
    expect(await at.host.download(1, pattern(BLOCK))).toBe('usb/stall');
    expect(await at.host.download(1, pattern(BLOCK))).toBe('ok');
  });

  test('stall at a transfer counted from power-on', async () => {
    const at = await bench('stm32mp157c-dk2', { faults: ['stall at transfer 3'] });
    // The first one is the host stack's SET_CONFIGURATION.
    expect(await at.host.getState()).toBe('02');
    expect(await at.host.getState()).toBe('usb/stall');
    expect(await at.host.getState()).toBe('02');
  });

  test('nak: the answer comes late, after the firmware did its work', async () => {
    const at = await secondEnumeration('nak 4000 at phase 0x10 block 0');
    await at.host.select(0);
    const start = at.clock.now();
    expect(await at.host.download(0, pattern(BLOCK))).toBe('ok');
    expect(at.clock.now() - start).toBe(4000);
    expect(await at.host.getStatus()).toBe('000000000500');
  });

  test('nak beyond the patience of the host: the firmware never got that block', async () => {
    const at = await secondEnumeration('nak 20000 at phase 0x10 block 0');
    await at.host.select(0);
    expect(await at.host.download(0, pattern(BLOCK))).toBe('usb/timeout');
    await at.clock.sleep(20_000);
    expect(await at.host.getState()).toBe('02');
  });

  test('dfu-error: the status after that block, until CLRSTATUS', async () => {
    const at = await secondEnumeration('dfu-error 3 at phase 0x10 block 0');
    await at.host.select(0);
    expect(await at.host.download(0, pattern(BLOCK))).toBe('ok');
    expect(await at.host.getStatus()).toBe('030000000a00');
    expect(await at.host.getState()).toBe('0a');
    expect(await at.host.download(1, pattern(BLOCK))).toBe('usb/stall');
    expect(await at.host.clearStatus()).toBe('ok');
    expect(await at.host.getState()).toBe('02');
  });

  test('crash: off the bus, and only a power cycle helps', async () => {
    const at = await secondEnumeration('crash at phase 0x10 block 2');
    expect(await at.host.send(0, pattern(4 * BLOCK), BLOCK)).toBe('usb/gone');
    expect(at.board.stage).toBe('crash');
    expect(await ever(at)).toBe(false);
    at.board.powerCycle();
    await at.host.open();
    expect(at.board.stage).toBe('rom');
  });

  test('phase: GetPhase shows another id', async () => {
    const at = await secondEnumeration('phase 0x11 instead of 0x10');
    expect(await at.host.getPhase(1)).toBe('11ffffffff00000000');
  });
});

describe('faults at an appearance', () => {
  test.each([
    ['never-returns after fsbl', 0],
    ['never-returns after fip', 1],
    ['never-returns after layout', 2],
  ])('%s: gone for good', async (fault, steps) => {
    const at = await bench('stm32mp135f-dk', { faults: [fault] });
    const send = [
      () => at.host.send(0, fsbl('mp13')),
      () => bootToUboot(at),
      () => bootToUboot(at).then(() => sendLayout(at, RAW)),
    ][steps];
    await expect(send?.().then(() => follow(at))).rejects.toThrow('no device appeared');
    expect(await ever(at)).toBe(false);
  });

  test('never-returns after fsbl takes an STM32MP15 off the bus as well', async () => {
    const at = await bench('stm32mp157c-dk2', { faults: ['never-returns after fsbl'] });
    await at.host.send(1, fsbl('mp15'));
    expect(await at.host.getState()).toBe('usb/gone');
    expect(await ever(at)).toBe(false);
  });

  test.each(['panic after fsbl', 'no-usb'])('%s: an STM32MP15 is still listed, and answers nothing', async (fault) => {
    const at = await bench('stm32mp157c-dk2', { faults: [fault] });
    expect(await at.host.send(1, fsbl('mp15'))).toBe('000100000700');
    expect(await at.host.getStatus()).toBe('usb/timeout');
    expect(await at.host.getStatus()).toBe('usb/timeout');
    expect(await at.host.isListed()).toBe(true);
  });

  test('port: the board comes back elsewhere', async () => {
    const at = await bench('stm32mp135f-dk', { faults: ['port 1-7 after fip'] });
    expect((await at.host.bus.list())[0]?.port).toBe('1-1');
    await bootToUboot(at);
    expect((await at.host.bus.list())[0]?.port).toBe('1-7');
  });

  test.each(['fsbl', 'fip', 'layout'])('serial: another board comes back after %s', async (step) => {
    const serial = 'AAAABBBBCCCCDDDDEEEEFFFF';
    const at = await bench('stm32mp135f-dk', { faults: [`serial ${serial} after ${step}`] });
    expect(await at.host.string(3)).not.toBe(serial);
    await bootToUboot(at);
    if (step === 'layout') {
      expect(await at.host.string(3)).not.toBe(serial);
      await sendLayout(at, RAW);
    }
    expect(await at.host.string(3)).toBe(serial);
  });
});

describe('faults of media', () => {
  test('absent: U-Boot says so in the second enumeration', async () => {
    const at = await bench('stm32mp157c-ev1', { faults: ['absent mmc1'] });
    await bootToUboot(at);
    await sendLayout(at, 'P\t0x10\temmc\tRawImage\tmmc1\t0x0\n');
    const text = toHex(new TextEncoder().encode('mmc device 1 not found'));
    expect(await at.host.getPhase(1)).toBe(`ffffffffff00000000${text}`);
  });

  test('write-error: the status after the data was written is dfuERROR', async () => {
    const at = await secondEnumeration('write-error mmc0 at byte 5000');
    await at.host.send(0, pattern(3 * BLOCK), BLOCK);
    expect(await at.host.getStatus()).toBe('0e0000000a00');
  });

  test('flip: one bit is another on the card, and nobody says so', async () => {
    const at = await secondEnumeration('flip mmc0 byte 5000 bit 3');
    const image = pattern(3 * BLOCK);
    expect(await sendImage(at, 0, image)).toBe('000000000200');
    const landed = at.board.storage.mmc.get(0)?.read(0, 0, image.length);
    image[5000] = (image[5000] as number) ^ 8;
    expect(landed).toEqual(image);
  });

  test('slow-write: the request after the data takes as long', async () => {
    const at = await secondEnumeration('slow-write mmc0 1024');
    const start = at.clock.now();
    await sendImage(at, 0, pattern(256 * BLOCK));
    expect(at.clock.now() - start).toBeGreaterThanOrEqual(1024);
  });

  test('slow-erase: the board stays away as long', async () => {
    const at = await bench('stm32mp157c-ev1', { faults: ['slow-erase mmc1 1'] });
    await bootToUboot(at);
    const start = at.clock.now();
    await sendLayout(at, 'PED\t0x10\temmc\tRawImage\tmmc1\t0x0\n');
    expect(at.clock.now() - start).toBeGreaterThanOrEqual(4096);
  });

  test('bad-block: NAND skips it', async () => {
    const rows =
      'P\t0x04\tfsbl\tBinary\tnand0\t0x0\nP\t0x05\tfip-a1\tFIP\tnand0\t0x200000\nP\t0x06\tfip-a2\tFIP\tnand0\t0x600000\nP\t0x10\tUBI\tSystem\tnand0\t0xa00000\n';
    const at = await bench('stm32mp157c-ev1', { faults: ['bad-block nand0 16'] });
    await bootToUboot(at);
    await sendLayout(at, rows);
    const image = pattern(1000);
    expect(await sendImage(at, 1, image)).toBe('000000000200');
    await at.host.getPhase(4);
    const nand = at.board.storage.mtd.get('nand0');
    expect(nand?.read(17 * 128 * 1024, 1000)).toEqual(image);
  });

  test('a medium that the board does not carry is a mistake in the arguments', async () => {
    await expect(bench('stm32mp157c-dk2', { faults: ['absent nor0'] })).rejects.toThrow('the board has no nor0');
  });
});

test.each(['nak 400000 at transfer 1', 'unplug for 400000 at transfer 1'])(
  'a board that is closed leaves no timer behind: %s',
  async (fault) => {
    const time = new VirtualClock();
    let pending = 0;
    const clock: Clock = {
      now: () => time.now(),
      date: () => time.date(),
      watch: () => new Promise(() => undefined),
      sleep: (ms, signal) => {
        pending += 1;
        return time.sleep(ms, signal).finally(() => {
          pending -= 1;
        });
      },
    };
    const board = new SimulatedBoard({ profile: boardProfile('stm32mp157c-dk2'), clock, faults: [parseFault(fault)] });
    board.powerOn();
    const host = new DfuHost(board, clock);
    await expect(host.open()).rejects.toMatchObject({ code: expect.stringMatching(/^usb\/(timeout|gone)$/) });
    board.close();
    await time.sleep(1);
    expect(time.now()).toBeLessThan(100_000);
    expect(pending).toBe(0);
  },
);
