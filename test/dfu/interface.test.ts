import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { type DfuInterface, openDfu } from '../../src/dfu/interface.ts';
import { dfuOn } from './dfu-on.ts';
import { type Exchange, WireScript } from './wire-script.ts';

const scripted = (...exchanges: readonly Exchange[]) => dfuOn(new WireScript(...exchanges));

describe('the requests of a DFU interface', () => {
  test('are those of DFU 1.1', async () => {
    const device = new WireScript(
      ['01 0b 0300 0000 0000', 'ack'],
      ['a1 03 0000 0000 0600', '0e000000 0a00'],
      ['21 04 0000 0000 0000', 'ack'],
      ['a1 05 0000 0000 0100', '02'],
      ['21 06 0000 0000 0000', 'ack'],
      ['21 00 e803 0000 0000', 'ack'],
    );
    const dfu = dfuOn(device);
    await dfu.select(3);
    expect(await dfu.getStatus()).toMatchObject({ status: 14, state: 10 });
    await dfu.clearStatus();
    expect(await dfu.getState()).toBe(2);
    await dfu.abort();
    await dfu.detach(777);
    expect(device.left).toEqual([]);
    expect(device.timeouts).toEqual([5000, 5000, 5000, 5000, 5000, 777]);
  });

  test.each(['usb/gone', 'usb/io'])('DETACH is done when the device leaves before the answer (%s)', async (code) => {
    await expect(scripted(['21 00 e803 0000 0000', code]).detach()).resolves.toBeUndefined();
  });

  test.each(['usb/stall', 'usb/timeout'])('DETACH that ends with %s has failed', async (code) => {
    await expect(scripted(['21 00 e803 0000 0000', code]).detach()).rejects.toMatchObject({ code });
  });

  test('never select an alternate that the device did not offer: U-Boot crashes on it', async () => {
    await expect(scripted().select(8)).rejects.toMatchObject({ code: 'bug/unexpected' });
  });

  test('GETSTATE without an answer is refused', async () => {
    await expect(scripted(['a1 05 0000 0000 0100', '']).getState()).rejects.toMatchObject({ code: 'dfu/protocol' });
  });
});

describe('while an image is open', () => {
  const attempts: readonly [string, (dfu: DfuInterface) => unknown][] = [
    ['SET_INTERFACE', (dfu) => dfu.select(1)],
    ['SET_INTERFACE of the same alternate', (dfu) => dfu.select(3)],
    ['GETSTATUS from outside', (dfu) => dfu.getStatus()],
    ['GETSTATE', (dfu) => dfu.getState()],
    ['CLRSTATUS', (dfu) => dfu.clearStatus()],
    ['ABORT', (dfu) => dfu.abort()],
    ['DETACH', (dfu) => dfu.detach()],
    ['a second download', async (dfu) => dfu.openDownload(3)],
    ['an upload', async (dfu) => dfu.openUpload(3)],
  ];

  test.each(attempts)('%s is refused and not sent', async (_, attempt) => {
    const device = new WireScript(['01 0b 0300 0000 0000', 'ack']);
    const dfu = dfuOn(device);
    await dfu.select(3);
    dfu.openDownload(3);
    await expect(attempt(dfu)).rejects.toMatchObject({ code: 'bug/unexpected' });
    expect(device.timeouts.length).toBe(1);
  });

  test('its end gives the interface back, and the image takes no more requests', async () => {
    const dfu = scripted(['01 0b 0300 0000 0000', 'ack'], ['01 0b 0100 0000 0000', 'ack']);
    await dfu.select(3);
    const open = dfu.openDownload(3);
    open.close();
    await dfu.select(1);
    expect(() => open.dnload(0, Uint8Array.of(1), 1)).toThrow(expect.objectContaining({ code: 'bug/unexpected' }));
    expect(() => open.getStatus(1)).toThrow(expect.objectContaining({ code: 'bug/unexpected' }));
  });

  test('closing it late does not close the one after it', async () => {
    const dfu = scripted(['01 0b 0300 0000 0000', 'ack']);
    await dfu.select(3);
    const first = dfu.openDownload(3);
    first.close();
    dfu.openDownload(3);
    first.close();
    await expect(dfu.select(1)).rejects.toMatchObject({ code: 'bug/unexpected' });
  });
});

test('an image cannot be opened on an alternate that is not selected', async () => {
  const dfu = scripted(['01 0b 0300 0000 0000', 'ack']);
  expect(() => dfu.openDownload(0)).toThrow(expect.objectContaining({ code: 'bug/unexpected' }));
  await dfu.select(3);
  expect(() => dfu.openDownload(2)).toThrow(expect.objectContaining({ code: 'bug/unexpected' }));
});

describe('opening the DFU interface of a device', () => {
  const options = { clock: new VirtualClock(), timeoutMs: 5000 };
  const device: Exchange = ['80 06 0001 0000 1200', '1201000200000040830411df000200000001'];

  test('gives what its descriptors say', async () => {
    const usb = new WireScript(
      device,
      ['80 06 0002 0000 0900', '09021b00010100c001'],
      ['80 06 0002 0000 1b00', '09021b00010100c0010904000000fe01020009210fff0000041001'],
      ['80 06 0003 0000 ff00', '04030904'],
    );
    const dfu = await openDfu(usb, options);
    expect(dfu).toMatchObject({ transferSize: 1024, attributes: 0x0f, alternates: [{ index: 0 }], serial: undefined });
    expect(dfu?.device).toBe(usb);
  });

  test('gives none for a gadget that shows its run-time descriptor because it is about to leave', async () => {
    const usb = new WireScript(
      device,
      ['80 06 0002 0000 0900', '09021200010102c001'],
      ['80 06 0002 0000 1200', '09021200010102c0010904000000fe010105'],
    );
    expect(await openDfu(usb, options)).toBeUndefined();
  });
});
