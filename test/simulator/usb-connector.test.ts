import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import type { ControlReply, Gadget, Setup } from '../../src/simulator/gadget.ts';
import { UsbConnector } from '../../src/simulator/usb-connector.ts';

const NOTHING = new Uint8Array(0);
const setup = (value: number): Setup => ({ requestType: 0xc0, request: 1, value, index: 0, length: 8 });

function gadget(control: (setup: Setup) => ControlReply | Promise<ControlReply>): Gadget {
  return { deviceDescriptor: () => NOTHING, configurationDescriptor: () => NOTHING, control };
}

const echo = gadget(({ value }) => Uint8Array.of(value));

function connected(device: Gadget) {
  const clock = new VirtualClock();
  const connector = new UsbConnector(clock);
  connector.attach(device);
  const control = (value: number) => connector.control(connector.enumeration, setup(value), NOTHING);
  return { clock, connector, control };
}

describe('the connector', () => {
  test('answers in order, also when an earlier answer takes longer', async () => {
    const clock = new VirtualClock();
    const slowFirst = gadget(async ({ value }) => {
      await clock.sleep(value === 1 ? 100 : 0);
      return Uint8Array.of(value);
    });
    const connector = new UsbConnector(clock);
    connector.attach(slowFirst);
    const order: number[] = [];
    const results = [1, 2, 3].map((value) => {
      const transfer = connector.control(connector.enumeration, setup(value), NOTHING);
      return transfer.result.then(() => order.push(value));
    });
    await Promise.all(results);
    expect(order).toEqual([1, 2, 3]);
  });

  test('serves a transfer that is submitted from within the answer to another', async () => {
    const { control } = connected(echo);
    const seen: number[] = [];
    await new Promise<void>((resolve) => {
      control(1).onSettled(() => {
        seen.push(1);
        control(2).onSettled(() => {
          seen.push(2);
          resolve();
        });
      });
    });
    expect(seen).toEqual([1, 2]);
  });

  test('stays busy with a request that its host gave up', async () => {
    const clock = new VirtualClock();
    const busy = gadget(async ({ value }) => {
      await clock.sleep(value);
      return Uint8Array.of(1);
    });
    const connector = new UsbConnector(clock);
    connector.attach(busy);
    const given = connector.control(1, setup(1000), NOTHING);
    given.cancel();
    expect(await given.result).toEqual({ status: 'cancelled' });
    await connector.control(1, setup(0), NOTHING).result;
    expect(clock.now()).toBe(1000);
  });

  test('is free at once when a NAKed request is given up', async () => {
    const { clock, control } = connected(gadget(({ value }) => (value === 0 ? 'nak' : Uint8Array.of(value))));
    const naked = control(0);
    const next = control(5);
    await clock.sleep(10);
    expect(next.outcome).toBeUndefined();
    naked.cancel();
    expect(next.outcome).toEqual({ status: 'ok', data: Uint8Array.of(5) });
  });

  test('never answers a transfer that was given up while it waited', async () => {
    const values: number[] = [];
    const clock = new VirtualClock();
    const connector = new UsbConnector(clock);
    connector.attach(
      gadget(async ({ value }) => {
        values.push(value);
        await clock.sleep(10);
        return NOTHING;
      }),
    );
    const [, second, third] = [1, 2, 3].map((value) => connector.control(1, setup(value), NOTHING));
    second?.cancel();
    await third?.result;
    expect(values).toEqual([1, 3]);
  });

  test('says gone to a transfer for an earlier enumeration', async () => {
    const { connector } = connected(echo);
    connector.unplug();
    connector.plug();
    expect(await connector.control(1, setup(1), NOTHING).result).toEqual({ status: 'gone' });
    expect(connector.control(2, setup(1), NOTHING).outcome).toEqual({ status: 'ok', data: Uint8Array.of(1) });
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('null pointer');
      },
    ],
    ['rejects', () => Promise.reject(new Error('null pointer'))],
  ])('takes the device off the bus when its firmware %s, and tells', async (_, control) => {
    const { clock, connector } = connected(gadget(control));
    const crashes: unknown[] = [];
    connector.onCrash = (error) => crashes.push(error);
    const transfers = [1, 2].map((value) => connector.control(1, setup(value), NOTHING));
    expect(await transfers[0]?.result).toEqual({ status: 'gone' });
    expect(await transfers[1]?.result).toEqual({ status: 'gone' });
    await clock.sleep(10);
    expect(connector.visible).toBeUndefined();
    expect(crashes).toEqual([new Error('null pointer')]);
  });

  test('does not blame firmware that throws after it left the bus', async () => {
    const clock = new VirtualClock();
    const connector = new UsbConnector(clock);
    connector.onCrash = () => expect.unreachable();
    connector.attach(
      gadget(async () => {
        await clock.sleep(50);
        throw new Error('the power went');
      }),
    );
    const transfer = connector.control(1, setup(1), NOTHING);
    connector.detach();
    expect(await transfer.result).toEqual({ status: 'gone' });
    await clock.sleep(100);
  });

  test('keeps requests waiting through a silence, and lets the next program answer them', async () => {
    const { clock, connector, control } = connected(echo);
    const before = connector.enumeration;
    connector.silence();
    const waiting = control(1);
    await clock.sleep(1_000);
    expect(waiting.outcome).toBeUndefined();
    connector.replace(gadget(() => Uint8Array.of(99)));
    expect(waiting.outcome).toEqual({ status: 'ok', data: Uint8Array.of(99) });
    expect(connector.enumeration).toBe(before);
  });

  test('is claimed by one host until the device leaves', () => {
    const { connector } = connected(echo);
    expect(connector.claim()).toBe(true);
    expect(connector.claim()).toBe(false);
    connector.release(0);
    expect(connector.claim()).toBe(false);
    connector.unplug();
    connector.plug();
    expect(connector.claim()).toBe(true);
    connector.release(2);
    expect(connector.claim()).toBe(true);
  });
});
