import type { Clock } from '../../base/clock.ts';
import { isPhaselineError, PhaselineError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { UsbBus, UsbDevice, UsbDeviceInfo, UsbSpeed } from '../port.ts';
import { OPERATION_STATUS, SPEED } from './codec/constants.ts';
import type { DeviceRecord } from './codec/device-record.ts';
import { encodeDevlistRequest, encodeImportRequest, takeDevlistReply, takeImportReply } from './codec/operations.ts';
import { askOperation, connectTo, type UsbipAddress } from './connection.ts';
import { UsbipDevice } from './device.ts';

export interface UsbipOptions extends UsbipAddress {
  readonly clock: Clock;
  readonly log: Log;
}

/** A server does not tell of devices that come; a wait for a change ends after this at the latest. */
const POLL_MS = 100;
const CONFIGURE_MS = 5_000;
const SET_CONFIGURATION = { requestType: 0x00, request: 9, value: 1, index: 0 } as const;

/**
 * The devices that a USB/IP server exports (protocol 1.1.1, TCP). `port` is the server's bus id, `key` its
 * busnum:devnum. usb/no-bus without a server, usb/busy for a device that another client has imported,
 * usb/protocol for a server that talks something else.
 */
export function usbipBus({ host, port, clock, log }: UsbipOptions): UsbBus {
  const opened = new Set<UsbDevice>();
  const wakers = new Set<() => void>();
  const onGone = (device: UsbDevice) => {
    opened.delete(device);
    for (const wake of wakers) wake();
  };

  async function importDevice(wanted: UsbDeviceInfo): Promise<UsbDevice> {
    const socket = await connectTo({ host, port }, clock);
    try {
      const { reply, rest } = await askOperation(socket, clock, encodeImportRequest(wanted.port), takeImportReply);
      if ('refused' in reply) throw refusal(wanted.port, reply.refused);
      const info = infoOf(reply.device);
      if (info.key !== wanted.key) throw new PhaselineError('usb/gone', `device ${wanted.port} left the bus`);
      const deviceId = (reply.device.busNumber << 16) | reply.device.deviceNumber;
      const device = new UsbipDevice({ info, deviceId, socket, rest }, clock, log, () => onGone(device));
      opened.add(device);
      return device;
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  return {
    name: `usbip://${host}:${port}`,
    async list() {
      const socket = await connectTo({ host, port }, clock);
      try {
        const { reply } = await askOperation(socket, clock, encodeDevlistRequest(), takeDevlistReply);
        return reply.map(infoOf);
      } finally {
        socket.destroy();
      }
    },
    async open(wanted) {
      const device = await importDevice(wanted);
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
    async waitForChange(timeoutMs) {
      const timer = new AbortController();
      const wake = () => timer.abort();
      wakers.add(wake);
      try {
        await clock.sleep(Math.min(timeoutMs, POLL_MS), timer.signal);
      } catch {
        // Woken: a device that was open here has gone.
      } finally {
        wakers.delete(wake);
      }
    },
    async close() {
      await Promise.all([...opened].map((device) => device.close()));
    },
  };
}

function infoOf(device: DeviceRecord): UsbDeviceInfo {
  return {
    port: device.busId,
    key: `${device.busNumber}:${device.deviceNumber}`,
    vendorId: device.vendorId,
    productId: device.productId,
    deviceVersion: device.deviceVersion,
    speed: speedName(device.speed),
  };
}

function speedName(code: number): UsbSpeed {
  const names = Object.keys(SPEED) as (keyof typeof SPEED)[];
  return names.find((name) => SPEED[name] === code) ?? 'unknown';
}

// Servers before Linux 4.8 say ST_NA for everything; the device was listed, so somebody else has it.
function refusal(port: string, status: number): PhaselineError {
  switch (status) {
    case OPERATION_STATUS.ST_NA:
    case OPERATION_STATUS.ST_DEV_BUSY:
      return new PhaselineError('usb/busy', `device ${port} is in use by another USB/IP client`, {
        usbip: true,
        port,
        status,
      });
    case OPERATION_STATUS.ST_NODEV:
      return new PhaselineError('usb/gone', `device ${port} is not on the bus`, { port, status });
    default:
      return new PhaselineError('usb/io', `the USB/IP server refused device ${port} with status ${status}`, {
        port,
        status,
      });
  }
}
