import { describe, expect, test } from 'vitest';
import { PhaselineError } from '../../../src/base/errors.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { simulatedBus } from '../../../src/simulator/bus.ts';
import type { UsbBus, UsbDevice } from '../../../src/usb/port.ts';
import { recordBus } from '../../../src/usb/trace/record.ts';
import { loopbackBoard } from '../loopback-board.ts';
import { LOOPBACK } from '../loopback-gadget.ts';

const ATTACHED =
  '{"event":"attach","device":1,"port":"1-1","key":"1:1","vendorId":4617,"productId":1,"deviceVersion":256,"speed":"high","atMs":0}';
const out = (request: number, value = 0, index = 0) => ({ requestType: 0x41, request, value, index });
const input = (request: number) => ({ requestType: 0xc1, request, value: 0, index: 0 });

interface Recording {
  readonly clock: VirtualClock;
  readonly bus: UsbBus;
  readonly lines: readonly string[];
}

function record(): Recording {
  const clock = new VirtualClock();
  const lines: string[] = [];
  const bus = recordBus(simulatedBus([loopbackBoard(clock)], clock), clock, (line) => lines.push(line));
  return { clock, bus, lines };
}

async function openOnly({ bus }: Recording): Promise<UsbDevice> {
  const [info] = await bus.list();
  if (!info) throw new Error('no device');
  return bus.open(info);
}

describe('a recording', () => {
  test('begins with its head, and has the device that was found and opened', async () => {
    const recording = record();
    await openOnly(recording);
    expect(recording.lines).toEqual([
      '{"trace":1,"bus":"simulator","date":"2026-01-01T00:00:00.000Z"}',
      ATTACHED,
      '{"event":"open","device":1,"status":"OK","atMs":0}',
    ]);
  });

  test('has a line for each transfer: what was asked, sent and answered', async () => {
    const recording = record();
    const device = await openOnly(recording);
    await device.controlOut(out(LOOPBACK.ECHO, 7), Uint8Array.of(1, 2, 0xff), 1_000);
    await device.controlIn(input(LOOPBACK.ECHO), 64, 1_000);
    await device.controlIn(input(LOOPBACK.STALL), 8, 1_000).catch(() => undefined);
    await device.controlIn(input(LOOPBACK.HANG), 8, 250).catch(() => undefined);
    await device.selectAlternate(1, 1_000);
    await device.bulkOut(1, Uint8Array.of(5), 1_000);
    await device.bulkIn(2, 512, 1_000);
    await device.reset();
    expect(recording.lines.slice(3)).toEqual([
      '{"device":1,"setup":[65,1,7,0,3],"out":{"len":3,"hex":"0102ff"},"status":"OK","startMs":0,"endMs":0}',
      '{"device":1,"setup":[193,1,0,0,64],"status":"OK","in":{"len":3,"hex":"0102ff"},"startMs":0,"endMs":0}',
      '{"device":1,"setup":[193,2,0,0,8],"status":"STALL","startMs":0,"endMs":0}',
      '{"device":1,"setup":[193,3,0,0,8],"status":"ETIMEDOUT","startMs":0,"endMs":250}',
      '{"device":1,"setup":[1,11,1,0,0],"status":"OK","startMs":250,"endMs":250}',
      '{"device":1,"bulk":[1,1],"out":{"len":1,"hex":"05"},"status":"OK","startMs":250,"endMs":250}',
      '{"device":1,"bulk":[130,512],"status":"OK","in":{"len":1,"hex":"05"},"startMs":250,"endMs":250}',
      '{"event":"reset","device":1,"atMs":250,"status":"OK"}',
    ]);
  });

  test('has OUT data above 64 bytes as its digest, and IN data always whole', async () => {
    const recording = record();
    const device = await openOnly(recording);
    await device.controlOut(out(LOOPBACK.ECHO), new Uint8Array(64), 1_000);
    await device.controlOut(out(LOOPBACK.ECHO), new Uint8Array(65), 1_000);
    await device.controlIn(input(LOOPBACK.ECHO), 100, 1_000);
    const [whole, cut, came] = recording.lines.slice(3).map((line) => JSON.parse(line));
    expect(whole.out).toEqual({ len: 64, hex: '00'.repeat(64) });
    expect(cut.out).toEqual({
      len: 65,
      sha256: '98ce42deef51d40269d542f5314bef2c7468d401ad5d85168bfab4c0108f75f7',
    });
    expect(came.in).toEqual({ len: 65, hex: '00'.repeat(65) });
  });

  test('has transfers in flight together in the order in which they were started', async () => {
    const recording = record();
    const device = await openOnly(recording);
    const hanging = device.controlIn(input(LOOPBACK.HANG), 8, 300).catch(() => undefined);
    const quick = device.controlIn(input(LOOPBACK.ECHO), 8, 100).catch(() => undefined);
    await quick;
    expect(recording.lines).toHaveLength(3);
    await hanging;
    const [first, second] = recording.lines.slice(3).map((line) => JSON.parse(line));
    expect(first).toMatchObject({ setup: [193, 3, 0, 0, 8], status: 'ETIMEDOUT', startMs: 0, endMs: 300 });
    expect(second).toMatchObject({ setup: [193, 1, 0, 0, 8], status: 'ETIMEDOUT', startMs: 0, endMs: 100 });
  });

  test('shows a device that left and came back as another one', async () => {
    const recording = record();
    const device = await openOnly(recording);
    await device.controlOut(out(LOOPBACK.LEAVE, 50, 1), new Uint8Array(0), 1_000).catch(() => undefined);
    await recording.bus.list();
    await recording.clock.sleep(60);
    await recording.bus.list();
    await recording.bus.list();
    expect(recording.lines.slice(3)).toEqual([
      '{"device":1,"setup":[65,4,50,1,0],"status":"ENODEV","startMs":0,"endMs":0}',
      '{"event":"gone","device":1,"port":"1-1","key":"1:1","atMs":0}',
      ATTACHED.replace('"device":1', '"device":2').replace('1:1', '1:2').replace('"atMs":0', '"atMs":60'),
    ]);
  });

  test('has what was in flight when the bus was closed, and nothing that was asked of a closed device', async () => {
    const recording = record();
    const device = await openOnly(recording);
    const hanging = device.controlIn(input(LOOPBACK.HANG), 8, 5_000).catch(() => undefined);
    await recording.bus.close();
    expect(recording.lines.slice(3).map((line) => JSON.parse(line).status)).toEqual(['ENODEV']);
    await hanging;
    await device.close();
    await device.controlIn(input(LOOPBACK.ECHO), 8, 1_000).catch(() => undefined);
    expect(recording.lines).toHaveLength(4);
  });

  test('is complete when its bus is closed, though a transfer comes back late', async () => {
    const clock = new VirtualClock();
    const lines: string[] = [];
    const inner = simulatedBus([loopbackBoard(clock)], clock);
    const comesBackLate = async () => {
      await clock.sleep(50);
      throw new PhaselineError('usb/gone', 'late');
    };
    const late: UsbBus = {
      ...inner,
      open: async (info) => Object.assign(await inner.open(info), { controlIn: comesBackLate }),
    };
    const bus = recordBus(late, clock, (line) => lines.push(line));
    const device = await openOnly({ clock, bus, lines });
    device.controlIn(input(LOOPBACK.ECHO), 8, 1_000).catch(() => undefined);
    await bus.close();
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ status: 'ENODEV', endMs: 50 });
  });

  test('has the looks and openings that failed', async () => {
    const recording = record();
    await openOnly(recording);
    const [info] = await recording.bus.list();
    await recording.bus.open(info as NonNullable<typeof info>).catch(() => undefined);
    expect(recording.lines.at(-1)).toBe('{"event":"open","device":1,"status":"EBUSY","atMs":0}');

    const lines: string[] = [];
    const clock = new VirtualClock();
    const nowhere = { ...recording.bus, list: () => Promise.reject(new PhaselineError('usb/no-bus', 'none')) };
    await recordBus(nowhere, clock, (line) => lines.push(line))
      .list()
      .catch(() => undefined);
    expect(lines.at(-1)).toBe('{"event":"list","status":"ENOENT","atMs":0}');
  });

  test('leaves results and failures as the bus gave them', async () => {
    const recording = record();
    const device = await openOnly(recording);
    await device.controlOut(out(LOOPBACK.ECHO), Uint8Array.of(9), 1_000);
    expect([...(await device.controlIn(input(LOOPBACK.ECHO), 8, 1_000))]).toEqual([9]);
    await expect(device.controlIn(input(LOOPBACK.STALL), 8, 1_000)).rejects.toMatchObject({ code: 'usb/stall' });
  });
});
