import { describe, expect, test } from 'vitest';
import { layout, pattern, RawHost } from './raw-host.ts';

const TWO = layout('P 0x10 a Binary mmc0 0x4400', 'P 0x11 b Binary mmc0 0x44400');
const NOTHING = new Uint8Array(0);

async function ready(): Promise<RawHost> {
  const host = new RawHost();
  await host.flashLayout(TWO);
  await host.select(/0x10/);
  return host;
}

/** Requests by letter, each on the way into the state that a test wants. */
const STEPS: Readonly<Record<string, (host: RawHost) => Promise<unknown>>> = {
  dnload: (host) => host.dnload(0, pattern(512)),
  next: (host) => host.dnload(1, pattern(512)),
  zlp: (host) => host.dnload(1, NOTHING),
  emptyFirst: (host) => host.dnload(0, NOTHING),
  upload: (host) => host.upload(0),
  status: (host) => host.control(0xa1, 3, 0, 0, 6),
  getState: (host) => host.control(0xa1, 5, 0, 0, 1),
  clear: (host) => host.control(0x21, 4, 0, 0, NOTHING),
  abort: (host) => host.control(0x21, 6, 0, 0, NOTHING),
  detach: (host) => host.detach(),
  unknown: (host) => host.control(0x21, 9, 0, 0, NOTHING),
};

describe('the DFU states of U-Boot', () => {
  test.each([
    ['a block, then another without GETSTATUS', ['dnload', 'next'], 'stall', '10/0'],
    ['a block, then ABORT without GETSTATUS', ['dnload', 'abort'], 'stall', '10/0'],
    ['a block, then UPLOAD', ['dnload', 'status', 'upload'], 'stall', '10/0'],
    ['a block, then DETACH', ['dnload', 'status', 'detach'], 'stall', '10/0'],
    ['a block, then ABORT', ['dnload', 'status', 'abort'], 'ok', '2/0'],
    ['an empty file', ['emptyFirst'], 'stall', '10/0'],
    ['CLRSTATUS without an error', ['clear'], 'stall', '10/0'],
    ['a request that does not exist', ['unknown'], 'stall', '10/0'],
    ['UPLOAD, then DETACH', ['upload', 'detach'], 'stall', '10/0'],
    ['UPLOAD, then a block', ['upload', 'dnload'], 'stall', '10/0'],
    ['UPLOAD, then ABORT', ['upload', 'abort'], 'ok', '2/0'],
    ['an error, then ABORT', ['clear', 'abort'], 'stall', '10/0'],
    ['an error, then CLRSTATUS', ['clear', 'clear'], 'ok', '2/0'],
    ['the end, then ABORT before GETSTATUS', ['dnload', 'status', 'zlp', 'abort'], 'stall', '10/0'],
    ['the end, then GETSTATUS', ['dnload', 'status', 'zlp', 'status'], 'ok', '2/0'],
    ['the end, then another file before dfuIDLE', ['dnload', 'status', 'zlp', 'status', 'dnload'], 'stall', '10/0'],
  ])('%s', async (_, steps, last, state) => {
    const host = await ready();
    let answer: unknown;
    for (const step of steps) answer = await STEPS[step]?.(host);
    expect(answer === 'stall' ? 'stall' : 'ok').toBe(last);
    expect(await host.state()).toBe(state);
  });

  test('GETSTATE shows what GETSTATUS would change', async () => {
    const host = await ready();
    await host.dnload(0, pattern(512));
    expect(await host.control(0xa1, 5, 0, 0, 1)).toEqual(Uint8Array.of(3));
    await host.state();
    await host.dnload(1, NOTHING);
    expect(await host.control(0xa1, 5, 0, 0, 1)).toEqual(Uint8Array.of(6));
  });

  test('SET_INTERFACE ends every error, but not the transaction', async () => {
    const host = await ready();
    await host.dnload(0, pattern(512));
    await host.dnload(1, pattern(512));
    await host.select(/0x10/);
    expect(await host.state()).toBe('2/0');
    await host.dnload(0, pattern(512));
    expect(await host.state()).toBe('10/14');
    expect((await host.phase()).text).toBe('Wrong sequence number');
  });

  test('a download interrupted by ABORT and by the cable goes on with the next block number', async () => {
    const host = await ready();
    const image = pattern(9000);
    await host.dnload(0, image.subarray(0, 4096));
    await host.state();
    await host.control(0x21, 6, 0, 0, NOTHING);
    host.hw.usb.unplug();
    host.hw.usb.plug();
    await host.attach();
    await host.select(/0x10/);
    expect(await host.download(image.subarray(4096), 1)).toBe('2/0');
    expect(host.hw.storage.mmc.get(0)?.read(0, 0x4400, 9000)).toEqual(image);
    expect((await host.phase()).phase).toBe(0x11);
  });

  test('a failed download of a row that is not the current one leaves the phase alone', async () => {
    const host = await ready();
    await host.select(/0x11/);
    expect(await host.download(pattern(512), 5)).toBe('10/14');
    expect((await host.phase()).phase).toBe(0x10);
  });

  test('block numbers go on at 0 behind 65535', async () => {
    const host = await ready();
    const block = pattern(1);
    await host.dnload(0, block);
    for (let number = 1; number <= 65_537; number += 1) {
      await host.control(0xa1, 3, 0, 0, 6);
      await host.dnload(number & 0xffff, block);
    }
    expect(await host.state()).toBe('5/0');
  });

  test('an UPLOAD takes 4096 bytes of the medium whatever was asked for', async () => {
    const host = await ready();
    await host.download(pattern(8192));
    await host.select(/0x10/);
    expect(await host.upload(0, 1024)).toEqual(pattern(8192).subarray(0, 1024));
    expect(await host.upload(1, 1024)).toEqual(pattern(8192).subarray(4096, 5120));
  });

  test('an interrupted UPLOAD stalls all later ones until a download of it failed', async () => {
    const host = await ready();
    await host.upload(0);
    await host.control(0x21, 6, 0, 0, NOTHING);
    expect(await host.upload(0)).toBe('stall');
    expect(await host.state()).toBe('9/0');
    await host.select(/0x10/);
    await host.dnload(0, pattern(512));
    expect(await host.state()).toBe('10/14');
    await host.select(/0x10/);
    expect(await host.upload(0)).toHaveLength(4096);
  });

  test('GetPhase in the middle of a download spoils what was sent before (FINDINGS trap 1)', async () => {
    const host = await ready();
    const image = pattern(5 * 4096);
    await host.dnload(0, image.subarray(0, 4096));
    await host.state();
    expect((await host.phase()).phase).toBe(0x10);
    await host.select(/0x10/);
    expect(await host.download(image.subarray(4096), 1)).toBe('2/0');
    expect((await host.phase()).phase).toBe(0x11);
    const landed = host.hw.storage.mmc.get(0)?.read(0, 0x4400, image.length);
    expect(landed?.subarray(0, 16)).toEqual(
      Uint8Array.from([0x10, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    );
    expect(landed?.subarray(4096)).toEqual(image.subarray(4096));
  });

  test('an alternate setting that does not exist is accepted, and kills the board with the first data', async () => {
    const host = await ready();
    expect(await host.control(0x01, 11, 99, 0, NOTHING)).toEqual(NOTHING);
    expect(await host.state()).toBe('2/0');
    expect(await host.dnload(0, pattern(100))).toEqual(NOTHING);
    expect(await host.state()).toBe('gone');
    expect(await host.end).toBe('crash');
    expect(host.hw.usb.visible).toBeUndefined();
  });

  test('more than 4096 bytes in one block are never answered', async () => {
    const host = await ready();
    expect(await host.dnload(0, pattern(8192))).toBe('late');
    expect(await host.state()).toBe('5/0');
  });

  test('nothing is answered while 8 MiB are written', async () => {
    const host = new RawHost({ device: { writeMicrosecondsPerMiB: 100_000 } });
    await host.flashLayout(TWO);
    await host.select(/0x11/);
    const block = pattern(4096);
    for (let number = 0; number < 2047; number += 1) {
      await host.dnload(number, block);
      await host.state();
    }
    const before = host.clock.now();
    await host.dnload(2047, block);
    expect(host.clock.now() - before).toBe(0);
    expect(await host.state()).toBe('5/0');
    expect(host.clock.now() - before).toBeCloseTo(800, 3);
  });
});

describe('SetPhase', () => {
  test('its offset stays for the next phase too', async () => {
    const host = await ready();
    expect(await host.setPhase(0x10, 0x1000)).toBe('2/0');
    await host.flash(0x10, pattern(512));
    expect(await host.phase()).toMatchObject({ phase: 0x11, offset: 0x1000 });
    await host.flash(0x11, pattern(512, 2));
    const card = host.hw.storage.mmc.get(0);
    expect(card?.read(0, 0x4400 + 0x1000, 512)).toEqual(pattern(512));
    expect(card?.read(0, 0x44400 + 0x1000, 512)).toEqual(pattern(512, 2));
  });

  test('goes back from the end, and on from there', async () => {
    const host = await ready();
    await host.flash(0x10, pattern(512));
    await host.flash(0x11, pattern(512));
    expect((await host.phase()).phase).toBe(0xfe);
    await host.setPhase(0x10, 0);
    await host.flash(0x10, pattern(512, 3));
    expect((await host.phase()).phase).toBe(0x11);
  });

  test.each([0x50, 0xfe, 0x00])('to phase %i, which no row has, is an error that changes nothing', async (phase) => {
    const host = await ready();
    expect(await host.setPhase(phase, 0)).toBe('10/14');
    expect((await host.phase()).phase).toBe(0x10);
  });

  test('to 0xFF jumps into the void', async () => {
    const host = await ready();
    expect(await host.setPhase(0xff, 0)).toBe('gone');
    expect(await host.end).toBe('crash');
  });

  test('with fewer than 5 bytes is an error', async () => {
    const host = await ready();
    await host.select(/^@virtual/);
    expect(await host.download(Uint8Array.of(0x11, 0, 0, 0))).toBe('10/14');
  });
});
