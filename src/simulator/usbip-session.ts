import type { Clock } from '../base/clock.ts';
import { isPhaselineError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { ByteQueue } from '../usb/usbip/codec/byte-queue.ts';
import { DIRECTION, ERRNO, OPERATION_STATUS } from '../usb/usbip/codec/constants.ts';
import { malformed } from '../usb/usbip/codec/malformed.ts';
import { encodeDevlistReply, encodeImportReply, takeOperationRequest } from '../usb/usbip/codec/operations.ts';
import {
  decodeSetup,
  encodeSubmitReply,
  encodeUnlinkReply,
  type SubmitCommand,
  takeCommand,
  type UnlinkCommand,
} from '../usb/usbip/codec/urbs.ts';
import type { BusSocket } from './bus-addresses.ts';
import type { Transfer, TransferResult } from './transfer.ts';
import type { UsbipExports } from './usbip-exports.ts';

/** The client's end of the connection. */
export interface SessionOutput {
  send(bytes: Uint8Array): void;
  /** So much is unread by the client that nothing more should be sent before `proceed`. */
  readonly isFull: boolean;
  /** Sends what is left, and ends the connection. */
  end(): void;
}

/** After a device left: how long its URBs are still answered. Linux loses those that it may not finish (docs/simulator.md). */
const STRAGGLER_MS = 50;
/** More than any host has in flight: what bounds the memory that a client can take. */
const MOST_IN_FLIGHT = 1024;
const MOST_IN_FLIGHT_BYTES = 32 * 2 ** 20;
const NO_DATA = new Uint8Array(0);

/** What Linux's usbip-host takes for a port reset: SET_FEATURE(PORT_RESET) to a hub. */
const isPortReset = (setup: { requestType: number; request: number; value: number }) =>
  setup.requestType === 0x23 && setup.request === 3 && setup.value === 4;

interface Imported {
  readonly socket: BusSocket;
  readonly enumeration: number;
  readonly stopWatching: () => void;
}

/** One client of a USB/IP server: a list, or an import with the URBs that follow. */
export class UsbipSession {
  readonly #exports: UsbipExports;
  readonly #output: SessionOutput;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #queue = new ByteQueue();
  readonly #transfers = new Map<number, Transfer>();
  #imported: Imported | undefined;
  #inFlightBytes = 0;
  #over = false;

  constructor(boards: UsbipExports, output: SessionOutput, clock: Clock, log: Log) {
    this.#exports = boards;
    this.#output = output;
    this.#clock = clock;
    this.#log = log;
  }

  /** Whether the client has a device. */
  get hasDevice(): boolean {
    return this.#imported !== undefined;
  }

  /** Bytes of the client. What the protocol does not allow ends the connection, with a line in the log. */
  receive(chunk: Uint8Array): void {
    if (this.#over) return;
    this.#queue.push(chunk);
    this.proceed();
  }

  /** Goes on with what has come, as far as the client reads the answers. */
  proceed(): void {
    try {
      while (!this.#over && !this.#output.isFull && (this.#imported ? this.#takeCommand() : this.#takeOperation()));
    } catch (error) {
      if (!isPhaselineError(error, 'usb/protocol')) throw error;
      this.#log.warn({ reason: error.message }, 'a USB/IP client broke the protocol and was cut off');
      this.#finish();
    }
  }

  /** The client has gone: its transfers are given up, its device is free for others. */
  close(): void {
    this.#over = true;
    for (const transfer of this.#transfers.values()) transfer.cancel();
    this.#transfers.clear();
    this.#imported?.stopWatching();
    this.#imported?.socket.connector.release(this.#imported.enumeration);
    this.#imported = undefined;
  }

  #finish(): void {
    this.close();
    this.#output.end();
  }

  #takeOperation(): boolean {
    const request = takeOperationRequest(this.#queue);
    if (!request) return false;
    if (request.operation === 'devlist') {
      this.#output.send(encodeDevlistReply(this.#exports.list()));
      this.#finish();
    } else {
      this.#import(request.busId);
    }
    return true;
  }

  #import(busId: string): void {
    const found = this.#exports.find(busId);
    const refused = !found
      ? OPERATION_STATUS.ST_NODEV
      : found.socket.connector.claim()
        ? 0
        : OPERATION_STATUS.ST_DEV_BUSY;
    if (!found || refused !== 0) {
      this.#log.info({ busId, status: refused }, 'a USB/IP client asked for a device that it cannot have');
      this.#output.send(encodeImportReply({ refused }));
      this.#finish();
      return;
    }
    const { connector } = found.socket;
    const enumeration = connector.enumeration;
    const stopWatching = connector.onChange(() => {
      if (connector.visible && connector.enumeration === enumeration) return;
      stopWatching();
      this.#clock.sleep(STRAGGLER_MS).then(() => {
        if (!this.#over) this.#finish();
      });
    });
    this.#imported = { socket: found.socket, enumeration, stopWatching };
    this.#output.send(encodeImportReply({ device: found.device }));
  }

  #takeCommand(): boolean {
    const command = takeCommand(this.#queue);
    if (!command) return false;
    if (command.command === 'unlink') this.#unlink(command);
    else this.#submit(command);
    return true;
  }

  #submit(command: SubmitCommand): void {
    const { sequence, length } = command;
    if (this.#transfers.has(sequence)) throw malformed(`transfer ${sequence} is in flight twice`);
    if (this.#transfers.size >= MOST_IN_FLIGHT || this.#inFlightBytes + length > MOST_IN_FLIGHT_BYTES) {
      throw malformed(`more than ${this.#transfers.size} transfers in flight`);
    }
    const transfer = this.#start(command);
    if (typeof transfer === 'number') {
      this.#reply(command, -transfer, NO_DATA);
      return;
    }
    this.#transfers.set(sequence, transfer);
    this.#inFlightBytes += length;
    transfer.onSettled((result) => {
      this.#inFlightBytes -= length;
      if (this.#transfers.delete(sequence)) this.#answer(command, result);
    });
  }

  /** The transfer on the connector, or at once the error number that it ends with (0: none). */
  #start(command: SubmitCommand): Transfer | number {
    const { socket, enumeration } = this.#imported as Imported;
    const { connector } = socket;
    const isOut = command.direction === DIRECTION.USBIP_DIR_OUT;
    if (command.endpoint !== 0) {
      return isOut
        ? connector.bulkOut(enumeration, command.endpoint, command.data)
        : connector.bulkIn(enumeration, command.endpoint, command.length);
    }
    const setup = decodeSetup(command.setup);
    if (isPortReset(setup)) {
      if (connector.enumeration !== enumeration) return ERRNO.ESHUTDOWN;
      connector.busReset();
      return 0;
    }
    const fits = isOut === ((setup.requestType & 0x80) === 0 || setup.length === 0) && setup.length === command.length;
    return fits ? connector.control(enumeration, setup, command.data) : ERRNO.EINVAL;
  }

  #answer(command: SubmitCommand, result: TransferResult): void {
    switch (result.status) {
      case 'ok':
        this.#reply(command, 0, command.direction === DIRECTION.USBIP_DIR_IN ? result.data : NO_DATA);
        break;
      case 'stall':
        this.#reply(command, -ERRNO.EPIPE, NO_DATA);
        break;
      default:
        this.#reply(command, -ERRNO.ESHUTDOWN, NO_DATA);
    }
  }

  #reply({ sequence, direction, length }: SubmitCommand, status: number, received: Uint8Array): void {
    const data = received.subarray(0, length);
    const sent = status === 0 && direction === DIRECTION.USBIP_DIR_OUT ? length : 0;
    this.#output.send(encodeSubmitReply({ sequence, status, actualLength: sent + data.length, data }));
  }

  #unlink({ sequence, target }: UnlinkCommand): void {
    const transfer = this.#transfers.get(target);
    this.#transfers.delete(target);
    transfer?.cancel();
    // 0: it was answered already (usbip_protocol.rst, USBIP_RET_UNLINK).
    this.#output.send(encodeUnlinkReply({ sequence, status: transfer ? -ERRNO.ECONNRESET : 0 }));
  }
}
