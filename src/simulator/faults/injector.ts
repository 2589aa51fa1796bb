import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import { DFU_REQUEST } from '../../dfu/constants.ts';
import { PHASE } from '../../stm32/phases.ts';
import type { ControlReply } from '../gadget.ts';
import type { BoardStorage } from '../storage/board-storage.ts';
import type { ControlRequest, Interceptor, UsbConnector } from '../usb-connector.ts';
import { Appearances } from './appearances.ts';
import { DfuErrorMask } from './dfu-error-mask.ts';
import type { Fault } from './fault.ts';
import { damageMedia } from './media.ts';
import { TransferProgress } from './progress.ts';

/** What faults can do to a board. */
export interface FaultTarget {
  readonly connector: UsbConnector;
  readonly storage: BoardStorage;
  readonly clock: Clock;
  readonly log: Log;
  movePort(port: string): void;
  changeSerial(serial: string): void;
  crash(reason: string): void;
  powerOff(): void;
  powerOn(): void;
}

/** How long a board is without power unless the fault says so. */
const POWER_OFF_MS = 1_000;

type PointFault = Extract<Fault, { at: unknown }>;

/** Makes the given faults happen to one board, each of those with a point once. */
export class FaultInjector {
  readonly #target: FaultTarget;
  readonly #pending: Set<PointFault>;
  readonly #wrongPhases: readonly Extract<Fault, { kind: 'wrong-phase' }>[];
  readonly #progress = new TransferProgress();
  readonly #error = new DfuErrorMask();
  readonly #appearances: Appearances;
  readonly #closed = new AbortController();

  /** usage/arguments for a medium that the board does not carry. */
  constructor(faults: readonly Fault[], target: FaultTarget) {
    this.#target = target;
    this.#pending = new Set(faults.filter((fault) => 'at' in fault));
    this.#wrongPhases = faults.filter((fault) => fault.kind === 'wrong-phase');
    damageMedia(faults, target.storage);
    this.#appearances = new Appearances(faults, target);
    if (faults.some((fault) => 'after' in fault)) {
      target.connector.onAppear = () => this.#appearances.next();
      target.connector.onLeave = () => this.#appearances.left();
    }
  }

  /** The board enters a stage. */
  enter(stage: string): void {
    this.#appearances.enter(stage);
  }

  /** Gives up what is still to happen: no timer outlives the board. */
  close(): void {
    this.#closed.abort();
  }

  /** Undefined when no fault looks at transfers: they then cost nothing. */
  interceptor(): Interceptor | undefined {
    if (this.#pending.size === 0 && this.#wrongPhases.length === 0) return undefined;
    return (request, proceed) => this.#intercept(request, proceed);
  }

  async #intercept(
    request: ControlRequest,
    proceed: () => ControlReply | Promise<ControlReply>,
  ): Promise<ControlReply> {
    const gadget = this.#target.connector.visible;
    if (!gadget) return 'nak';
    await this.#progress.observe(gadget, request);
    const masked = await this.#error.answer(request, gadget);
    if (masked !== undefined) return masked;
    for (const fault of this.#pending) {
      if (!this.#progress.at(fault.at)) continue;
      this.#pending.delete(fault);
      this.#target.log.info({ fault }, 'a fault happens');
      const verdict = await this.#strike(fault, proceed);
      if (verdict !== undefined || request.givenUp()) return verdict ?? 'nak';
    }
    return this.#showPhase(request, await proceed());
  }

  /** The reply that the host gets instead; undefined when the request goes on. */
  async #strike(
    fault: PointFault,
    proceed: () => ControlReply | Promise<ControlReply>,
  ): Promise<ControlReply | undefined> {
    switch (fault.kind) {
      case 'unplug':
        this.#unplug(fault.forMs);
        return 'nak';
      case 'unplug-behind':
        await proceed();
        this.#unplug(fault.forMs);
        return 'nak';
      case 'power-cycle':
        this.#target.powerOff();
        void this.#later(fault.forMs ?? POWER_OFF_MS).then((isTime) => isTime && this.#target.powerOn());
        return 'nak';
      case 'stall':
        return 'stall';
      case 'nak':
        return (await this.#later(fault.ms)) ? undefined : 'nak';
      case 'dfu-error':
        this.#error.arm(fault.status);
        return undefined;
      case 'crash':
        this.#target.crash('a fault was asked for');
        return 'nak';
    }
  }

  #unplug(forMs: number | undefined): void {
    const { connector } = this.#target;
    connector.unplug();
    if (forMs !== undefined) void this.#later(forMs).then((isTime) => isTime && connector.plug());
  }

  /** True after that time, false as soon as the board is closed. */
  #later(ms: number): Promise<boolean> {
    return this.#target.clock.sleep(ms, this.#closed.signal).then(
      () => true,
      () => false,
    );
  }

  #showPhase({ setup }: ControlRequest, reply: ControlReply): ControlReply {
    if (typeof reply === 'string' || reply.length < 9 || this.#progress.phase !== PHASE.VIRTUAL) return reply;
    if ((setup.requestType & 0x60) !== 0x20 || setup.request !== DFU_REQUEST.UPLOAD) return reply;
    const wrong = this.#wrongPhases.find((fault) => fault.instead === reply[0]);
    if (!wrong) return reply;
    const changed = reply.slice();
    changed[0] = wrong.shown;
    return changed;
  }
}
