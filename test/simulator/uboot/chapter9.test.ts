import { expect, test } from 'vitest';
import { RawHost } from './raw-host.ts';

const NOTHING = new Uint8Array(0);

async function attached(): Promise<RawHost> {
  const host = new RawHost();
  await host.attach();
  return host;
}

test('a configuration that does not exist leaves the device without one', async () => {
  const host = await attached();
  expect(await host.control(0x00, 9, 2, 0, NOTHING)).toBe('stall');
  expect(await host.control(0x80, 8, 0, 0, 1)).toEqual(Uint8Array.of(0));
  expect(await host.control(0xa1, 3, 0, 0, 6)).toBe('stall');
  expect(await host.control(0x81, 10, 0, 0, 1)).toBe('stall');
  await host.control(0x00, 9, 1, 0, NOTHING);
  expect(await host.state()).toBe('2/0');
});

test('the DFU descriptor on its own is known to the function only, so only once it is configured', async () => {
  const host = await attached();
  const descriptor = Uint8Array.of(9, 0x21, 0x0f, 0, 0, 0, 0x10, 0x10, 1);
  expect(await host.control(0x80, 6, 0x2100, 0, 9)).toEqual(descriptor);
  expect(await host.control(0x81, 6, 0x2100, 0, 9)).toEqual(descriptor);
  expect(await host.control(0x82, 6, 0x2100, 0, 9)).toBe('stall');
  expect(await host.control(0x80, 6, 0x2100, 1, 9)).toBe('stall');
  await host.control(0x00, 9, 0, 0, NOTHING);
  expect(await host.control(0x80, 6, 0x2100, 0, 9)).toBe('stall');
});

test.each([
  ['GET_INTERFACE of the device', 0x80, 10],
  ['GET_CONFIGURATION of the interface', 0x81, 8],
  ['SET_CONFIGURATION of the interface', 0x01, 9],
])('%s is acknowledged with nothing', async (_, requestType, request) => {
  const host = await attached();
  const answer = await host.control(requestType, request, 0, 0, requestType & 0x80 ? 8 : NOTHING);
  expect(answer).toEqual(NOTHING);
});

test('the name of the function has an index and no descriptor', async () => {
  expect(await (await attached()).control(0x80, 6, 0x304, 0x409, 255)).toBe('stall');
});

test('GETSTATUS and GETSTATE from a host that does not read change the state and carry nothing', async () => {
  const host = await attached();
  await host.dnload(0, new Uint8Array(64));
  expect(await host.control(0x21, 3, 0, 0, NOTHING)).toEqual(NOTHING);
  expect(await host.control(0x21, 5, 0, 0, NOTHING)).toEqual(NOTHING);
  expect(await host.control(0xa1, 5, 0, 0, 1)).toEqual(Uint8Array.of(5));
});
