/** What TF-A's DFU does with each request in each state: protocol.md §6.2, usb_dfu.c. */
import { describe, expect, test } from 'vitest';
import { type Bench, tfaBench } from '../flash.ts';
import { fip, pattern } from '../images.ts';

type Host = Bench['host'];

const ALTERNATE = 3;
const VIRTUAL = 5;
const PHASE_REPLY_BYTES = 9;

/** How each state is reached on STM32MP15, and the alternate setting that the request then goes to. */
const STATES: Readonly<Record<string, (host: Host) => Promise<unknown>>> = {
  dfuIDLE: (host) => host.select(ALTERNATE),
  'dfuDNLOAD-SYNC': async (host) => {
    await host.select(ALTERNATE);
    await host.download(0, fip.subarray(0, 1024));
  },
  'dfuDNLOAD-IDLE': async (host) => {
    await STATES['dfuDNLOAD-SYNC']?.(host);
    await host.getStatus();
  },
  'dfuMANIFEST-SYNC': async (host) => {
    await STATES['dfuDNLOAD-IDLE']?.(host);
    await host.download(1);
  },
  'dfuUPLOAD-IDLE': async (host) => {
    await host.select(VIRTUAL);
    await host.upload(PHASE_REPLY_BYTES); // not a short one
    await host.select(ALTERNATE);
  },
  dfuERROR: async (host) => {
    await host.select(ALTERNATE);
    await host.upload(512);
  },
};

const REQUESTS: Readonly<Record<string, (host: Host) => Promise<string>>> = {
  DNLOAD: (host) => host.download(1, pattern(64)),
  'DNLOAD of nothing': (host) => host.download(1),
  UPLOAD: async (host) => {
    await host.select(VIRTUAL);
    return host.upload(512);
  },
  GETSTATUS: (host) => host.getStatus(),
  CLRSTATUS: (host) => host.clearStatus(),
  GETSTATE: (host) => host.getState(),
  ABORT: (host) => host.abort(),
  DETACH: (host) => host.detach(),
};

const STALL = 'usb/stall';
const WAITING = '03000000c700000000';
/** State, request, answer; then bStatus and bState of the next GETSTATUS. */
const TABLE = `
  dfuIDLE           | DNLOAD            | ok             | 00 03
  dfuIDLE           | DNLOAD of nothing | ${STALL}       | 00 02
  dfuIDLE           | UPLOAD            | ${WAITING}     | 00 02
  dfuIDLE           | GETSTATUS         | 000000000200   | 00 02
  dfuIDLE           | CLRSTATUS         | ok             | 0e 0a
  dfuIDLE           | GETSTATE          | 02             | 00 02
  dfuIDLE           | ABORT             | ok             | 00 02
  dfuIDLE           | DETACH            | ok             | 00 02
  dfuDNLOAD-SYNC    | DNLOAD            | ${STALL}       | 00 03
  dfuDNLOAD-SYNC    | DNLOAD of nothing | ${STALL}       | 00 03
  dfuDNLOAD-SYNC    | UPLOAD            | ${STALL}       | 00 03
  dfuDNLOAD-SYNC    | GETSTATUS         | 000000000300   | 00 05
  dfuDNLOAD-SYNC    | CLRSTATUS         | ok             | 0e 0a
  dfuDNLOAD-SYNC    | GETSTATE          | 03             | 00 03
  dfuDNLOAD-SYNC    | ABORT             | ok             | 00 02
  dfuDNLOAD-SYNC    | DETACH            | ok             | 00 02
  dfuDNLOAD-IDLE    | DNLOAD            | ok             | 00 03
  dfuDNLOAD-IDLE    | DNLOAD of nothing | ok             | 00 07
  dfuDNLOAD-IDLE    | UPLOAD            | ${STALL}       | 00 05
  dfuDNLOAD-IDLE    | GETSTATUS         | 000000000500   | 00 05
  dfuDNLOAD-IDLE    | CLRSTATUS         | ok             | 0e 0a
  dfuDNLOAD-IDLE    | GETSTATE          | 05             | 00 05
  dfuDNLOAD-IDLE    | ABORT             | ok             | 00 02
  dfuDNLOAD-IDLE    | DETACH            | ok             | 00 02
  dfuMANIFEST-SYNC  | DNLOAD            | ${STALL}       | 00 07
  dfuMANIFEST-SYNC  | DNLOAD of nothing | ${STALL}       | 00 07
  dfuMANIFEST-SYNC  | UPLOAD            | ${STALL}       | 00 07
  dfuMANIFEST-SYNC  | GETSTATUS         | 000100000700   | 00 02
  dfuMANIFEST-SYNC  | CLRSTATUS         | ok             | 0e 0a
  dfuMANIFEST-SYNC  | GETSTATE          | 06             | 00 07
  dfuMANIFEST-SYNC  | ABORT             | ok             | 00 02
  dfuMANIFEST-SYNC  | DETACH            | ok             | 00 02
  dfuUPLOAD-IDLE    | DNLOAD            | ${STALL}       | 00 09
  dfuUPLOAD-IDLE    | DNLOAD of nothing | ${STALL}       | 00 09
  dfuUPLOAD-IDLE    | UPLOAD            | ${WAITING}     | 00 02
  dfuUPLOAD-IDLE    | GETSTATUS         | 000000000900   | 00 09
  dfuUPLOAD-IDLE    | CLRSTATUS         | ok             | 0e 0a
  dfuUPLOAD-IDLE    | GETSTATE          | 09             | 00 09
  dfuUPLOAD-IDLE    | ABORT             | ok             | 00 02
  dfuUPLOAD-IDLE    | DETACH            | ok             | 00 02
  dfuERROR          | DNLOAD            | ${STALL}       | 0f 0a
  dfuERROR          | DNLOAD of nothing | ${STALL}       | 0f 0a
  dfuERROR          | UPLOAD            | ${STALL}       | 0f 0a
  dfuERROR          | GETSTATUS         | 0f0000000a00   | 0f 0a
  dfuERROR          | CLRSTATUS         | ok             | 00 02
  dfuERROR          | GETSTATE          | 0a             | 0f 0a
  dfuERROR          | ABORT             | ok             | 0f 0a
  dfuERROR          | DETACH            | ok             | 0f 0a
`;

const rows = TABLE.trim()
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()) as [string, string, string, string]);

describe('TF-A', () => {
  test('is told about in every state and for every request', () => {
    expect(rows).toHaveLength(Object.keys(STATES).length * Object.keys(REQUESTS).length);
  });

  test.each(rows)('in %s answers %s with %s; GETSTATUS then says %s', async (state, request, answer, after) => {
    const { host } = await tfaBench('stm32mp157c-dk2', { tfaDetachMs: 1_000 });
    await STATES[state]?.(host);
    expect(await REQUESTS[request]?.(host)).toBe(answer);
    const status = await host.getStatus();
    expect(`${status.slice(0, 2)} ${status.slice(8, 10)}`).toBe(after);
  });

  test('goes back to dfuIDLE for an UPLOAD of nothing, wherever it was', async () => {
    const { host } = await tfaBench('stm32mp157c-dk2');
    await STATES['dfuDNLOAD-SYNC']?.(host);
    expect(await host.upload(0)).toBe('');
    expect(await host.getState()).toBe('02');
  });
});
