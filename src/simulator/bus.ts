import type { Clock } from '../base/clock.ts';
import { isPhaselineError, PhaselineError } from '../base/errors.ts';
import type { UsbBus, UsbDevice, UsbDeviceInfo } from '../usb/port.ts';
import { BusAddresses, type BusSocket, busNumber } from './bus-addresses.ts';
import { SimulatedDevice } from './device.ts';
import { decodeDeviceDescriptor } from './device-descriptor.ts';

const CONFIGURE_MS = 5_000;
const SET_CONFIGURATION = { requestType: 0x00, request: 9, value: 1, index: 0 } as const;

/**
 * The boards of this process as a USB bus, without any transport in between: what works on this one and
 * not on libusb is the host's mistake. All times are of `clock`, which may be a virtual one.
 */
export function simulatedBus(sockets: readonly BusSocket[], clock: Clock): UsbBus {
  const addresses = new BusAddresses();
  const opened = new Set<UsbDevice>();

  const present = () => sockets.filter(({ connector }) => connector.visible !== undefined);

  function infoOf({ port, connector }: BusSocket): UsbDeviceInfo {
    const key = `${busNumber(port)}:${addresses.of(connector)}`;
    const descriptor = connector.visible?.deviceDescriptor() ?? new Uint8Array(18);
    const { vendorId, productId, deviceVersion } = decodeDeviceDescriptor(descriptor);
    return { port, key, vendorId, productId, deviceVersion, speed: connector.speed };
  }

  return {
    name: 'simulator',
    list: () => Promise.resolve(present().map(infoOf)),
    async open(wanted) {
      const socket = present().find((candidate) => candidate.port === wanted.port);
      if (!socket || infoOf(socket).key !== wanted.key) {
        throw new PhaselineError('usb/gone', `device ${wanted.port} left the bus`, { port: wanted.port });
      }
      if (!socket.connector.claim()) {
        throw new PhaselineError('usb/busy', `device ${wanted.port} is in use`, { port: wanted.port });
      }
      const device = new SimulatedDevice(infoOf(socket), socket.connector, clock, () => opened.delete(device));
      opened.add(device);
      try {
        await device.controlOut(SET_CONFIGURATION, new Uint8Array(0), CONFIGURE_MS);
      } catch (error) {
        // TF-A on STM32MP15 goes on with the ROM's session and stalls this one: it is configured already.
        if (!isPhaselineError(error, 'usb/stall')) {
          await device.close();
          throw error;
        }
      }
      return device;
    },
    waitForChange(timeoutMs) {
      return new Promise((resolve) => {
        const timer = new AbortController();
        const stops = sockets.map(({ connector }) => connector.onChange(() => timer.abort()));
        const done = () => {
          for (const stop of stops) stop();
          resolve();
        };
        clock.sleep(timeoutMs, timer.signal).then(done, done);
      });
    },
    async close() {
      await Promise.all([...opened].map((device) => device.close()));
    },
  };
}
