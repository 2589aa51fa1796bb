import { describe, expect, test } from 'vitest';
import { PhaselineError } from '../../src/base/errors.ts';
import { DFU_REQUEST } from '../../src/dfu/constants.ts';
import { DEADLINES } from '../../src/flash/deadlines.ts';
import { SimulatedBoard } from '../../src/simulator/board.ts';
import { simulatedBus } from '../../src/simulator/bus.ts';
import { boardProfile } from '../../src/simulator/profiles.ts';
import type { UsbBus } from '../../src/usb/port.ts';
import { makePattern } from '../image/make.ts';
import { type Bench, type BenchOptions, type FlashOptions, flash, makeBench } from './harness.ts';
import { bootFiles, layoutText } from './layouts.ts';

const CARD = makePattern(20_000, 41);
const OTHER_SERIAL = '00110022334455667788AABB';

function job(family: 'mp13' | 'mp15' | 'mp25'): FlashOptions {
  const boot = bootFiles(family);
  return {
    layout: layoutText(...boot.rows, 'P 0x10 card RawImage mmc0 0x0 card.img'),
    images: { ...boot.images, 'card.img': CARD },
  };
}

/** A second board under the clock of the bench, switched off; and a bus with both. */
function besideIt({ clock, board }: Bench, profile: string, options: BenchOptions) {
  const { faults: _, ...rest } = options;
  const other = new SimulatedBoard({ profile: boardProfile(profile), clock, ...rest });
  return { other, bus: simulatedBus([board, other], clock) };
}

/** Notes every device that is opened, by the name of its enumeration. */
function watched(bus: UsbBus, opened: string[]): UsbBus {
  return {
    ...bus,
    open(info) {
      opened.push(info.key);
      return bus.open(info);
    },
  };
}

describe('a device that has not left yet', () => {
  test.each([
    ['stm32mp157c-dk2', 'mp15'],
    ['stm32mp135f-dk', 'mp13'],
    ['stm32mp257f-ev1', 'mp25'],
  ] as const)('%s: is never opened again after its DETACH, however long it stays', async (profile, family) => {
    const bench = makeBench(profile, { settings: { detachMs: 4_000, tfaDetachMs: 4_000 } });
    const opened: string[] = [];
    const { result, story } = await flash(bench, { ...job(family), bus: watched(bench.bus, opened) });
    expect(result).toMatchObject({ ok: true });
    const afterTheFirst = opened.filter((key, index) => index === 0 || key !== opened[index - 1]);
    // One enumeration for each DETACH but the last, and none of them twice.
    expect(afterTheFirst).toHaveLength(story.filter((event) => event.startsWith('detach')).length);
    expect(new Set(afterTheFirst).size).toBe(afterTheFirst.length);
  });

  test('is given up when it does not leave at all', async () => {
    const bench = makeBench('stm32mp135f-dk', { settings: { detachMs: 3_600_000 } });
    const { result } = await flash(bench, job('mp13'));
    expect(result).toMatchObject({ ok: false, code: 'board/lost', exitCode: 7 });
    expect(result.message).toBe('the board did not leave the bus within 15 s (waiting for TF-A after the FSBL)');
    expect(result.seconds).toBeLessThan(DEADLINES.leaveMs / 1000 + 2);
  });
});

/** A server that is ended right after the first DETACH that went through it. */
function endedAtDetach(bus: UsbBus): UsbBus {
  let ended = false;
  return {
    ...bus,
    list: () => (ended ? Promise.reject(new PhaselineError('usb/no-bus', 'connect ECONNREFUSED')) : bus.list()),
    async open(info) {
      const device = await bus.open(info);
      const controlOut = device.controlOut.bind(device);
      device.controlOut = async (setup, data, timeoutMs) => {
        await controlOut(setup, data, timeoutMs);
        ended ||= setup.requestType === 0x21 && setup.request === DFU_REQUEST.DETACH;
      };
      return device;
    },
  };
}

describe('a bus that ends in the middle of a job', () => {
  test.each([
    ['stm32mp157c-dk2', 'mp15', 'waiting for U-Boot after TF-A'],
    ['stm32mp135f-dk', 'mp13', 'waiting for TF-A after the FSBL'],
    ['stm32mp257f-ev1', 'mp25', 'waiting for TF-A after the FSBL'],
  ] as const)('%s: is a lost link, not a missing bus', async (profile, family, what) => {
    const bench = makeBench(profile);
    const { result } = await flash(bench, { ...job(family), bus: endedAtDetach(bench.bus) });
    expect(result).toMatchObject({ ok: false, code: 'board/lost', exitCode: 7 });
    expect(result.message).toBe(`the bus is gone (${what}): connect ECONNREFUSED`);
  });
});

describe('a board among others', () => {
  test('is found again at its own port while another one sits beside it', async () => {
    const bench = makeBench('stm32mp157c-dk2');
    const { other, bus } = besideIt(bench, 'stm32mp157c-dk2', { port: '1-2', serial: OTHER_SERIAL });
    other.powerOn();
    await bench.clock.sleep(1_000);
    const { result } = await flash(bench, { ...job('mp15'), bus, device: { by: 'port', port: '1-1' } });
    expect(result).toMatchObject({ ok: true });
    expect(bench.board.stage).toBe('prompt');
    expect(other.stage).toBe('rom');
    expect(other.storage.mmc.get(0)?.read(0, 0, 512)).toEqual(new Uint8Array(512));
  });

  test('is not guessed', async () => {
    const bench = makeBench('stm32mp157c-dk2');
    const { other, bus } = besideIt(bench, 'stm32mp157c-dk2', { port: '1-2', serial: OTHER_SERIAL });
    other.powerOn();
    await bench.clock.sleep(1_000);
    const { result } = await flash(bench, { ...job('mp15'), bus });
    expect(result).toMatchObject({ ok: false, code: 'board/several', exitCode: 5, bytes: 0 });
    expect(result.message).toContain(`serial:${OTHER_SERIAL} (port:1-2)`);
  });

  test('that never returns is not replaced by one that appears meanwhile', async () => {
    const bench = makeBench('stm32mp157c-dk2', { faults: ['never-returns after fip'] });
    const { other, bus } = besideIt(bench, 'stm32mp157c-dk2', { port: '1-2', serial: OTHER_SERIAL });
    void bench.clock.sleep(10_000).then(() => other.powerOn());
    const { result } = await flash(bench, { ...job('mp15'), bus });
    expect(result).toMatchObject({ ok: false, code: 'board/lost', exitCode: 7 });
    expect(other.stage).toBe('rom');
  });

  test('that was taken away for a board of another family at the same port is told apart', async () => {
    const bench = makeBench('stm32mp157c-dk2', { faults: ['never-returns after fip'] });
    const { other, bus } = besideIt(bench, 'stm32mp135f-dk', { port: '1-1', serial: OTHER_SERIAL });
    void bench.clock.sleep(10_000).then(() => other.powerOn());
    const { result } = await flash(bench, { ...job('mp15'), bus });
    expect(result).toMatchObject({ ok: false, code: 'board/other-device', exitCode: 6 });
    expect(result.message).toContain(OTHER_SERIAL);
    expect(other.stage).toBe('rom');
  });
});
