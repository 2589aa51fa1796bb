import { ByteWriter } from '../../base/byte-writer.ts';
import { DFU_REQUEST, DFU_STATE, DFU_STATUS } from '../../dfu/constants.ts';
import { type DfuFunctionalDescriptor, encodeFunctionalDescriptor } from '../../dfu/functional-descriptor.ts';
import { encodeStatus } from '../../dfu/status.ts';
import { encodeConfiguration, encodeInterface } from '../configuration-descriptor.ts';
import { encodeDeviceDescriptor } from '../device-descriptor.ts';
import { ACK, type ControlReply, type Gadget, type Setup } from '../gadget.ts';
import { REQUEST, StandardRequests } from '../standard-requests.ts';

/** The part of the configuration descriptor that is not the interfaces, and where their names start. */
export interface LoaderConfiguration {
  /** iConfiguration. */
  readonly stringIndex: number;
  /** bmAttributes and bMaxPower (in 2 mA). */
  readonly attributes: number;
  readonly maxPower: number;
  /** iInterface of the first alternate setting; 6 at the least. */
  readonly firstNameIndex: number;
}

/** What TF-A serves "as ROM code" (protocol.md §2.1). */
export const LOADER_CONFIGURATION: LoaderConfiguration = {
  stringIndex: 2,
  attributes: 0xc0,
  maxPower: 0x32,
  firstNameIndex: 6,
};

/** What ROM and TF-A do differently behind the same DFU function. */
export interface LoaderFunction {
  readonly product: string;
  readonly serial: string;
  readonly alternates: readonly { readonly name: string }[];
  readonly configuration: LoaderConfiguration;
  readonly descriptor: DfuFunctionalDescriptor;
  /** bState and bwPollTimeout of the first GETSTATUS after a block. */
  readonly afterBlock: { readonly state: number; readonly pollTimeoutMs: number };
  /** The USB session was taken over in the configured state: SET_CONFIGURATION is refused until a bus reset. */
  readonly inherited: boolean;
  /** A block of a download; `first` when the one before was of another download. */
  download(alternate: number, data: Uint8Array, first: boolean): 'ok' | 'stall';
  /** The end of a download: whether the request is acknowledged, and whether dfuERROR follows dfuMANIFEST. */
  manifest(alternate: number): { readonly answer: 'ack' | 'stall'; readonly refused: boolean };
  upload(alternate: number): Uint8Array | 'stall';
  /** The host has read that the manifestation is under way. */
  manifested(): void;
  detach(): void;
}

const S = DFU_STATE;
/** In which states a request is carried out (TF-A usb_dfu.c; protocol.md §6.2). DETACH: in all. */
const ALLOWED = {
  block: [S.dfuIDLE, S.dfuDNLOAD_IDLE],
  end: [S.dfuDNLOAD_IDLE],
  upload: [S.dfuIDLE, S.dfuUPLOAD_IDLE],
  abort: [S.dfuIDLE, S.dfuDNLOAD_SYNC, S.dfuDNLOAD_IDLE, S.dfuMANIFEST_SYNC, S.dfuUPLOAD_IDLE],
} as const satisfies Record<string, readonly number[]>;

const MANIFEST_POLL_MS = 1;

/** bmRequestType, bits 4..0. */
const RECIPIENT = { DEVICE: 0, INTERFACE: 1 } as const;
/** All standard requests that TF-A's USB core knows (drivers/usb/usb_device.c, usb_dfu.c). */
const KNOWN: Readonly<Record<number, readonly number[]>> = {
  [RECIPIENT.DEVICE]: [REQUEST.GET_STATUS, REQUEST.GET_DESCRIPTOR, REQUEST.SET_CONFIGURATION],
  [RECIPIENT.INTERFACE]: [REQUEST.GET_DESCRIPTOR, REQUEST.GET_INTERFACE, REQUEST.SET_INTERFACE],
};
/** Descriptor types, the high byte of wValue. */
const DESCRIPTOR = { DEVICE_QUALIFIER: 6, DFU_FUNCTIONAL: 0x21 } as const;
const SELF_POWERED = Uint8Array.of(1, 0);
/** USB 2.0 table 9-9: what it would be at full speed, which it does not serve. */
const DEVICE_QUALIFIER = Uint8Array.of(10, 6, 0x00, 0x02, 0, 0, 0, 64, 1, 0);

/** The DFU function of ROM and TF-A: the states are TF-A's, which serves "as ROM code". */
export class LoaderDfuGadget implements Gadget {
  readonly #function: LoaderFunction;
  readonly #standard: StandardRequests;
  #alternate = 0;
  #state: number = S.dfuIDLE;
  #status: number = DFU_STATUS.OK;
  #refused = false;
  #inherited: boolean;

  constructor(loader: LoaderFunction) {
    this.#function = loader;
    this.#inherited = loader.inherited;
    this.#standard = new StandardRequests(
      {
        device: () => this.deviceDescriptor(),
        configuration: () => this.configurationDescriptor(),
        string: (index) => this.#string(index),
      },
      // The low byte is stored, whatever it is; the DFU state stays (protocol.md §6.2).
      (alternate) => {
        this.#alternate = alternate & 0xff;
      },
    );
  }

  deviceDescriptor(): Uint8Array {
    const noClass = { deviceClass: 0, deviceSubClass: 0, deviceProtocol: 0 };
    return encodeDeviceDescriptor({ vendorId: 0x0483, productId: 0xdf11, deviceVersion: 0x0200, ...noClass });
  }

  configurationDescriptor(): Uint8Array {
    const dfuMode = { interfaceClass: 0xfe, interfaceSubClass: 1, interfaceProtocol: 2 };
    const { firstNameIndex, ...head } = this.#function.configuration;
    const interfaces = this.#function.alternates.map((_, alternate) =>
      encodeInterface({
        number: 0,
        alternate,
        endpoints: 0,
        ...dfuMode,
        stringIndex: firstNameIndex + alternate,
      }),
    );
    const functional = encodeFunctionalDescriptor(this.#function.descriptor);
    return encodeConfiguration({ interfaces: 1, ...head }, [...interfaces, functional]);
  }

  #string(index: number): string | undefined {
    const { product, serial, alternates, configuration } = this.#function;
    const fixed = ['STMicroelectronics', product, serial, 'DFU Config', 'DFU Interface'];
    return fixed[index - 1] ?? alternates[index - configuration.firstNameIndex]?.name;
  }

  busReset(): void {
    this.#inherited = false;
  }

  control(setup: Setup, data: Uint8Array): ControlReply {
    const recipient = setup.requestType & 0x1f;
    const isClass = (setup.requestType & 0x60) === 0x20;
    if (!isClass) return this.#standardRequest(setup, recipient);
    return recipient === RECIPIENT.INTERFACE ? this.#class(setup, data) : 'stall';
  }

  #standardRequest(setup: Setup, recipient: number): ControlReply {
    if (!KNOWN[recipient]?.includes(setup.request)) return 'stall';
    if (setup.request === REQUEST.GET_STATUS) return SELF_POWERED.subarray(0, setup.length);
    if (setup.request === REQUEST.GET_DESCRIPTOR) return this.#descriptor(setup, recipient);
    if (setup.request === REQUEST.SET_CONFIGURATION && this.#inherited) {
      if (setup.value !== 0) return 'stall';
      this.#inherited = false; // back to addressed: the next one is as after a bus reset
    }
    return this.#standard.answer(setup) ?? 'stall';
  }

  #descriptor(setup: Setup, recipient: number): ControlReply {
    const type = setup.value >> 8;
    if (recipient === RECIPIENT.INTERFACE) {
      const isFunctional = type === DESCRIPTOR.DFU_FUNCTIONAL;
      return isFunctional ? encodeFunctionalDescriptor(this.#function.descriptor).subarray(0, setup.length) : ACK;
    }
    if (type === DESCRIPTOR.DEVICE_QUALIFIER) return DEVICE_QUALIFIER.subarray(0, setup.length);
    return this.#standard.answer(setup) ?? 'stall';
  }

  #class(setup: Setup, data: Uint8Array): ControlReply {
    switch (setup.request) {
      case DFU_REQUEST.DETACH:
        if (this.#allowed('abort')) this.#become(S.dfuIDLE);
        this.#function.detach();
        return ACK;
      case DFU_REQUEST.DNLOAD:
        return setup.length > 0 ? this.#block(data) : this.#end();
      case DFU_REQUEST.UPLOAD:
        return this.#upload(setup.length);
      case DFU_REQUEST.GETSTATUS:
        return this.#getStatus().subarray(0, setup.length);
      case DFU_REQUEST.CLRSTATUS:
        if (this.#state === S.dfuERROR) this.#become(S.dfuIDLE);
        else this.#become(S.dfuERROR, DFU_STATUS.errUNKNOWN);
        return ACK;
      case DFU_REQUEST.GETSTATE:
        return Uint8Array.of(this.#state).subarray(0, setup.length);
      case DFU_REQUEST.ABORT:
        if (this.#allowed('abort')) this.#become(S.dfuIDLE);
        return ACK;
      default:
        return 'stall';
    }
  }

  #block(data: Uint8Array): ControlReply {
    if (!this.#allowed('block')) return 'stall';
    const first = this.#state === S.dfuIDLE;
    if (this.#function.download(this.#alternate, data, first) === 'stall') return 'stall';
    this.#state = S.dfuDNLOAD_SYNC;
    return ACK;
  }

  #end(): ControlReply {
    if (!this.#allowed('end')) return 'stall';
    this.#state = S.dfuMANIFEST_SYNC;
    const { answer, refused } = this.#function.manifest(this.#alternate);
    this.#refused = refused;
    return answer === 'ack' ? ACK : 'stall';
  }

  #upload(length: number): ControlReply {
    if (length === 0) {
      this.#state = S.dfuIDLE;
      return ACK;
    }
    if (!this.#allowed('upload')) return 'stall';
    const reply = this.#function.upload(this.#alternate);
    if (reply === 'stall') {
      this.#become(S.dfuERROR, DFU_STATUS.errSTALLEDPKT);
      return 'stall';
    }
    this.#state = length > reply.length ? S.dfuIDLE : S.dfuUPLOAD_IDLE;
    return reply.subarray(0, length);
  }

  #getStatus(): Uint8Array {
    switch (this.#state) {
      case S.dfuDNLOAD_SYNC: {
        this.#state = S.dfuDNLOAD_IDLE;
        return encodeStatus({ status: this.#status, ...this.#function.afterBlock, stringIndex: 0 });
      }
      case S.dfuMANIFEST_SYNC: {
        if (this.#refused) this.#become(S.dfuERROR, DFU_STATUS.errUNKNOWN);
        else this.#become(S.dfuIDLE);
        this.#function.manifested();
        return encodeStatus({
          status: DFU_STATUS.OK,
          pollTimeoutMs: MANIFEST_POLL_MS,
          state: S.dfuMANIFEST,
          stringIndex: 0,
        });
      }
      default:
        return new ByteWriter(6).u8(this.#status).zeros(3).u8(this.#state).u8(0).finish();
    }
  }

  #allowed(request: keyof typeof ALLOWED): boolean {
    return (ALLOWED[request] as readonly number[]).includes(this.#state);
  }

  #become(state: number, status: number = DFU_STATUS.OK): void {
    this.#state = state;
    this.#status = status;
  }
}
