import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { concatBytes } from '../../../src/base/bytes.ts';
import { realClock } from '../../../src/base/clock.ts';
import { PhaselineError } from '../../../src/base/errors.ts';
import { silentLog } from '../../../src/base/log.ts';
import type { UsbBus } from '../../../src/usb/port.ts';
import { usbipBus } from '../../../src/usb/usbip/bus.ts';
import { ByteQueue } from '../../../src/usb/usbip/codec/byte-queue.ts';
import type { DeviceRecord } from '../../../src/usb/usbip/codec/device-record.ts';
import { encodeDevlistReply, encodeImportReply } from '../../../src/usb/usbip/codec/operations.ts';
import { encodeSubmitReply, encodeUnlinkReply, takeCommand } from '../../../src/usb/usbip/codec/urbs.ts';

const BOARD: DeviceRecord = {
  path: '/sys/x',
  busId: '1-1',
  busNumber: 1,
  deviceNumber: 2,
  speed: 3,
  vendorId: 0x0483,
  productId: 0xdf11,
  deviceVersion: 0x0200,
  deviceClass: 0,
  deviceSubClass: 0,
  deviceProtocol: 0,
  configurationValue: 1,
  configurations: 1,
  interfaces: 0,
};
const INFO = {
  port: '1-1',
  key: '1:2',
  vendorId: 0x0483,
  productId: 0xdf11,
  deviceVersion: 0x0200,
  speed: 'high',
} as const;
const GET = { requestType: 0xc1, request: 1, value: 0, index: 0 } as const;
const NOTHING = new Uint8Array(0);

let server: Server | undefined;
const buses: UsbBus[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  await Promise.all(buses.splice(0).map((bus) => bus.close()));
  for (const socket of sockets.splice(0)) socket.destroy();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

/** A server that does what a test wants, and a client of it. */
async function clientOf(serve: (socket: Socket) => void): Promise<UsbBus> {
  const listening = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as AddressInfo;
  const bus = usbipBus({ host: '127.0.0.1', port, clock: realClock, log: silentLog });
  buses.push(bus);
  return bus;
}

/** Imports, acknowledges the first URB (SET_CONFIGURATION), and leaves the rest to `onUrb`. */
function importing(onUrb: (socket: Socket, sequence: number) => void, answersUnlinks = true) {
  return (socket: Socket) => {
    const queue = new ByteQueue();
    let imported = false;
    let configured = false;
    socket.on('data', (chunk) => {
      if (!imported) {
        imported = true;
        socket.write(encodeImportReply({ device: BOARD }));
        return;
      }
      queue.push(chunk as Uint8Array);
      for (let command = takeCommand(queue); command; command = takeCommand(queue)) {
        if (!configured) {
          configured = true;
          socket.write(encodeSubmitReply({ sequence: command.sequence, status: 0, actualLength: 0, data: NOTHING }));
        } else if (command.command === 'submit') onUrb(socket, command.sequence);
        else if (answersUnlinks) socket.write(encodeUnlinkReply({ sequence: command.sequence, status: -104 }));
      }
    });
  };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'resolved',
    (error) => (error instanceof PhaselineError ? error.code : `raw ${error}`),
  );
}

describe('a USB/IP client lists', () => {
  test('what the server exports, when the reply comes byte by byte', async () => {
    const reply = encodeDevlistReply([{ device: BOARD, interfaces: [] }]);
    const bus = await clientOf((socket) => {
      socket.on('data', () => {
        for (const byte of reply) socket.write(Uint8Array.of(byte));
      });
    });
    expect(await bus.list()).toEqual([INFO]);
    expect(bus.name).toMatch(/^usbip:\/\/127\.0\.0\.1:\d+$/);
  });

  test.each([
    ['garbage', (socket: Socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'), 'usb/protocol'],
    ['nothing, and is cut off', (socket: Socket) => void socket.destroy(), 'usb/no-bus'],
    [
      'half a reply, and is cut off',
      (socket: Socket) => void socket.end(encodeDevlistReply([]).subarray(0, 9)),
      'usb/no-bus',
    ],
  ])('nothing from a server that says %s', async (_, serve, code) => {
    const bus = await clientOf(serve);
    expect(await codeOf(bus.list())).toBe(code);
  });
});

describe('a USB/IP client opens', () => {
  test.each([
    [1, 'usb/busy'],
    [2, 'usb/busy'],
    [3, 'usb/io'],
    [4, 'usb/gone'],
    [99, 'usb/io'],
  ])('nothing when the import is refused with status %i: %s', async (refused, code) => {
    const bus = await clientOf((socket) => socket.on('data', () => socket.write(encodeImportReply({ refused }))));
    expect(await codeOf(bus.open(INFO))).toBe(code);
  });

  test('nothing when another device has come to that place meanwhile', async () => {
    const bus = await clientOf(importing(() => undefined));
    expect(await codeOf(bus.open({ ...INFO, key: '1:1' }))).toBe('usb/gone');
  });
});

describe('a transfer over USB/IP', () => {
  test.each([
    [-32, 'usb/stall'],
    [-19, 'usb/gone'],
    [-108, 'usb/gone'],
    [-71, 'usb/io'],
    [-104, 'usb/io'],
  ])('with status %i ends with %s', async (status, code) => {
    const answer = (socket: Socket, sequence: number) =>
      void socket.write(encodeSubmitReply({ sequence, status, actualLength: 0, data: NOTHING }));
    const device = await (await clientOf(importing(answer))).open(INFO);
    expect(await codeOf(device.controlIn(GET, 8, 1_000))).toBe(code);
  });

  test.each([
    ['a reply to a transfer that was never sent', 999],
    ['a reply twice', undefined],
  ])('ends with usb/protocol after %s', async (_, other) => {
    const answer = (socket: Socket, sequence: number) => {
      const reply = { status: 0, actualLength: 0, data: NOTHING };
      if (other === undefined) socket.write(encodeSubmitReply({ sequence: sequence - 1, ...reply }));
      else socket.write(encodeSubmitReply({ sequence: other, ...reply }));
    };
    const device = await (await clientOf(importing(answer))).open(INFO);
    expect(await codeOf(device.controlIn(GET, 8, 1_000))).toBe('usb/protocol');
    expect(await codeOf(device.controlIn(GET, 8, 1_000))).toBe('usb/protocol');
  });

  test('of which the device has not taken every byte is usb/io, whatever its status says', async () => {
    const answer = (socket: Socket, sequence: number) =>
      void socket.write(encodeSubmitReply({ sequence, status: 0, actualLength: 2, data: NOTHING }));
    const device = await (await clientOf(importing(answer))).open(INFO);
    const put = { requestType: 0x41, request: 1, value: 0, index: 0 } as const;
    expect(await codeOf(device.controlOut(put, new Uint8Array(3), 1_000))).toBe('usb/io');
    expect(await codeOf(device.bulkOut(1, new Uint8Array(3), 1_000))).toBe('usb/io');
    expect(await codeOf(device.bulkOut(1, new Uint8Array(2), 1_000))).toBe('resolved');
  });

  test('ends with usb/gone when the server goes', async () => {
    const device = await (await clientOf(importing((socket) => void socket.destroy()))).open(INFO);
    const both = [device.controlIn(GET, 8, 1_000), device.controlIn(GET, 8, 1_000)];
    expect(await Promise.all(both.map(codeOf))).toEqual(['usb/gone', 'usb/gone']);
  });

  test('that was given up may still be answered: its data is not taken for the next reply', async () => {
    const late: number[] = [];
    const answer = (socket: Socket, sequence: number) => {
      late.push(sequence);
      if (late.length < 2) return;
      const data = Uint8Array.of(0xaa, 0xbb, 0xcc);
      const replies = late.map((each, i) =>
        encodeSubmitReply({ sequence: each, status: 0, actualLength: 3 - i, data: data.subarray(i) }),
      );
      socket.write(concatBytes(replies));
    };
    const device = await (await clientOf(importing(answer, false))).open(INFO);
    expect(await codeOf(device.controlIn(GET, 8, 30))).toBe('usb/timeout');
    expect(Array.from(await device.controlIn(GET, 8, 1_000))).toEqual([0xbb, 0xcc]);
  });

  test('that the server never gives back ends in time all the same, each after its own', async () => {
    const device = await (await clientOf(importing(() => undefined))).open(INFO);
    const start = performance.now();
    const ended: number[] = [];
    const wait = (ms: number) => codeOf(device.controlIn(GET, 8, ms)).then(() => ended.push(ms));
    await Promise.all([wait(90), wait(30), wait(60)]);
    expect(ended).toEqual([30, 60, 90]);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
