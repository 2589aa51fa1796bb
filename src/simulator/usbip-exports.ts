import { SPEED } from '../usb/usbip/codec/constants.ts';
import type { DeviceRecord } from '../usb/usbip/codec/device-record.ts';
import type { ListedDevice } from '../usb/usbip/codec/operations.ts';
import { BusAddresses, type BusSocket, busNumber } from './bus-addresses.ts';
import { interfacesOf } from './configuration-descriptor.ts';
import { decodeDeviceDescriptor } from './device-descriptor.ts';
import type { Gadget } from './gadget.ts';

/** A device that is on the bus now. */
export interface ExportedDevice {
  readonly socket: BusSocket;
  readonly device: DeviceRecord;
}

/** The devices of a USB/IP server: those of its boards that are on the bus. A bus id is a board's port. */
export class UsbipExports {
  readonly #sockets: readonly BusSocket[];
  readonly #addresses = new BusAddresses();

  constructor(sockets: readonly BusSocket[]) {
    this.#sockets = sockets;
  }

  /** Also those that a client has: it is told apart at the import. */
  list(): readonly ListedDevice[] {
    return this.#sockets.flatMap((socket) => {
      const gadget = socket.connector.visible;
      return gadget ? [{ device: this.#record(socket, gadget), interfaces: interfaceRecords(gadget) }] : [];
    });
  }

  find(busId: string): ExportedDevice | undefined {
    const socket = this.#sockets.find(({ port, connector }) => port === busId && connector.visible);
    const gadget = socket?.connector.visible;
    return socket && gadget && { socket, device: this.#record(socket, gadget) };
  }

  #record(socket: BusSocket, gadget: Gadget): DeviceRecord {
    return {
      ...decodeDeviceDescriptor(gadget.deviceDescriptor()),
      path: `/sys/devices/phaseline/usb${busNumber(socket.port)}/${socket.port}`,
      busId: socket.port,
      busNumber: busNumber(socket.port),
      deviceNumber: this.#addresses.of(socket.connector),
      speed: SPEED[socket.connector.speed],
      configurationValue: 1,
      configurations: 1,
      interfaces: interfaceRecords(gadget).length,
    };
  }
}

/** Each interface once, with its first alternate setting. */
function interfaceRecords(gadget: Gadget) {
  return interfacesOf(gadget.configurationDescriptor()).filter(({ alternate }) => alternate === 0);
}
