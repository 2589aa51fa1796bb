import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PhaselineError } from '../../../src/base/errors.ts';
import { parseTrace } from '../../../src/usb/trace/parse.ts';

const HEAD = '{"trace":1,"bus":"libusb","date":"2026-01-01T00:00:00.000Z"}';
const TRANSFER = {
  device: 1,
  setup: [0xa1, 3, 0, 0, 6],
  status: 'OK',
  in: { len: 6, hex: '000000000500' },
  startMs: 1.5,
  endMs: 2,
};
const BLOCK = {
  device: 1,
  setup: [0x21, 1, 0, 0, 3],
  out: { len: 3, hex: '010203' },
  status: 'OK',
  startMs: 0,
  endMs: 1,
};
const ATTACH = {
  event: 'attach',
  device: 1,
  port: '1-1',
  key: '1:4',
  vendorId: 0x0483,
  productId: 0xdf11,
  deviceVersion: 0x200,
  speed: 'high',
  atMs: 0,
};

const traceOf = (...lines: readonly object[]) => `${[HEAD, ...lines.map((line) => JSON.stringify(line))].join('\n')}\n`;

describe('the text of a trace', () => {
  test('is read line by line, numbered as an editor does', () => {
    const bulk = { device: 1, bulk: [0x82, 512], status: 'STALL', startMs: 3, endMs: 4 };
    const gone = { event: 'gone', device: 1, port: '1-1', key: '1:4', atMs: 5 };
    const lines = [ATTACH, TRANSFER, BLOCK, bulk, gone];
    const trace = parseTrace(traceOf(...lines));
    expect(trace.head).toEqual({ trace: 1, bus: 'libusb', date: '2026-01-01T00:00:00.000Z' });
    expect(trace.lines).toEqual(lines.map((line, index) => ({ number: index + 2, line })));
    expect(trace.cut).toBe(false);
  });

  test.each([5, 40, JSON.stringify(TRANSFER).length])('may end after %d bytes of a line', (bytes) => {
    const text = traceOf(TRANSFER) + JSON.stringify(TRANSFER).slice(0, bytes);
    expect(parseTrace(text)).toMatchObject({ cut: true, lines: [{ number: 2 }] });
  });

  test('leaves out fields that this version does not know', () => {
    const [entry] = parseTrace(traceOf({ ...TRANSFER, later: 1 })).lines;
    expect(entry?.line).toEqual(TRANSFER);
  });
});

describe('trace/format is', () => {
  test.each<[string, string]>([
    ['an empty file', ''],
    ['a file without an end of line', HEAD],
    ['a text', 'hello\n'],
    ['JSON that is no head', '{"scenario":"b_gpt"}\n'],
    ['another version', '{"trace":2,"bus":"libusb","date":""}\n'],
    ['binary data', '\u0000\u0001\n\u0002\n'],
  ])('%s, in line 1', (_, text) => {
    expect(() => parseTrace(text)).toThrow(expect.objectContaining({ code: 'trace/format', details: { line: 1 } }));
  });

  test.each<[string, object]>([
    ['a list', []],
    ['no object', 7 as unknown as object],
    ['an empty object', {}],
    ['an unknown event', { event: 'reboot', device: 1, atMs: 0 }],
    ['an event without a time', { event: 'open', device: 1, status: 'OK' }],
    ['a time before the start', { ...TRANSFER, startMs: -1 }],
    ['a transfer without a device', { ...TRANSFER, device: undefined }],
    ['a status of no port', { ...TRANSFER, status: 'EWHAT', in: undefined }],
    ['a setup of four fields', { ...TRANSFER, setup: [0xa1, 3, 0, 0] }],
    ['a setup beyond 16 bits', { ...TRANSFER, setup: [0xa1, 3, 0x10000, 0, 6] }],
    ['a setup of texts', { ...TRANSFER, setup: ['a1', '03', '0', '0', '6'] }],
    ['control and bulk at once', { ...TRANSFER, bulk: [0x82, 6] }],
    ['neither control nor bulk', { ...TRANSFER, setup: undefined }],
    ['an answer that is missing', { ...TRANSFER, in: undefined }],
    ['an answer to a failure', { ...TRANSFER, status: 'STALL' }],
    ['an answer longer than asked for', { ...TRANSFER, setup: [0xa1, 3, 0, 0, 5] }],
    ['an answer of another length than it says', { ...TRANSFER, in: { len: 6, hex: '00' } }],
    ['an answer that is no hex', { ...TRANSFER, in: { len: 1, hex: 'zz' } }],
    ['an answer that is only a digest of nothing', { ...TRANSFER, in: { len: 6, sha256: 'abc' } }],
    ['data of another length than the setup', { ...BLOCK, setup: [0x21, 1, 0, 0, 4] }],
    ['data that is missing', { ...BLOCK, out: undefined }],
    ['data to the host', { ...TRANSFER, out: { len: 1, hex: '00' } }],
    ['a device without a port', { ...ATTACH, port: undefined }],
    ['a device of no speed', { ...ATTACH, speed: 'warp' }],
    ['a device id beyond 16 bits', { ...ATTACH, vendorId: 0x10000 }],
    ['a look at the bus that succeeded', { event: 'list', status: 'OK', atMs: 0 }],
    ['an opening without an outcome', { event: 'open', device: 1, atMs: 0 }],
  ])('%s, in its line', (_, line) => {
    const text = traceOf(TRANSFER, line, TRANSFER);
    expect(() => parseTrace(text)).toThrow(expect.objectContaining({ code: 'trace/format', details: { line: 3 } }));
  });

  test('whatever else comes: no other error, and none longer than a line', () => {
    const anything = fc.oneof(fc.string(), fc.json(), fc.constant(JSON.stringify(BLOCK)));
    fc.assert(
      fc.property(fc.array(anything), fc.boolean(), (lines, headed) => {
        try {
          parseTrace(`${[...(headed ? [HEAD] : []), ...lines].join('\n')}\n`);
        } catch (error) {
          expect(error).toBeInstanceOf(PhaselineError);
          expect(error).toMatchObject({ code: 'trace/format', message: expect.not.stringContaining('\n') });
        }
      }),
    );
  });
});
