import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { ByteQueue } from '../../../src/usb/usbip/codec/byte-queue.ts';
import type { DeviceRecord } from '../../../src/usb/usbip/codec/device-record.ts';
import { encodeImportRequest, takeImportReply } from '../../../src/usb/usbip/codec/operations.ts';

/** Linux's virtual host controller (drivers/usb/usbip/vhci_sysfs.c). */
const VHCI = '/sys/devices/platform/vhci_hcd.0';
/** VDEV_ST_NULL: nothing is plugged in. */
const FREE = '004';
const PATIENCE_MS = 10_000;
const PAUSE_MS = 20;

export interface ServedDevice {
  readonly host: string;
  readonly serverPort: number;
  readonly busId: string;
}

/** Gives a device to the kernel on that port of its first hub, and waits until it is configured or gone again. */
export async function attach(served: ServedDevice, port: number): Promise<void> {
  const device = `/sys/bus/usb/devices/1-${port + 1}`;
  // Of the device before: first the port is free, then the kernel puts away what was in it.
  await until(() => statusOf(port) === FREE && !existsSync(device), `port ${port} is taken`);
  const socket = connect({ host: served.host, port: served.serverPort, noDelay: true });
  try {
    const { busNumber, deviceNumber, speed } = await importDevice(socket, served.busId);
    const deviceId = (busNumber << 16) | deviceNumber;
    writeFileSync(`${VHCI}/attach`, `${port} ${descriptorOf(socket)} ${deviceId} ${speed}`);
  } finally {
    socket.destroy(); // the kernel holds the connection by itself now
  }
  const isConfigured = () => existsSync(`${device}/1-${port + 1}:1.0`);
  await until(() => isConfigured() || statusOf(port) === FREE, `port ${port}: the device was not configured`);
}

function importDevice(socket: Socket, busId: string): Promise<DeviceRecord> {
  return new Promise((resolve, reject) => {
    const queue = new ByteQueue();
    socket.once('error', reject);
    socket.once('close', () => reject(new Error(`${busId}: the server closed the connection`)));
    socket.on('data', (chunk: Uint8Array) => {
      queue.push(chunk);
      try {
        const reply = takeImportReply(queue);
        if (reply && 'device' in reply) resolve(reply.device);
        else if (reply) reject(new Error(`${busId}: refused with status ${reply.refused}`));
      } catch (error) {
        reject(error);
      }
    });
    socket.write(encodeImportRequest(busId));
  });
}

/** Node has no public way to the descriptor of a socket, nor to stop reading it. */
function descriptorOf(socket: Socket): number {
  const { _handle: handle } = socket as unknown as { _handle: { fd: number; readStop(): void } };
  handle.readStop();
  return handle.fd;
}

/** The column `sta` of the kernel's table of ports. */
function statusOf(port: number): string | undefined {
  const rows = readFileSync(`${VHCI}/status`, 'latin1').trim().split('\n').slice(1);
  const columns = rows.map((row) => row.trim().split(/\s+/));
  return columns.find(([hub, number]) => hub === 'hs' && Number(number) === port)?.[2];
}

async function until(condition: () => boolean, otherwise: string): Promise<void> {
  for (let waited = 0; !condition(); waited += PAUSE_MS) {
    if (waited >= PATIENCE_MS) throw new Error(otherwise);
    await pause(PAUSE_MS);
  }
}
