import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { DfuInterface } from '../../src/dfu/interface.ts';
import { getPhase, setPhase } from '../../src/stm32/get-phase.ts';
import { type Exchange, WireScript } from '../dfu/wire-script.ts';

const OPTIONS = { blockMs: 30_000, manifestMs: 60_000 } as const;
const STATUS = 'a1 03 0000 0000 0600';
const SELECT: readonly Exchange[] = [
  ['01 0b 0500 0000 0000', 'ack'],
  [STATUS, '00000000 0200'],
];
const GETPHASE = 'a1 02 0000 0000 0002';

function board(device: WireScript, virtual = '@virtual/0xf1/1*512Be'): DfuInterface {
  const functional = { attributes: 0x0f, detachTimeoutMs: 0, transferSize: 4096, version: 0x0110 };
  const alternates = [
    { index: 0, name: '@img/0x10/1*256Me' },
    { index: 5, name: virtual },
  ];
  const strings = { manufacturer: undefined, product: undefined, serial: undefined };
  return new DfuInterface(
    device,
    { functional, alternates, ...strings },
    { clock: new VirtualClock(), timeoutMs: 5000 },
  );
}

describe('GetPhase', () => {
  test('is one upload of 512 bytes from the virtual alternate', async () => {
    const device = new WireScript(...SELECT, [GETPHASE, '10ffffffff00000000']);
    expect(await getPhase(board(device), 180_000)).toMatchObject({ phase: 0x10, offset: 0 });
    expect(device.left).toEqual([]);
    expect(device.timeouts).toEqual([180_000, 180_000, 180_000]);
  });

  test('finds the virtual alternate as TF-A and ROM spell it', async () => {
    const device = new WireScript(...SELECT, [GETPHASE, '03000000c700000000']);
    expect(await getPhase(board(device, '@virtual /0xF1/1*512Ba'), 5000)).toMatchObject({
      phase: 3,
      address: 0xc7000000,
    });
  });

  test('ends an upload that the reply did not end', async () => {
    const full = `10ffffffff00000000${'00'.repeat(503)}`;
    const device = new WireScript(...SELECT, [GETPHASE, full], ['21 06 0000 0000 0000', 'ack']);
    expect(await getPhase(board(device), 5000)).toMatchObject({ phase: 0x10 });
    expect(device.left).toEqual([]);
  });

  test('fails on a board without the alternate, and names what there is', async () => {
    await expect(getPhase(board(new WireScript(), 'UNKNOWN'), 5000)).rejects.toMatchObject({
      code: 'board/no-alternate',
      details: { alternates: ['@img/0x10/1*256Me', 'UNKNOWN'] },
    });
  });

  test('that stalls gives the interface back', async () => {
    const dfu = board(new WireScript(...SELECT, [GETPHASE, 'usb/stall'], ...SELECT, [GETPHASE, 'feffffffff00000000']));
    await expect(getPhase(dfu, 5000)).rejects.toMatchObject({ code: 'usb/stall' });
    expect(await getPhase(dfu, 5000)).toMatchObject({ phase: 0xfe });
  });

  test('is refused while an image is open', async () => {
    const device = new WireScript(['01 0b 0000 0000 0000', 'ack']);
    const dfu = board(device);
    await dfu.select(0);
    dfu.openDownload(0);
    await expect(getPhase(dfu, 5000)).rejects.toMatchObject({ code: 'bug/unexpected' });
    expect(device.timeouts.length).toBe(1);
  });
});

describe('SetPhase', () => {
  test('is a download of 5 bytes to the virtual alternate', async () => {
    const device = new WireScript(
      ...SELECT,
      ['21 01 0000 0000 0500 1200100000', 'ack'],
      [STATUS, '00000000 0500'],
      ['21 01 0100 0000 0000', 'ack'],
      [STATUS, '00000000 0700'],
      [STATUS, '00000000 0200'],
    );
    await setPhase(board(device), { phase: 0x12, offset: 0x100000 }, OPTIONS);
    expect(device.left).toEqual([]);
  });

  test.each([
    ['phase 0xFF: the board would jump', { phase: 0xff, offset: 0xc0000000 }],
    ['a phase that does not fit', { phase: 0x110, offset: 0 }],
    ['a negative offset', { phase: 0x10, offset: -1 }],
    ['an offset that does not fit', { phase: 0x10, offset: 2 ** 32 }],
    ['an offset that is no number of bytes', { phase: 0x10, offset: 0.5 }],
  ])('never sends %s', async (_, request) => {
    const device = new WireScript();
    await expect(setPhase(board(device), request, OPTIONS)).rejects.toMatchObject({ code: 'bug/unexpected' });
    expect(device.timeouts).toEqual([]);
  });

  test('to an id that the layout does not have is what the board says', async () => {
    const device = new WireScript(
      ...SELECT,
      ['21 01 0000 0000 0500 7700000000', 'ack'],
      [STATUS, '00000000 0500'],
      ['21 01 0100 0000 0000', 'ack'],
      [STATUS, '0e000000 0a00'],
    );
    await expect(setPhase(board(device), { phase: 0x77, offset: 0 }, OPTIONS)).rejects.toMatchObject({
      code: 'dfu/status',
    });
  });
});
