import type { ControlSetup } from '../usb/port.ts';

/** A SETUP packet as the device sees it: with wLength. */
export interface Setup extends ControlSetup {
  readonly length: number;
}

/**
 * What the device answers on endpoint 0: IN data (empty for OUT, an acknowledged status stage), a stall,
 * or NAKs until the host gives the transfer up; the next one is served as if nothing had been.
 */
export type ControlReply = Uint8Array | 'stall' | 'nak';

/**
 * One USB function as firmware presents it: descriptors, and handlers that run one request at a time.
 * A handler that resolves late NAKs until then, and keeps the endpoint busy even if the host gives up;
 * one that throws has crashed the board.
 */
export interface Gadget {
  deviceDescriptor(): Uint8Array;
  configurationDescriptor(): Uint8Array;
  /** Every request on endpoint 0, standard ones included. `data` is empty for IN requests. */
  control(setup: Setup, data: Uint8Array): ControlReply | Promise<ControlReply>;
  bulkOut?(endpoint: number, data: Uint8Array): BulkVerdict | Promise<BulkVerdict>;
  bulkIn?(endpoint: number, length: number): ControlReply | Promise<ControlReply>;
  /** A USB bus reset, also the one at every (re)connection: standard state goes back, firmware state stays. */
  busReset?(): void;
}

export type BulkVerdict = 'ack' | 'stall' | 'nak';

export const ACK = new Uint8Array(0);
