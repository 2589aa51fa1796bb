import { describe, expect, test } from 'vitest';
import type { BoardStage } from '../../src/simulator/board.ts';
import { bench, bootToUboot, follow, sendImage, sendLayout } from './flash.ts';
import { pattern } from './images.ts';

const RAW = 'P\t0x10\tsdcard\tRawImage\tmmc0\t0x0\n';

describe('a simulated board', () => {
  test.each(['stm32mp157c-dk2', 'stm32mp135f-dk', 'stm32mp257f-ev1', 'stm32mp235f-dk', 'stm32mp215f-dk'])(
    '%s is flashed from its ROM to its card, and ends at a prompt',
    async (name) => {
      const at = await bench(name);
      const stages: BoardStage[] = [];
      at.board.onStage((stage) => stages.push(stage));
      await bootToUboot(at);
      await sendLayout(at, RAW);
      const image = pattern(300_000, 5);
      expect(await sendImage(at, 0, image)).toBe('000000000200');
      expect(await at.host.getPhase(1)).toBe('feffffffff00000000');
      await at.host.detach();
      await at.host.bus.waitForChange(1_000);
      await at.clock.sleep(1_000);
      expect(at.board.storage.mmc.get(0)?.read(0, 0, image.length)).toEqual(image);
      expect(stages).toEqual(['tfa', 'uboot', 'prompt']);
      expect(await at.host.isListed()).toBe(false);
    },
  );

  test('boots its ROM again after a reset', async () => {
    const at = await bench('stm32mp157c-dk2');
    await bootToUboot(at);
    await sendLayout(at, 'P\t0x10\temmc\tRawImage\tmmc1\t0x0\n');
    expect(await at.host.getPhase(1)).toMatch(/^ffffffffff00000000/);
    const stages: BoardStage[] = [];
    at.board.onStage((stage) => stages.push(stage));
    await follow(at);
    expect(stages).toEqual(['reset', 'rom']);
    expect(await at.host.string(2)).toContain('DFU in HS Mode');
  });

  test('shows the same serial number in every stage', async () => {
    const serial = '0123456789ABCDEF01234567';
    const at = await bench('stm32mp135f-dk', { serial });
    expect(await at.host.string(3)).toBe(serial);
    await bootToUboot(at);
    expect(await at.host.string(3)).toBe(serial);
  });

  test('starts anew after a power cycle, and keeps what is on its card', async () => {
    const at = await bench('stm32mp157c-dk2');
    await bootToUboot(at);
    await sendLayout(at, RAW);
    await sendImage(at, 0, pattern(1000));
    at.board.powerCycle();
    await at.clock.sleep(1_000);
    expect(at.board.stage).toBe('rom');
    await at.host.open();
    expect(await at.host.string(2)).toContain('DFU in HS Mode');
    expect(at.board.storage.mmc.get(0)?.read(0, 0, 1000)).toEqual(pattern(1000));
  });

  test('is off the bus without power, and open transfers end', async () => {
    const at = await bench('stm32mp157c-dk2');
    const waiting = at.host.send(1, pattern(500_000));
    at.board.powerOff();
    expect(await waiting).toBe('usb/gone');
    await at.clock.sleep(60_000);
    expect(await at.host.isListed()).toBe(false);
    expect(at.board.stage).toBe('off');
  });

  test('keeps the session over an unplugged cable, under a new address', async () => {
    const at = await bench('stm32mp157c-dk2');
    await bootToUboot(at);
    const [before] = await at.host.bus.list();
    at.board.connector.unplug();
    expect(await at.host.isListed()).toBe(false);
    at.board.connector.plug();
    const [after] = await at.host.bus.list();
    expect(after?.port).toBe(before?.port);
    expect(after?.key).not.toBe(before?.key);
    expect(at.board.stage).toBe('uboot');
  });

  test('takes 2.06 ms for each block in U-Boot at the speed of hardware', async () => {
    const at = await bench('stm32mp157c-dk2', { settings: { blockMs: 2.06 } });
    await bootToUboot(at);
    await sendLayout(at, RAW);
    const start = at.clock.now();
    await sendImage(at, 0, pattern(1000 * 4096));
    expect(at.clock.now() - start).toBeGreaterThan(2_050);
    expect(at.clock.now() - start).toBeLessThan(2_070);
  });

  test('counts the time in which nobody asks it anything', async () => {
    const at = await bench('stm32mp157c-dk2');
    const before = at.board.connector.idleMs;
    await at.clock.sleep(5_000);
    await at.host.getState();
    await at.clock.sleep(2_000);
    expect(at.board.connector.idleMs - before).toBe(7_000);
  });
});
