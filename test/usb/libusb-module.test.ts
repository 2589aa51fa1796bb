import { afterEach, describe, expect, test, vi } from 'vitest';
import { silentLog } from '../../src/base/log.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { libusbBus } from '../../src/usb/libusb.ts';
import { FakeUsb } from './libusb-fake.ts';

const system = vi.hoisted(() => ({ hasBus: true }));
vi.mock('node:fs', async (original) => ({ ...(await original<object>()), existsSync: () => system.hasBus }));

const options = { clock: new VirtualClock(), log: silentLog };
const platform = process.platform;

function pretend(change: {
  readonly platform?: NodeJS.Platform;
  readonly hasBus?: boolean;
  readonly usb?: () => object;
}): void {
  Object.defineProperty(process, 'platform', { value: change.platform ?? 'linux' });
  system.hasBus = change.hasBus ?? true;
  if (change.usb) vi.doMock('usb', change.usb);
}

afterEach(() => {
  Object.defineProperty(process, 'platform', { value: platform });
  vi.doUnmock('usb');
  vi.resetModules();
});

describe('a machine on which libusb cannot work is usb/no-bus, and says which', () => {
  test('no USB bus in the kernel', async () => {
    pretend({ hasBus: false });
    await expect(libusbBus(options)).rejects.toMatchObject({
      code: 'usb/no-bus',
      message: expect.stringContaining('/sys/bus/usb'),
    });
  });

  test('a native module that does not load', async () => {
    const usb = () => {
      throw new Error('libudev.so.1: cannot open shared object file');
    };
    pretend({ usb });
    await expect(libusbBus(options)).rejects.toMatchObject({
      code: 'usb/no-bus',
      message: expect.stringContaining('loaded'),
    });
  });

  test('a libusb that does not start', async () => {
    pretend({ usb: () => ({ usb: { INIT_ERROR: -99 } }) });
    await expect(libusbBus(options)).rejects.toMatchObject({
      code: 'usb/no-bus',
      message: expect.stringContaining('LIBUSB_ERROR_OTHER'),
    });
  });
});

test('other systems than Linux are asked through libusb alone', async () => {
  const usb = new FakeUsb();
  usb.plug();
  pretend({ platform: 'darwin', hasBus: false, usb: () => ({ usb }) });
  const bus = await libusbBus(options);
  expect(await bus.list()).toMatchObject([{ port: '1-2.3' }]);
});
