import { describe, expect, test } from 'vitest';
import { toHex } from '../../../src/base/bytes.ts';
import type { FirmwareEvent } from '../../../src/simulator/hardware.ts';
import { layout, pattern, RawHost } from './raw-host.ts';

const ONE = layout('P 0x10 a Binary mmc0 0x4400');
const BROKEN = layout('P 0x10 a Binary mmc5 0x4400');

/** An STM32 v1 header around it. */
function headed(payload: Uint8Array): Uint8Array {
  const image = new Uint8Array(256 + payload.length);
  image.set(payload, 256);
  const view = new DataView(image.buffer);
  view.setUint32(0, 0x324d5453, true);
  view.setUint32(
    68,
    payload.reduce((sum, byte) => sum + byte, 0),
    true,
  );
  view.setUint32(72, 0x10000, true);
  view.setUint32(76, payload.length, true);
  return image;
}

describe('what DETACH leads to', () => {
  test('with a layout, and all of it written: the prompt', async () => {
    const host = new RawHost();
    await host.flashLayout(ONE);
    await host.flash(0x10, pattern(5000));
    expect(await host.finish()).toBe('prompt');
  });

  test('partitions still expected: the prompt, silently', async () => {
    const host = new RawHost();
    await host.flashLayout(ONE);
    expect(await host.finish()).toBe('prompt');
  });

  test('a layout that does not parse: the prompt, whether GetPhase was read or not', async () => {
    for (const read of [false, true]) {
      const host = new RawHost();
      await host.attach();
      await host.select(/^@FlashLayout/);
      await host.download(new TextEncoder().encode('nonsense\n'));
      if (read) expect((await host.phase()).text).toBe("Layout line 1: invalid option 'n' in nonsense)");
      expect(await host.finish()).toBe('prompt');
    }
  });

  test('a refused layout: a reset if GetPhase was read, else the prompt', async () => {
    for (const [read, end] of [
      [true, 'reset'],
      [false, 'prompt'],
    ] as const) {
      const host = new RawHost();
      await host.flashLayout(BROKEN);
      if (read) await host.phase();
      expect(await host.finish()).toBe(end);
    }
  });

  test('no layout: the same again, and a layout then is parsed but never used', async () => {
    const host = new RawHost();
    await host.attach();
    await host.detachAndAttach();
    await host.select(/^@FlashLayout/);
    await host.download(new TextEncoder().encode(ONE));
    expect(await host.phase()).toMatchObject({ phase: 0, needDetach: true });
    expect(await host.finish()).toBe('prompt');
  });

  test('a new layout after a refusal changes nothing', async () => {
    const host = new RawHost();
    await host.flashLayout(BROKEN);
    await host.select(/^@FlashLayout/);
    expect(await host.download(new TextEncoder().encode(ONE))).toBe('2/0');
    expect(await host.phase()).toMatchObject({ phase: 0xff, text: 'mmc device 5 not found' });
  });

  test('a script instead of a layout: it is run', async () => {
    const host = new RawHost();
    await host.attach();
    await host.select(/^@FlashLayout/);
    await host.download(Uint8Array.from([0x27, 0x05, 0x19, 0x56, ...pattern(100)]));
    expect((await host.phase()).phase).toBe(0xfe);
    expect(await host.finish()).toBe('script');
  });

  test('a kernel in memory: it is booted', async () => {
    const host = new RawHost();
    await host.flashLayout(layout('P 0x10 kernel System ram0 0xC2000000', 'P 0x11 dtb FileSystem ram0 0xC4000000'));
    await host.flash(0x10, pattern(9000));
    await host.flash(0x11, pattern(900));
    expect(await host.finish()).toBe('kernel');
  });

  test('a bus reset before the disconnect: a reset', async () => {
    const host = new RawHost();
    await host.flashLayout(ONE);
    await host.detach();
    host.hw.usb.busReset();
    expect(await host.end).toBe('reset');
  });

  test('until the disconnect it shows the descriptors of an application', async () => {
    const host = new RawHost();
    await host.attach();
    await host.detach();
    expect(await host.state()).toBe('0/0');
    const configuration = await host.control(0x80, 6, 0x200, 0, 255);
    expect(configuration instanceof Uint8Array && toHex(configuration)).toBe('09021200010102c0010904000000fe010104');
    expect(await host.dnload(0, pattern(10))).toBe('stall');
  });
});

describe('a layout that lies in memory', () => {
  test('with a header: the first enumeration is skipped', async () => {
    const host = new RawHost({ layoutInMemory: headed(new TextEncoder().encode(ONE)) });
    await host.attach();
    expect((await host.alternates())[0]).toBe('@a/0x10/1*63Me');
    await host.flash(0x10, pattern(600));
    expect((await host.phase()).phase).toBe(0xfe);
  });

  test('with a header whose sum is wrong: phase 0xFF, and no way to send another', async () => {
    const image = headed(new TextEncoder().encode(ONE));
    image[260] = 0;
    const host = new RawHost({ layoutInMemory: image });
    await host.attach();
    expect((await host.phase()).text).toMatch(/^Layout: invalid checksum/);
    expect(await host.finish()).toBe('reset');
  });

  test('without a header it is not seen', async () => {
    const host = new RawHost({ layoutInMemory: new TextEncoder().encode(ONE) });
    await host.attach();
    expect(await host.phase()).toMatchObject({ phase: 0, needDetach: false });
  });

  test('a script in a header is run at once', async () => {
    const host = new RawHost({ layoutInMemory: headed(Uint8Array.of(0x27, 0x05, 0x19, 0x56, 0)) });
    expect(await host.end).toBe('script');
  });
});

describe('the board around it', () => {
  test('the power goes: off the bus, and the command is over', async () => {
    const host = new RawHost();
    await host.flashLayout(ONE);
    host.powerOff();
    await expect(host.end).rejects.toThrow('power off');
    expect(host.hw.usb.visible).toBeUndefined();
  });

  test('observers hear of enumerations, phases and blocks', async () => {
    const events: FirmwareEvent[] = [];
    const host = new RawHost({ hw: { observe: (event) => events.push(event) } });
    await host.flashLayout(ONE);
    await host.flash(0x10, pattern(5000));
    expect(events.filter((event) => event.kind === 'enumeration').map((event) => event.alternates[0])).toEqual([
      '@FlashLayout/0x00/1*256Ke',
      '@a/0x10/1*63Me',
    ]);
    expect(events.filter((event) => event.kind === 'phase').map((event) => event.phase)).toEqual([0x10, 0xfe]);
    expect(events.filter((event) => event.kind === 'block').slice(1)).toEqual([
      { kind: 'block', phase: 0x10, block: 0, bytes: 4096 },
      { kind: 'block', phase: 0x10, block: 1, bytes: 5000 },
    ]);
  });

  test('a closed device has no OTP alternate, MP13 no PMIC', async () => {
    const { hw } = new RawHost();
    const host = new RawHost({ hw: { chip: { ...hw.chip, family: 'mp13', otpSize: 0, pmic: false } } });
    await host.attach();
    expect(await host.alternates()).toEqual(['@FlashLayout/0x00/1*256Ke', '@virtual/0xf1/1*512Be']);
  });
});
