import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { concatBytes, fromHex, toHex } from '../../src/base/bytes.ts';
import { realClock } from '../../src/base/clock.ts';
import type { Log } from '../../src/base/log.ts';
import { type BoardServer, serveBoards } from '../../src/simulator/server.ts';
import { usbipBus } from '../../src/usb/usbip/bus.ts';
import { encodeDevlistRequest, encodeImportRequest } from '../../src/usb/usbip/codec/operations.ts';
import { encodeUnlink } from '../../src/usb/usbip/codec/urbs.ts';
import { loopbackBoard } from '../usb/loopback-board.ts';
import { LOOPBACK } from '../usb/loopback-gadget.ts';
import { encodeSubmit } from '../usb/usbip/submit.ts';

const NOTHING = new Uint8Array(0);
const DEVICE_1 = 0x00010001;

let server: BoardServer;
let boards: ReturnType<typeof loopbackBoard>[];
let lines: string[];
const sockets: Socket[] = [];

beforeEach(async () => {
  lines = [];
  const keep = (fields: object, message: string) => void lines.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { debug: () => undefined, info: keep, warn: keep, error: keep };
  boards = [loopbackBoard(realClock, '1-1'), loopbackBoard(realClock, '1-2')];
  server = await serveBoards({ boards, host: '127.0.0.1', port: 0, log });
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.close();
});

/** A client that sends bytes and keeps what it gets. */
async function rawClient() {
  const socket = connect({ host: '127.0.0.1', port: server.port });
  sockets.push(socket);
  const received: Uint8Array[] = [];
  let ended = false;
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => received.push(chunk as Uint8Array));
  const end = new Promise<void>((resolve) => {
    socket.on('close', () => {
      ended = true;
      resolve();
    });
  });
  await new Promise((resolve) => socket.once('connect', resolve));
  const bytes = () => concatBytes(received);
  return {
    socket,
    send: (data: Uint8Array) => socket.write(data),
    end,
    get ended() {
      return ended;
    },
    bytes,
    async gets(length: number): Promise<Uint8Array> {
      for (let i = 0; i < 200 && bytes().length < length; i += 1) await realClock.sleep(5);
      return bytes();
    },
  };
}

const IMPORT_REPLY_BYTES = 320;

async function importer(busId = '1-1') {
  const client = await rawClient();
  client.send(encodeImportRequest(busId));
  await client.gets(IMPORT_REPLY_BYTES);
  return { ...client, urbs: () => toHex(client.bytes().subarray(IMPORT_REPLY_BYTES)) };
}

const vendorIn = (sequence: number, request: number, length = 8, value = 0) =>
  encodeSubmit({
    sequence,
    deviceId: DEVICE_1,
    direction: 1,
    endpoint: 0,
    length,
    setup: Uint8Array.of(0xc1, request, value, 0, 0, 0, length, 0),
    data: NOTHING,
  });

const vendorOut = (sequence: number, request: number) =>
  encodeSubmit({
    sequence,
    deviceId: DEVICE_1,
    direction: 0,
    endpoint: 0,
    length: 0,
    setup: Uint8Array.of(0x41, request, 0, 0, 0, 0, 0, 0),
    data: NOTHING,
  });

const retSubmit = (sequence: number, status: string, length = 0, data = '') =>
  `00000003${sequence.toString(16).padStart(8, '0')}${'00'.repeat(12)}${status}${length.toString(16).padStart(8, '0')}${'00'.repeat(20)}${data}`;

async function otherBoardWorks(): Promise<void> {
  const bus = usbipBus({
    host: '127.0.0.1',
    port: server.port,
    clock: realClock,
    log: { ...console, debug: () => undefined },
  });
  const info = (await bus.list()).find(({ port }) => port === '1-2');
  if (!info) throw new Error('board 1-2 is not listed');
  const device = await bus.open(info);
  await device.controlOut({ requestType: 0x41, request: LOOPBACK.ECHO, value: 0, index: 0 }, Uint8Array.of(7), 2_000);
  await bus.close();
}

describe('a USB/IP server', () => {
  test('lists the boards that are on the bus, with the class of their interfaces', async () => {
    boards[1]?.connector.detach();
    const client = await rawClient();
    client.send(encodeDevlistRequest());
    await client.end;
    const reply = client.bytes();
    expect(toHex(reply.subarray(0, 12))).toBe('011100050000000000000001');
    expect(reply).toHaveLength(12 + 312 + 4);
    expect(toHex(reply.subarray(-4))).toBe('ff000000');
  });

  test('gives a board to one client, and tells the second one that it is in use', async () => {
    const first = await importer();
    expect(toHex(first.bytes().subarray(0, 8))).toBe('0111000300000000');
    const second = await rawClient();
    second.send(encodeImportRequest('1-1'));
    await second.end;
    expect(toHex(second.bytes())).toBe('0111000300000002');
    expect(lines.join()).toContain('asked for a device that it cannot have');
    await otherBoardWorks();
  });

  test('says ST_NODEV for a board that is not there', async () => {
    const client = await rawClient();
    client.send(encodeImportRequest('9-9'));
    await client.end;
    expect(toHex(client.bytes())).toBe('0111000300000004');
  });

  test('gives a board free when its client vanishes', async () => {
    const first = await importer();
    first.send(vendorIn(1, LOOPBACK.HANG));
    first.socket.destroy();
    await first.end;
    let second = await importer();
    for (let i = 0; i < 50 && second.bytes().length < IMPORT_REPLY_BYTES; i += 1) second = await importer();
    expect(toHex(second.bytes().subarray(0, 8))).toBe('0111000300000000');
  });

  test('answers a stall with -EPIPE, and an unlink with -ECONNRESET instead of the transfer', async () => {
    const client = await importer();
    client.send(concatBytes([vendorIn(1, LOOPBACK.STALL), vendorIn(2, LOOPBACK.HANG)]));
    client.send(encodeUnlink({ sequence: 3, deviceId: DEVICE_1, target: 2 }));
    client.send(encodeUnlink({ sequence: 4, deviceId: DEVICE_1, target: 1 }));
    await client.gets(IMPORT_REPLY_BYTES + 3 * 48);
    expect(client.urbs()).toBe(
      [
        retSubmit(1, 'ffffffe0'),
        `0000000400000003${'00'.repeat(12)}ffffff98${'00'.repeat(24)}`,
        `0000000400000004${'00'.repeat(12)}00000000${'00'.repeat(24)}`,
      ].join(''),
    );
  });

  test('cuts a reply to what was asked for', async () => {
    const client = await importer();
    client.send(concatBytes([vendorIn(1, LOOPBACK.HISTORY, 1, 5), vendorIn(2, LOOPBACK.HISTORY, 1, 6)]));
    await client.gets(IMPORT_REPLY_BYTES + 2 * 49);
    expect(client.urbs()).toBe(retSubmit(1, '00000000', 1, '05') + retSubmit(2, '00000000', 1, '05'));
  });

  test('answers -ESHUTDOWN when the board leaves, for a moment also to stragglers, and then ends', async () => {
    const client = await importer();
    client.send(concatBytes([vendorIn(1, LOOPBACK.HANG), vendorIn(2, LOOPBACK.ECHO)]));
    await realClock.sleep(10);
    boards[0]?.connector.detach();
    await client.gets(IMPORT_REPLY_BYTES + 2 * 48);
    client.send(vendorIn(3, LOOPBACK.ECHO));
    await client.end;
    expect(client.urbs()).toBe([1, 2, 3].map((sequence) => retSubmit(sequence, 'ffffff94')).join(''));
    expect(lines).toEqual([]);
  });

  test('shows a board that came back under the same bus id with another device number', async () => {
    const first = await importer();
    first.send(vendorOut(1, LOOPBACK.LEAVE));
    boards[0]?.connector.unplug();
    boards[0]?.connector.plug();
    await first.end;
    const client = await rawClient();
    client.send(encodeDevlistRequest());
    await client.end;
    expect(lines).toEqual([]);
  });

  test('refuses a control transfer whose two lengths or directions differ', async () => {
    const client = await importer();
    const odd = (sequence: number, requestType: number, length: number) =>
      encodeSubmit({
        sequence,
        deviceId: DEVICE_1,
        direction: 1,
        endpoint: 0,
        length: 8,
        setup: Uint8Array.of(requestType, LOOPBACK.ECHO, 0, 0, 0, 0, length, 0),
        data: NOTHING,
      });
    client.send(concatBytes([odd(1, 0xc1, 9), odd(2, 0x41, 8)]));
    await client.gets(IMPORT_REPLY_BYTES + 2 * 48);
    expect(client.urbs()).toBe(retSubmit(1, 'ffffffea') + retSubmit(2, 'ffffffea'));
  });

  test.each([
    ['a web browser', new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n'), 'version 0x4745'],
    ['an unknown operation', fromHex('0111 8099 00000000'), 'operation 0x8099'],
    ['a bus id without an end', fromHex(`0111 8003 00000000 ${'41'.repeat(32)}`), 'a text of 32 bytes without an end'],
  ])('cuts off %s with a line in the log', async (_, bytes, reason) => {
    const client = await rawClient();
    client.send(bytes);
    await client.end;
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(reason);
    await otherBoardWorks();
  });

  test.each([
    ['an unknown command', fromHex(`00000009${'00'.repeat(44)}`), 'command 9'],
    [
      'a transfer of 4 GiB',
      fromHex(`00000001000000010001000100000000000000000000 0000 ffffffff ${'00'.repeat(20)}`),
      'a transfer of 4294967295 bytes',
    ],
    [
      'one number twice',
      concatBytes([vendorIn(1, LOOPBACK.HANG), vendorIn(1, LOOPBACK.HANG)]),
      'transfer 1 is in flight twice',
    ],
    [
      'more transfers than any host has',
      concatBytes(Array.from({ length: 1100 }, (_, i) => vendorIn(i + 1, LOOPBACK.HANG))),
      'more than 1024 transfers in flight',
    ],
  ])('cuts off a client with %s, and its board is free again', async (_, bytes, reason) => {
    const client = await importer();
    client.send(bytes);
    await client.end;
    expect(lines.join()).toContain(reason);
    expect(toHex((await importer()).bytes().subarray(0, 8))).toBe('0111000300000000');
    await otherBoardWorks();
  });

  test('answers everything to a client that reads late', async () => {
    const client = await importer();
    const echo = Uint8Array.of(0x41, LOOPBACK.ECHO, 0, 0, 0, 0, 0x00, 0xf0);
    const data = new Uint8Array(0xf000).fill(7);
    const out = {
      sequence: 1,
      deviceId: DEVICE_1,
      direction: 0,
      endpoint: 0,
      length: 0xf000,
      setup: echo,
      data,
    } as const;
    client.send(encodeSubmit(out));
    await client.gets(IMPORT_REPLY_BYTES + 48);
    client.socket.pause();
    const back = { ...out, direction: 1, setup: Uint8Array.of(0xc1, ...echo.subarray(1)), data: NOTHING } as const;
    client.send(concatBytes(Array.from({ length: 500 }, (_, i) => encodeSubmit({ ...back, sequence: i + 2 }))));
    await realClock.sleep(100);
    client.socket.resume();
    const total = IMPORT_REPLY_BYTES + 48 + 500 * (48 + 0xf000);
    expect(await client.gets(total)).toHaveLength(total);
  });

  test('survives any bytes, before and after an import', async () => {
    const garbage = fc.array(fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.constant(vendorIn(1, LOOPBACK.ECHO))), {
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(fc.boolean(), garbage, async (imports, pieces) => {
        const client = imports ? await importer() : await rawClient();
        for (const piece of pieces) client.send(piece);
        client.socket.end();
        await client.end;
      }),
      { numRuns: 60 },
    );
    await otherBoardWorks();
  });

  test('says so when it cannot listen', async () => {
    await expect(serveBoards({ boards, host: '127.0.0.1', port: server.port, log: console })).rejects.toMatchObject({
      code: 'usage/arguments',
    });
  });
});
