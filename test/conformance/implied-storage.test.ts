import { describe, expect, test } from 'vitest';
import { makeGoldenBoard } from './golden-board.ts';
import { ImpliedStorage } from './implied-storage.ts';
import { type Data, dataBytes } from './transcript.ts';

const DEVICE = { sd: '64M', emmc: '64M', emmcBoot: '4M', nor: '16M', nand: '128M' };
const IMAGE: Data = { len: 5000, pattern: { seed: 1, offset: 0 } };
const MANIFEST = Uint8Array.of(0, 0, 0, 0, 7, 0);
const ERROR = Uint8Array.of(14, 0, 0, 0, 10, 0);

function text(value: string): Data {
  return { len: value.length, hex: Buffer.from(value).toString('hex') };
}

/** A host that sent a layout with one row and is about to fill it. */
function afterLayout(): ImpliedStorage {
  const implied = new ImpliedStorage();
  implied.enumerated(['@FlashLayout/0x00/1*256Ke', '@virtual/0xf1/1*512Be']);
  send(implied, 0, text('#Opt\nP\t0x10\ta\tBinary\tmmc0\t0x4400\tfile\n'), MANIFEST);
  implied.enumerated(['@a/0x10/1*63Me', '@virtual/0xf1/1*512Be']);
  return implied;
}

function send(implied: ImpliedStorage, alternate: number, data: Data, status: Uint8Array): void {
  implied.transferred({ requestType: 0x21, request: 1, value: 0, alternate }, data, new Uint8Array(0));
  implied.transferred({ requestType: 0x21, request: 1, value: 1, alternate }, undefined, new Uint8Array(0));
  implied.transferred({ requestType: 0xa1, request: 3, value: 0, alternate }, undefined, status);
}

describe('what the acknowledgements imply', () => {
  test('the image lies where the layout says, or it is a difference', () => {
    const implied = afterLayout();
    send(implied, 0, IMAGE, MANIFEST);
    const { storage } = makeGoldenBoard({ scenario: '', replay: true, device: DEVICE }).hw;
    expect(implied.firstDifference(storage)).toBe('mmc0: 5000 bytes at 17408, as acknowledged (byte 0)');
    storage.mmc.get(0)?.write(0, 17_408, dataBytes(IMAGE) as Uint8Array);
    expect(implied.firstDifference(storage)).toBeUndefined();
    storage.mmc.get(0)?.write(0, 17_408 + 4999, Uint8Array.of(0x55));
    expect(implied.firstDifference(storage)).toContain('mmc0: 5000 bytes');
  });

  test.each([
    ['a download that failed', (implied: ImpliedStorage) => send(implied, 0, IMAGE, ERROR)],
    [
      'a download after SetPhase with an offset',
      (implied: ImpliedStorage) => {
        send(implied, 1, { len: 5, hex: '1000001000' }, MANIFEST);
        send(implied, 0, IMAGE, MANIFEST);
      },
    ],
    [
      'a download with GetPhase in between',
      (implied: ImpliedStorage) => {
        implied.transferred({ requestType: 0x21, request: 1, value: 0, alternate: 0 }, IMAGE, new Uint8Array(0));
        implied.transferred({ requestType: 0xa1, request: 2, value: 0, alternate: 1 }, undefined, new Uint8Array(9));
        send(implied, 0, IMAGE, MANIFEST);
      },
    ],
  ])('%s implies nothing', (_, act) => {
    const implied = afterLayout();
    act(implied);
    const { storage } = makeGoldenBoard({ scenario: '', replay: true, device: DEVICE }).hw;
    expect(implied.firstDifference(storage)).toBeUndefined();
  });

  test('of two images at one place, the later one counts', () => {
    const implied = afterLayout();
    send(implied, 0, { len: 600, fill: 'aa' }, MANIFEST);
    send(implied, 0, { len: 600, fill: 'bb' }, MANIFEST);
    const { storage } = makeGoldenBoard({ scenario: '', replay: true, device: DEVICE }).hw;
    storage.mmc.get(0)?.write(0, 17_408, new Uint8Array(600).fill(0xbb));
    expect(implied.firstDifference(storage)).toBeUndefined();
  });
});
