/** The worked traces of protocol.md §13: SETUP packets as they stand on the wire, and what comes back. */
import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import { type Bench, bench, bootToUboot, tfaBench } from './flash.ts';
import { fip, pattern } from './images.ts';
import { layout, RawHost } from './uboot/raw-host.ts';

/** A SETUP packet and its reply in hex (`` for an acknowledgement), with the data that goes out. */
type Step = readonly [setup: string, reply: string, data?: Uint8Array];
type Control = (setup: Uint8Array, data: Uint8Array) => Promise<string>;

const GET_STATUS = 'A103000000000600';
const GET_PHASE = 'A102000000000002';
const DETACH = '2100E80300000000';
const select = (alternate: number): Step => [`010B0${alternate}0000000000`, ''];
const bytesOf = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const hex = (text: string) => text.replaceAll(' ', '').toLowerCase();
const ascii = (text: string) => toHex(new TextEncoder().encode(text));
const errorReply = (text: string) => hex(`FF FF FF FF FF 00 00 00 00 ${ascii(text)}`);

async function play(control: Control, steps: readonly Step[]): Promise<void> {
  for (const [index, [setup, reply, data = new Uint8Array(0)]] of steps.entries()) {
    expect([index, setup, await control(bytesOf(setup), data)]).toEqual([index, setup, hex(reply)]);
  }
}

const fields = ([requestType = 0, request = 0, v0 = 0, v1 = 0, i0 = 0, i1 = 0, l0 = 0, l1 = 0]: Uint8Array) => ({
  setup: { requestType, request, value: v0 | (v1 << 8), index: i0 | (i1 << 8) },
  length: l0 | (l1 << 8),
});

function packets({ host }: Bench): Control {
  return (packet, data) => {
    const { setup, length } = fields(packet);
    const { requestType, request, value } = setup;
    return requestType & 0x80
      ? host.in(requestType, request, value, length)
      : host.out(requestType, request, value, data).then((reply) => (reply === 'ok' ? '' : reply));
  };
}

/** U-Boot in its second enumeration with this layout; without one in its first. */
async function uboot(text?: string): Promise<Control> {
  const host = new RawHost();
  if (text === undefined) await host.attach();
  else await host.flashLayout(text);
  return async (packet, data) => {
    const { setup, length } = fields(packet);
    const isIn = (setup.requestType & 0x80) !== 0;
    const reply = await host.control(setup.requestType, setup.request, setup.value, setup.index, isIn ? length : data);
    return reply instanceof Uint8Array ? toHex(reply) : reply;
  };
}

const FOUR = layout(
  'P 0x04 fsbl1 Binary mmc0 0x4400',
  'P 0x05 fsbl2 Binary mmc0 0x44400',
  'P 0x10 boot System mmc0 0x84400',
  'P 0x12 root FileSystem mmc0 0x184400',
);
const VIRTUAL = select(4);

describe('TF-A, byte for byte', () => {
  test('GetPhase, a download of 2048 bytes, DETACH', async () => {
    await play(packets(await tfaBench('stm32mp157c-dk2')), [
      select(5),
      [GET_PHASE, '03 00 00 00 C7 00 00 00 00'],
      select(3),
      ['2101000000000004', '', fip.subarray(0, 1024)],
      [GET_STATUS, '00 000000 03 00'],
      [GET_STATUS, '00 000000 05 00'],
      ['2101010000000004', '', fip.subarray(1024, 2048)],
      [GET_STATUS, '00 000000 03 00'],
      [GET_STATUS, '00 000000 05 00'],
      ['2101020000000000', ''],
      [GET_STATUS, '00 010000 07 00'],
      [GET_STATUS, '00 000000 02 00'],
      select(5),
      [GET_PHASE, '00 FF FF FF FF 00 00 00 00 01'],
      [DETACH, ''],
    ]);
  });

  test('the end of a file that is no FIP', async () => {
    await play(packets(await tfaBench('stm32mp135f-dk')), [
      select(0),
      ['2101000000000004', '', pattern(1024)],
      [GET_STATUS, '00 000000 03 00'],
      [GET_STATUS, '00 000000 05 00'],
      ['2101010000000000', 'usb/stall'],
      [GET_STATUS, '00 010000 07 00'],
      [GET_STATUS, '00 000000 02 00'],
      select(1),
      [GET_PHASE, errorReply('FIP Header check failed for phase 0')],
    ]);
  });

  test.each([
    ['stm32mp257f-ev1', '02 00 00 00 0E 00 00 00 00'],
    ['stm32mp135f-dk', '03 00 00 00 C7 00 00 00 00'],
  ])('GetPhase of %s', async (name, reply) => {
    await play(packets(await tfaBench(name)), [select(name === 'stm32mp257f-ev1' ? 2 : 1), [GET_PHASE, reply]]);
  });
});

describe('U-Boot, byte for byte', () => {
  test.each([
    ['stm32mp157c-dk2', '00 00 00 00 C2 00 00 00 00 00'],
    ['stm32mp135f-dk', '00 00 00 00 C2 00 00 00 00 00'],
    ['stm32mp257f-ev1', '00 00 00 00 84 00 00 00 00 00'],
  ])('GetPhase of %s before the layout', async (name, reply) => {
    const at = await bench(name);
    await bootToUboot(at);
    await play(packets(at), [select(1), [GET_PHASE, reply]]);
  });

  test('a layout, and GetPhase after it', async () => {
    const text = new TextEncoder().encode(FOUR);
    const length = toHex(Uint8Array.of(text.length & 0xff, text.length >> 8));
    await play(await uboot(), [
      select(0),
      [`210100000000${length}`, '', text],
      [GET_STATUS, '00 000000 05 00'],
      ['2101010000000000', ''],
      [GET_STATUS, '00 000000 07 00'],
      [GET_STATUS, '00 000000 02 00'],
      select(1),
      [GET_PHASE, '00 00 00 00 C2 00 00 00 00 01'],
    ]);
  });

  test('SetPhase(0x12, 0x00100000), then 6000 bytes to alternate setting 3, and the end', async () => {
    const data = pattern(6000);
    await play(await uboot(FOUR), [
      VIRTUAL,
      [GET_PHASE, '04 FF FF FF FF 00 00 00 00'],
      VIRTUAL,
      ['2101000000000500', '', Uint8Array.of(0x12, 0x00, 0x10, 0x00, 0x00)],
      [GET_STATUS, '00 000000 05 00'],
      ['2101010000000000', ''],
      [GET_STATUS, '00 000000 07 00'],
      [GET_STATUS, '00 000000 02 00'],
      [GET_PHASE, '12 FF FF FF FF 00 00 10 00'],
      select(3),
      ['2101000000000010', '', data.subarray(0, 4096)],
      [GET_STATUS, '00 000000 05 00'],
      ['2101010000007007', '', data.subarray(4096)],
      [GET_STATUS, '00 000000 05 00'],
      ['2101020000000000', ''],
      [GET_STATUS, '00 000000 07 00'],
      [GET_STATUS, '00 000000 02 00'],
      VIRTUAL,
      [GET_PHASE, 'FE FF FF FF FF 00 00 10 00'],
    ]);
  });

  test.each([
    ['a download that starts at block 2', [['2101020000000010', '', pattern(4096)]]],
    [
      'an end with a wrong block number',
      [
        ['2101000000000010', '', pattern(4096)],
        [GET_STATUS, '00 000000 05 00'],
        ['2101020000000000', ''],
      ],
    ],
  ] as readonly [string, readonly Step[]][])('%s', async (_, steps) => {
    await play(await uboot(FOUR), [
      select(0),
      ...steps,
      [GET_STATUS, '0E 000000 0A 00'],
      VIRTUAL,
      [GET_PHASE, errorReply('Wrong sequence number')],
    ]);
  });

  test('two blocks without a GETSTATUS in between', async () => {
    await play(await uboot(FOUR), [
      select(0),
      ['2101000000000010', '', pattern(4096)],
      ['2101010000000010', 'stall', pattern(4096)],
      [GET_STATUS, '00 000000 0A 00'],
    ]);
  });

  test('a layout with a card that is not there', async () => {
    await play(await uboot(layout('P 0x04 a Binary mmc5 0x4400')), [
      select(1),
      [GET_PHASE, errorReply('mmc device 5 not found')],
    ]);
  });
});
