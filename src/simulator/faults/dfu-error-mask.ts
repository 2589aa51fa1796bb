import { DFU_REQUEST, DFU_STATE } from '../../dfu/constants.ts';
import { encodeStatus } from '../../dfu/status.ts';
import type { ControlReply, Gadget } from '../gadget.ts';
import type { ControlRequest } from '../usb-connector.ts';

const SET_INTERFACE = 11;
const ABORT = { requestType: 0x21, request: DFU_REQUEST.ABORT, value: 0, index: 0, length: 0 } as const;

/** Shows the host a device in dfuERROR over a firmware that is in the middle of a download. */
export class DfuErrorMask {
  #status: number | undefined;

  /** From the next request on, until CLRSTATUS or SET_INTERFACE. */
  arm(status: number): void {
    this.#status = status;
  }

  /** The reply in place of the firmware's; undefined when the request is the firmware's. */
  async answer({ setup }: ControlRequest, gadget: Gadget): Promise<ControlReply | undefined> {
    if (this.#status === undefined) return undefined;
    if ((setup.requestType & 0x60) === 0) {
      if (setup.request === SET_INTERFACE) this.#status = undefined;
      return undefined;
    }
    switch (setup.request) {
      case DFU_REQUEST.GETSTATUS:
        // The firmware sees it too: it has a block to acknowledge.
        await gadget.control(setup, new Uint8Array(0));
        return encodeStatus({ status: this.#status, pollTimeoutMs: 0, state: DFU_STATE.dfuERROR, stringIndex: 0 });
      case DFU_REQUEST.GETSTATE:
        return Uint8Array.of(DFU_STATE.dfuERROR);
      case DFU_REQUEST.CLRSTATUS:
        // Beneath, the download goes on; ABORT brings the firmware to dfuIDLE as well.
        this.#status = undefined;
        return gadget.control(ABORT, new Uint8Array(0));
      default:
        return 'stall';
    }
  }
}
