import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { concatBytes } from '../../src/base/bytes.ts';
import { realClock } from '../../src/base/clock.ts';
import { type Log, silentLog } from '../../src/base/log.ts';
import { SimulatedBoard } from '../../src/simulator/board.ts';
import { boardProfile } from '../../src/simulator/profiles.ts';
import { type BoardServer, serveBoards } from '../../src/simulator/server.ts';
import { usbipBus } from '../../src/usb/usbip/bus.ts';
import { encodeDevlistRequest, encodeImportRequest } from '../../src/usb/usbip/codec/operations.ts';
import { encodeSetup, encodeUnlink } from '../../src/usb/usbip/codec/urbs.ts';
import { encodeSubmit } from '../usb/usbip/submit.ts';
import { UsbipClient } from './usbip-client.ts';

const MIB = 2 ** 20;
const IMPORT_REPLY_BYTES = 320;
const DEVICE_1 = 0x00010001;
const NOTHING = new Uint8Array(0);

let server: BoardServer;
let boards: SimulatedBoard[];
/** What the log would show: one entry a line. */
let lines: string[];
const clients: UsbipClient[] = [];

beforeEach(async () => {
  lines = [];
  const keep = (fields: object, message: string) => void lines.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { debug: () => undefined, info: keep, warn: keep, error: keep };
  const settings = { resetToRomMs: 0 };
  boards = ['1-1', '1-2'].map(
    (port) => new SimulatedBoard({ profile: boardProfile('stm32mp157c-dk2'), clock: realClock, port, settings }),
  );
  for (const board of boards) board.powerOn();
  await realClock.sleep(10);
  server = await serveBoards({ boards, host: '127.0.0.1', port: 0, log });
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.destroy();
  await server.close();
  for (const board of boards) board.close();
});

function newClient(): UsbipClient {
  const client = new UsbipClient(server.port);
  clients.push(client);
  return client;
}

const control = (sequence: number, requestType: number, request: number, value: number, data: Uint8Array | number) => {
  const isIn = typeof data === 'number';
  const length = isIn ? data : data.length;
  return encodeSubmit({
    sequence,
    deviceId: DEVICE_1,
    direction: isIn ? 1 : 0,
    endpoint: 0,
    length,
    setup: encodeSetup({ requestType, request, value, index: 0, length }),
    data: isIn ? NOTHING : data,
  });
};
const block = (sequence: number) => control(sequence, 0x21, 1, sequence, new Uint8Array(1024).fill(sequence));
const getStatus = (sequence: number) => control(sequence, 0xa1, 3, 0, 6);
const getDescriptor = (sequence: number) => control(sequence, 0x80, 6, 0x0200, 255);

/** What a client says that flashes: the import, descriptors, blocks, an unlink. */
const SESSION = [
  encodeImportRequest('1-1'),
  getDescriptor(1),
  control(2, 0x01, 11, 1, NOTHING),
  block(3),
  getStatus(4),
  block(5),
  encodeUnlink({ sequence: 6, deviceId: DEVICE_1, target: 5 }),
  getStatus(7),
];
const SESSION_BYTES = concatBytes(SESSION);

/** The board on that port can be had and answers, also right after another client had it. */
async function answers(port: string): Promise<boolean> {
  const bus = usbipBus({ host: '127.0.0.1', port: server.port, clock: realClock, log: silentLog });
  try {
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const info = (await bus.list()).find((candidate) => candidate.port === port);
      if (!info) return false;
      try {
        const device = await bus.open(info);
        const reply = await device.controlIn({ requestType: 0x80, request: 6, value: 0x0100, index: 0 }, 18, 2_000);
        await device.close();
        return reply.length === 18;
      } catch {
        await realClock.sleep(5); // the connection before is still being cleared away
      }
    }
    return false;
  } finally {
    await bus.close();
  }
}

async function bothAnswer(): Promise<void> {
  expect({ attacked: await answers('1-1'), other: await answers('1-2') }).toEqual({ attacked: true, other: true });
  for (const line of lines) expect(line).not.toMatch(/[\n\r]/);
}

/** Damage of every kind to a stream of bytes. */
const damage = fc.array(
  fc.record({
    kind: fc.constantFrom('flip', 'cut', 'repeat', 'insert', 'word'),
    at: fc.nat({ max: SESSION_BYTES.length - 1 }),
    length: fc.integer({ min: 1, max: 64 }),
    value: fc.constantFrom(0, 1, 0x7f, 0x80, 0xff),
  }),
  { minLength: 1, maxLength: 4 },
);

type Damage = (typeof damage extends fc.Arbitrary<infer T> ? T : never)[number];

function damaged(bytes: Uint8Array, { kind, at, length, value }: Damage): Uint8Array {
  const [before, piece, after] = [bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at + length)];
  switch (kind) {
    case 'flip':
      return concatBytes([before, piece.map((byte) => byte ^ value), after]);
    case 'cut':
      return concatBytes([before, after]);
    case 'repeat':
      return concatBytes([before, piece, piece, after]);
    case 'insert':
      return concatBytes([before, new Uint8Array(length).fill(value), piece, after]);
    default:
      // A whole field of 32 bits, where fields of this protocol stand.
      return concatBytes([bytes.subarray(0, at & ~3), new Uint8Array(4).fill(value), bytes.subarray((at & ~3) + 4)]);
  }
}

describe('bad input to a USB/IP server', () => {
  test('a good session, damaged anywhere, harms nobody', async () => {
    await fc.assert(
      fc.asyncProperty(damage, fc.integer({ min: 1, max: 700 }), fc.boolean(), async (damages, chunk, vanishes) => {
        const bytes = damages.reduce(damaged, SESSION_BYTES);
        const client = newClient();
        for (let at = 0; at < bytes.length; at += chunk) await client.send(bytes.subarray(at, at + chunk));
        if (vanishes) client.socket.resetAndDestroy();
        else client.socket.end();
        await client.end;
      }),
      { numRuns: 80 },
    );
    await bothAnswer();
  });

  test('a session that ends after any of its bytes leaves the board free', async () => {
    for (let length = 1; length < SESSION_BYTES.length; length += length < 400 ? 13 : 97) {
      const client = newClient();
      await client.send(SESSION_BYTES.subarray(0, length));
      if (length % 2 === 0) client.socket.resetAndDestroy();
      else client.socket.end();
      await client.end;
    }
    await bothAnswer();
    expect(lines.filter((line) => line.includes('broke the protocol'))).toEqual([]);
  });

  test.each([
    ['a transfer of 4 GiB', 24, 0xffffffff, 'a transfer of 4294967295 bytes'],
    ['an unknown command', 0, 0x00000007, 'command 7'],
    ['a direction that is none', 12, 2, 'direction 2'],
    ['isochronous packets', 32, 16, 'an isochronous transfer of 16 packets'],
  ])('%s ends the connection with one line that says what it was', async (_, offset, value, reason) => {
    const packet = getStatus(1).slice();
    new DataView(packet.buffer).setUint32(offset, value);
    const client = newClient();
    await client.send(encodeImportRequest('1-1'));
    await client.receives(IMPORT_REPLY_BYTES);
    await client.send(packet);
    await client.end;
    expect(lines).toEqual([expect.stringContaining('a USB/IP client broke the protocol and was cut off')]);
    expect(lines[0]).toContain(reason);
    expect(lines[0]).toMatch(/"client":"127\.0\.0\.1:\d+"/);
    await bothAnswer();
  });

  test('a second client of a board is refused, and the first one goes on', async () => {
    const first = newClient();
    await first.send(encodeImportRequest('1-1'));
    await first.receives(IMPORT_REPLY_BYTES);
    for (let i = 0; i < 20; i += 1) {
      const second = newClient();
      await second.send(encodeImportRequest('1-1'));
      await second.end;
      expect(second.received).toHaveLength(8);
    }
    await first.send(getStatus(1));
    expect(await first.receives(IMPORT_REPLY_BYTES + 48 + 6)).toBe(true);
    expect(lines).toHaveLength(20);
    first.socket.end();
    await first.end;
    await bothAnswer();
  });

  test('more connections than it serves do not keep it from serving afterwards', async () => {
    const crowd = Array.from({ length: 300 }, () => newClient());
    await Promise.all(crowd.map((client) => Promise.race([client.send(encodeDevlistRequest()), client.end])));
    for (const client of crowd) client.socket.destroy();
    await Promise.all(crowd.map(({ end }) => end));
    await bothAnswer();
  });
});

describe('a client that does nothing', () => {
  afterEach(() => void vi.useRealTimers());

  /** Some turns of the event loop, whatever the clock says. */
  async function turns(count: number): Promise<void> {
    for (let i = 0; i < count; i += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  test.each([
    ['without a word', NOTHING],
    ['after half a request', encodeImportRequest('1-1').subarray(0, 20)],
  ])('%s is cut off after ten seconds', async (_, bytes) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const client = newClient();
    await client.send(bytes);
    await turns(200);
    await vi.advanceTimersByTimeAsync(9_000);
    expect(client.socket.closed).toBe(false);
    await vi.advanceTimersByTimeAsync(2_000);
    await client.end;
    expect(lines).toEqual([expect.stringContaining('a USB/IP client asked for nothing and was cut off')]);
  });

  test('with the board it was given keeps it: an operator may be thinking', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const client = newClient();
    await client.send(encodeImportRequest('1-1'));
    await turns(200);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(client.socket.closed).toBe(false);
    expect(lines).toEqual([]);
  });
});

describe('the memory of a USB/IP server', () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;

  /** After several collections: buffers are freed in the background, behind the one that found them unused. */
  async function usedBytes(): Promise<number> {
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 4; i += 1) {
      collectGarbage();
      await realClock.sleep(15);
      const { heapUsed, external } = process.memoryUsage();
      least = Math.min(least, heapUsed + external);
    }
    return least;
  }

  test('does not grow with clients that come, load it with transfers and vanish', async () => {
    const round = async () => {
      const client = newClient();
      await client.send(encodeImportRequest('1-1'));
      await client.receives(IMPORT_REPLY_BYTES);
      // 2 MiB that nobody will ever ask the result of, the last piece unfinished.
      const packets = Array.from({ length: 32 }, (_, i) => control(i + 1, 0x21, 1, i, new Uint8Array(0xf000)));
      await client.send(concatBytes([...packets, block(99).subarray(0, 500)]));
      client.socket.resetAndDestroy();
      await client.end;
      clients.splice(0);
    };
    for (let i = 0; i < 5; i += 1) await round();
    const before = await usedBytes();
    for (let i = 0; i < 40; i += 1) await round();
    expect((await usedBytes()) - before).toBeLessThan(8 * MIB); // 80 MiB came
    await bothAnswer();
  });

  test('is bounded for a client that asks without reading the answers', async () => {
    const client = newClient();
    await client.send(encodeImportRequest('1-1'));
    await client.receives(IMPORT_REPLY_BYTES);
    client.socket.pause();
    // 60,000 configuration descriptors: 8 MB of answers, on 2.9 MB of requests, four times.
    const questions = concatBytes(Array.from({ length: 60_000 }, (_, i) => getDescriptor(i + 1)));
    const before = await usedBytes();
    for (let i = 0; i < 4; i += 1) client.socket.write(questions);
    await realClock.sleep(300);
    expect(client.socket.writableLength).toBeGreaterThan(0); // the server has stopped reading
    expect((await usedBytes()) - before).toBeLessThan(20 * MIB);
    await expect(answers('1-2')).resolves.toBe(true);
    client.socket.destroy();
    await client.end;
    await bothAnswer();
  });
});
