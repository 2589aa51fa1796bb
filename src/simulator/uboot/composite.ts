import { DFU_REQUEST } from '../../dfu/constants.ts';
import { ACK, type ControlReply, type Gadget, type Setup } from '../gadget.ts';
import { StandardRequests } from '../standard-requests.ts';
import { answerStandardRequest } from './chapter9.ts';
import { FirmwareCrash } from './crash.ts';
import { ubootDescriptors } from './descriptors.ts';
import type { AlternateSet } from './entities.ts';
import { type DfuFunction, handleDfuRequest, selectAlternate } from './f-dfu.ts';
import type { Session } from './session.ts';

/** bmRequestType: kind in bits 6..5, recipient in bits 4..0. */
const DIRECTION_IN = 0x80;
const KIND_MASK = 0x60;
const RECIPIENT_MASK = 0x1f;
const RECIPIENT_INTERFACE = 1;
const SET_CONFIGURATION = 9;

/** Why a gadget left its loop. protocol.md §6.1. */
export type GadgetEnd = 'detached' | 'failed' | 'reset' | 'crash';

/** The gadget that run_usb_dnl_gadget serves until it is told to go. */
export class UbootGadget implements Gadget {
  /** Settles when the loop is left; the gadget is still attached then. */
  readonly end: Promise<GadgetEnd>;
  readonly #session: Session;
  readonly #dfu: DfuFunction;
  readonly #standard: StandardRequests;
  #finish: (end: GadgetEnd) => void = () => undefined;
  #dead = false;
  #leaving = false;
  /** On the board's clock: nothing is answered before. */
  #busyUntil = 0;

  constructor(session: Session, alternates: AlternateSet, dfu: DfuFunction) {
    this.#session = session;
    this.#dfu = dfu;
    const descriptors = ubootDescriptors(session.hw, alternates, dfu);
    this.#standard = new StandardRequests(descriptors, (alternate) => selectAlternate(dfu, alternate));
    this.end = new Promise((resolve) => {
      this.#finish = resolve;
    });
    this.deviceDescriptor = descriptors.device;
    this.configurationDescriptor = descriptors.configuration;
  }

  readonly deviceDescriptor: () => Uint8Array;
  readonly configurationDescriptor: () => Uint8Array;

  control(setup: Setup, data: Uint8Array): ControlReply | Promise<ControlReply> {
    if (this.#dead) return 'nak';
    const { clock, power } = this.#session.hw;
    const waitMs = this.#busyUntil - clock.now();
    if (waitMs <= 0) return this.#answer(setup, data);
    return clock.sleep(waitMs, power).then(
      () => (this.#dead ? 'nak' : this.#answer(setup, data)),
      () => 'nak' as const, // The power went.
    );
  }

  busReset(): void {
    this.#standard.configuration = 0;
    // A bus reset while DETACH is being carried out reboots the board on dwc2; dwc3 was taught not to (§10).
    const { family } = this.#session.hw.chip;
    if (this.#dfu.detached && family !== 'mp23' && family !== 'mp25') this.#finish('reset');
  }

  #answer(setup: Setup, data: Uint8Array): ControlReply {
    try {
      return this.#handle(setup, data);
    } catch (error) {
      if (!(error instanceof FirmwareCrash)) throw error;
      this.#die(error.message);
      return 'nak';
    }
  }

  #handle(setup: Setup, data: Uint8Array): ControlReply {
    const answer = this.#route(setup, data);
    // Whatever the core had to say: nothing goes to a host that does not read.
    const reply = answer instanceof Uint8Array && (setup.requestType & DIRECTION_IN) === 0 ? ACK : answer;
    const { clock } = this.#session.hw;
    this.#busyUntil = clock.now() + this.#session.busyMs;
    this.#session.busyMs = 0;
    if (this.#dfu.crashed) this.#die('while handling what was received');
    else if (this.#dfu.broken) this.#finish('failed');
    else if (this.#dfu.detached && !this.#leaving) void this.#leave();
    return reply;
  }

  #route(setup: Setup, data: Uint8Array): ControlReply {
    if ((setup.requestType & KIND_MASK) !== 0) return this.#classRequest(setup, data);
    const reply = answerStandardRequest(setup, this.#standard, this.configurationDescriptor);
    const isConfigured = this.#standard.configuration === 1;
    if (setup.requestType === 0 && setup.request === SET_CONFIGURATION && isConfigured) {
      this.#standard.alternate = 0;
      selectAlternate(this.#dfu, 0);
    }
    return reply;
  }

  /** Requests that are no standard ones go to the function, addressed to the interface or to the device. */
  #classRequest(setup: Setup, data: Uint8Array): ControlReply {
    const isOurs = (setup.requestType & RECIPIENT_MASK) <= RECIPIENT_INTERFACE && (setup.index & 0xff) === 0;
    if (!isOurs || this.#standard.configuration === 0) return 'stall';
    const reply = handleDfuRequest(this.#dfu, setup, data);
    if (setup.request === DFU_REQUEST.DNLOAD && data.length > 0 && reply !== 'nak') this.#tellBlock(setup);
    return reply;
  }

  #tellBlock(setup: Setup): void {
    const { observe } = this.#session.hw;
    const entity = this.#dfu.entities[this.#dfu.alternate];
    if (observe && entity) observe({ kind: 'block', phase: entity.phase, block: setup.value, bytes: entity.received });
  }

  /** The loop polls the controller for a while before it takes the device off the bus (FINDINGS §1). */
  async #leave(): Promise<void> {
    this.#leaving = true;
    const { clock, settings, power } = this.#session.hw;
    await clock.sleep(settings.detachMs, power).then(
      () => this.#finish('detached'),
      () => undefined,
    );
  }

  #die(why: string): void {
    this.#dead = true;
    this.#session.hw.log.error({ why }, 'U-Boot crashed');
    this.#finish('crash');
  }
}
