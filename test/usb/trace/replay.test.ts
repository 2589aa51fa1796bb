import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import type { UsbBus, UsbDevice } from '../../../src/usb/port.ts';
import { traceBus } from '../../../src/usb/trace/replay.ts';

const HEAD = '{"trace":1,"bus":"libusb","date":"2026-01-01T00:00:00.000Z"}';
const ids = { vendorId: 0x0483, productId: 0xdf11, deviceVersion: 0x200, speed: 'high' };
const attach = (device: number, atMs: number, port = '1-1') => ({
  event: 'attach',
  device,
  port,
  key: `1:${device}`,
  ...ids,
  atMs,
});
const gone = (device: number, atMs: number) => ({ event: 'gone', device, port: '1-1', key: `1:${device}`, atMs });
const opened = (device: number, status = 'OK') => ({ event: 'open', device, status, atMs: 1 });
const status = (startMs: number, endMs: number, outcome: string, device = 1) => ({
  device,
  setup: [0xa1, 3, 0, 0, 6],
  status: outcome,
  ...(outcome === 'OK' ? { in: { len: 6, hex: '000000000500' } } : {}),
  startMs,
  endMs,
});
const block = (value: number, data: object, device = 1) => ({
  device,
  setup: [0x21, 1, value, 0, 3],
  out: data,
  status: 'OK',
  startMs: 1,
  endMs: 1,
});

const GETSTATUS = { requestType: 0xa1, request: 3, value: 0, index: 0 };
const dnload = (value: number) => ({ requestType: 0x21, request: 1, value, index: 0 });

interface Replay {
  readonly clock: VirtualClock;
  readonly bus: UsbBus;
}

function replay(...lines: readonly object[]): Replay {
  const clock = new VirtualClock();
  return { clock, bus: traceBus(`${[HEAD, ...lines.map((line) => JSON.stringify(line))].join('\n')}\n`, clock) };
}

async function openFirst({ bus }: Replay): Promise<UsbDevice> {
  const [info] = await bus.list();
  if (!info) throw new Error('no device');
  return bus.open(info);
}

describe('a replayed trace', () => {
  test('shows at each look what that look showed, and no more', async () => {
    const { bus } = replay(attach(1, 0), attach(2, 0, '1-2'), gone(1, 20), attach(3, 40));
    const keys = async () => (await bus.list()).map(({ key }) => key);
    expect(await keys()).toEqual(['1:1', '1:2']);
    expect(await keys()).toEqual(['1:2']);
    expect(await keys()).toEqual(['1:2', '1:3']);
    expect(await keys()).toEqual(['1:2', '1:3']);
  });

  test('shows nothing new before the transfers that came before it', async () => {
    const under = replay(attach(1, 0), opened(1), status(1, 1, 'OK'), gone(1, 20));
    const device = await openFirst(under);
    expect(await under.bus.list()).toHaveLength(1);
    await device.controlIn(GETSTATUS, 6, 1_000);
    expect(await under.bus.list()).toHaveLength(0);
  });

  test('does not wait for a change that is there, and else as long as it is told', async () => {
    const { bus, clock } = replay(attach(1, 5_000));
    await bus.waitForChange(100);
    expect(clock.now()).toBe(0);
    await bus.list();
    await bus.waitForChange(100);
    expect(clock.now()).toBe(100);
  });

  test.each([
    ['STALL', 'usb/stall'],
    ['ETIMEDOUT', 'usb/timeout'],
    ['ENODEV', 'usb/gone'],
    ['EIO', 'usb/io'],
    ['EPROTO', 'usb/protocol'],
  ])('fails a transfer that ended with %s as %s', async (outcome, code) => {
    const device = await openFirst(replay(attach(1, 0), opened(1), status(1, 2, outcome)));
    await expect(device.controlIn(GETSTATUS, 6, 1_000)).rejects.toMatchObject({ code, details: { line: 4 } });
  });

  test.each([
    ['EBUSY', 'usb/busy'],
    ['EACCES', 'usb/access'],
  ])('fails an opening that ended with %s as %s', async (outcome, code) => {
    await expect(openFirst(replay(attach(1, 0), opened(1, outcome)))).rejects.toMatchObject({ code });
  });

  test('fails a look that failed', async () => {
    const { bus } = replay({ event: 'list', status: 'ENOENT', atMs: 0 });
    await expect(bus.list()).rejects.toMatchObject({ code: 'usb/no-bus' });
  });

  test('takes the time of long answers, and none for short ones', async () => {
    const under = replay(attach(1, 0), opened(1), status(10, 29, 'OK'), status(30, 840, 'OK'));
    const device = await openFirst(under);
    await device.controlIn(GETSTATUS, 6, 1_000);
    expect(under.clock.now()).toBe(0);
    await device.controlIn(GETSTATUS, 6, 1_000);
    expect(under.clock.now()).toBe(810);
  });

  test('answers in the order in which it was asked', async () => {
    const device = await openFirst(replay(attach(1, 0), opened(1), status(0, 100, 'OK'), status(0, 1, 'STALL')));
    const settled: string[] = [];
    const asked = ['first', 'second'].map((name) =>
      device.controlIn(GETSTATUS, 6, 1_000).then(
        () => settled.push(name),
        () => settled.push(name),
      ),
    );
    await Promise.all(asked);
    expect(settled).toEqual(['first', 'second']);
  });

  test('lets a host with less patience time out', async () => {
    const under = replay(attach(1, 0), opened(1), status(0, 9_000, 'OK'));
    const device = await openFirst(under);
    await expect(device.controlIn(GETSTATUS, 6, 5_000)).rejects.toMatchObject({ code: 'usb/timeout' });
    expect(under.clock.now()).toBe(5_000);
  });

  test('answers on as it did last when the recording ended in the middle of asking', async () => {
    const device = await openFirst(replay(attach(1, 0), opened(1), status(0, 1, 'STALL')));
    for (let i = 0; i < 5; i += 1) {
      await expect(device.controlIn(GETSTATUS, 6, 1_000)).rejects.toMatchObject({ code: 'usb/stall' });
    }
  });

  test('takes data that was recorded as a digest', async () => {
    const sha256 = '039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81';
    const device = await openFirst(replay(attach(1, 0), opened(1), block(0, { len: 3, sha256 })));
    await expect(device.controlOut(dnload(0), Uint8Array.of(1, 2, 3), 1_000)).resolves.toBeUndefined();
  });
});

describe('behind a failure in a queue', () => {
  const three = { len: 3, hex: '010203' };
  const sent = (value: number, startMs: number, endMs: number, outcome = 'OK') => ({
    ...block(value, three),
    ...{ status: outcome, startMs, endMs },
  });
  const DATA = Uint8Array.of(1, 2, 3);
  const GETSTATE = { requestType: 0xa1, request: 5, value: 0, index: 0 };
  const state = {
    device: 1,
    setup: [0xa1, 5, 0, 0, 1],
    status: 'OK',
    in: { len: 1, hex: '0a' },
    startMs: 90,
    endMs: 91,
  };
  const queue = [sent(7, 1, 10, 'STALL'), status(2, 11, 'OK'), sent(8, 3, 12, 'STALL'), status(4, 13, 'OK')];
  const codeOf = (asked: Promise<unknown>) =>
    asked.then(
      () => 'ok',
      ({ code }) => code,
    );
  const differs = { code: 'trace/differs', message: expect.stringContaining('line 5 of the trace') };

  test('what was queued and is not asked for again is passed over', async () => {
    for (const most of [1, 2, 3, 4]) {
      const device = await openFirst(replay(attach(1, 0), opened(1), ...queue, state));
      const asked = [
        () => device.controlOut(dnload(7), DATA, 1_000),
        () => device.controlIn(GETSTATUS, 6, 1_000),
        () => device.controlOut(dnload(8), DATA, 1_000),
        () => device.controlIn(GETSTATUS, 6, 1_000),
      ];
      await Promise.allSettled(asked.slice(0, most).map((ask) => ask()));
      expect(await device.controlIn(GETSTATE, 1, 1_000)).toEqual(Uint8Array.of(10));
    }
  });

  test('what was not queued differs in its turn, and the host may go on where the other one went on', async () => {
    const device = await openFirst(replay(attach(1, 0), opened(1), sent(7, 1, 10, 'STALL'), state));
    const asked = [device.controlOut(dnload(7), DATA, 1_000), device.controlIn(GETSTATUS, 6, 1_000)];
    expect(await Promise.all(asked.map(codeOf))).toEqual(['usb/stall', 'trace/differs']);
    expect(await device.controlIn(GETSTATE, 1, 1_000)).toEqual(Uint8Array.of(10));
  });

  test('a host that goes on elsewhere differs', async () => {
    const device = await openFirst(replay(attach(1, 0), opened(1), ...queue, state));
    expect(await codeOf(device.controlOut(dnload(7), DATA, 1_000))).toBe('usb/stall');
    await expect(device.controlOut(dnload(9), DATA, 1_000)).rejects.toMatchObject(differs);
    await expect(device.controlIn(GETSTATE, 1, 1_000)).rejects.toMatchObject(differs);
  });

  test.each([
    ['nothing was queued', [sent(7, 1, 10, 'STALL'), status(40, 41, 'OK'), state]],
    ['nothing failed', [sent(7, 1, 10), status(2, 11, 'OK'), sent(8, 3, 12), status(4, 13, 'OK'), state]],
  ])('a host that leaves out what it should ask for differs where %s', async (_, lines) => {
    const device = await openFirst(replay(attach(1, 0), opened(1), ...lines));
    await codeOf(device.controlOut(dnload(7), DATA, 1_000));
    await expect(device.controlIn(GETSTATE, 1, 1_000)).rejects.toMatchObject(differs);
  });
});

describe('trace/differs is', () => {
  const three = { len: 3, hex: '010203' };
  const digest = { len: 3, sha256: `ab${'0'.repeat(62)}` };
  const recorded = [attach(1, 0), opened(1), block(7, three), status(1, 1, 'OK')];

  test.each<[string, readonly object[], (device: UsbDevice) => Promise<unknown>, string]>([
    [
      'another request',
      recorded,
      (device) => device.controlIn(GETSTATUS, 6, 1_000),
      'line 4 of the trace has setup [33,1,7,0,3] with 010203 to device 1, and the host asks for setup [161,3,0,0,6] to device 1',
    ],
    [
      'another block number',
      recorded,
      (device) => device.controlOut(dnload(8), Uint8Array.of(1, 2, 3), 1_000),
      'line 4 of the trace has setup [33,1,7,0,3] with 010203 to device 1, and the host asks for setup [33,1,8,0,3] with 010203 to device 1',
    ],
    [
      'other data',
      recorded,
      (device) => device.controlOut(dnload(7), Uint8Array.of(1, 2, 4), 1_000),
      'line 4 of the trace has setup [33,1,7,0,3] with 010203 to device 1, and the host asks for setup [33,1,7,0,3] with 010204 to device 1',
    ],
    [
      'other data than the digest',
      [attach(1, 0), opened(1), block(7, digest)],
      (device) => device.controlOut(dnload(7), Uint8Array.of(1, 2, 3), 1_000),
      'with sha256 ab00000000000000… to device 1, and the host asks for setup [33,1,7,0,3] with 010203',
    ],
    [
      'a bulk transfer for a control transfer',
      recorded,
      (device) => device.bulkIn(2, 512, 1_000),
      'and the host asks for bulk [130,512] to device 1',
    ],
    ['a reset', recorded, (device) => device.reset(), 'and the host asks for reset of device 1'],
    [
      'a request after the end',
      [attach(1, 0), opened(1)],
      (device) => device.controlIn(GETSTATUS, 6, 1_000),
      'the trace has ended, and the host asks for setup [161,3,0,0,6] to device 1',
    ],
    [
      'a request to another device',
      [attach(1, 0), opened(1), status(1, 1, 'OK', 2)],
      (device) => device.controlIn(GETSTATUS, 6, 1_000),
      'has setup [161,3,0,0,6] to device 2',
    ],
  ])('%s, with the line and both requests', async (_, lines, ask, says) => {
    const device = await openFirst(replay(...lines));
    await expect(ask(device)).rejects.toMatchObject({
      code: 'trace/differs',
      message: expect.stringContaining(says),
    });
  });

  test('everything after the first difference', async () => {
    const under = replay(...recorded);
    const device = await openFirst(under);
    await device.controlIn(GETSTATUS, 6, 1_000).catch(() => undefined);
    const first = { code: 'trace/differs', message: expect.stringContaining('line 4') };
    await expect(device.controlOut(dnload(7), Uint8Array.of(1, 2, 3), 1_000)).rejects.toMatchObject(first);
    await expect(under.bus.list()).rejects.toMatchObject(first);
    await expect(device.reset()).rejects.toMatchObject(first);
  });
});
