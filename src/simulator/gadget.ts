import type { ControlSetup } from '../usb/port.ts';

/** A SETUP packet as the device sees it: with wLength. */
export interface Setup extends ControlSetup {
  readonly length: number;
}

/** What the device answers on endpoint 0: IN data (empty for OUT, an acknowledged status stage), or a stall. */
export type ControlReply = Uint8Array | 'stall';

/**
 * One USB function as firmware presents it: descriptors, and handlers that run one request at a time.
 * A handler that resolves late NAKs until then; one that never resolves is a dead device.
 */
export interface Gadget {
  deviceDescriptor(): Uint8Array;
  configurationDescriptor(): Uint8Array;
  /** Every request on endpoint 0, standard ones included. `data` is empty for IN requests. */
  control(setup: Setup, data: Uint8Array): ControlReply | Promise<ControlReply>;
  bulkOut?(endpoint: number, data: Uint8Array): 'ack' | 'stall' | Promise<'ack' | 'stall'>;
  bulkIn?(endpoint: number, length: number): ControlReply | Promise<ControlReply>;
  /** A USB bus reset, also the one at every (re)connection: standard state goes back, firmware state stays. */
  busReset?(): void;
}

export const ACK = new Uint8Array(0);
