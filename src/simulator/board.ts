import type { Clock } from '../base/clock.ts';
import { type Log, silentLog } from '../base/log.ts';
import { type BootStage, boot } from './boot.ts';
import type { Fault } from './faults/fault.ts';
import { FaultInjector } from './faults/injector.ts';
import type { BoardSettings, Hardware, UbootEnd } from './hardware.ts';
import { paced } from './pacing.ts';
import type { BoardProfile } from './profiles.ts';
import { DEFAULT_SETTINGS } from './settings.ts';
import { type BoardStorage, memoryStorage } from './storage/board-storage.ts';
import { UsbConnector } from './usb-connector.ts';

/** What a board is doing: a boot stage, or how it ended. */
export type BoardStage = 'off' | 'reset' | BootStage | UbootEnd;

export interface BoardOptions {
  readonly profile: BoardProfile;
  readonly clock: Clock;
  /** 24 upper-case hex digits. */
  readonly serial?: string;
  /** Where it is plugged in: `1-1`. */
  readonly port?: string;
  /** Without it: blank media in memory. The board closes it. */
  readonly storage?: BoardStorage;
  readonly settings?: Partial<BoardSettings>;
  readonly faults?: readonly Fault[];
  readonly log?: Log;
}

export const DEFAULT_SERIAL = '003A00273338510338303334';

/** Why firmware stops: the reason of Hardware.power. */
class PowerLoss extends Error {}

/**
 * A board with its boot switches set to USB. It is off at first; `powerOn` starts its firmware, which
 * goes on by itself and shows what it does on the connector.
 */
export class SimulatedBoard {
  readonly profile: BoardProfile;
  readonly connector: UsbConnector;
  readonly storage: BoardStorage;
  readonly settings: BoardSettings;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #faults: FaultInjector;
  readonly #listeners = new Set<(stage: BoardStage) => void>();
  #serial: string;
  #port: string;
  #stage: BoardStage = 'off';
  #power: AbortController | undefined;

  constructor(options: BoardOptions) {
    const { profile, clock } = options;
    this.profile = profile;
    this.storage = options.storage ?? memoryStorage(profile.storage, profile.chip.otpSize);
    this.settings = { ...DEFAULT_SETTINGS, ...options.settings };
    this.connector = new UsbConnector(clock);
    this.#clock = clock;
    this.#log = options.log ?? silentLog;
    this.#serial = options.serial ?? DEFAULT_SERIAL;
    this.#port = options.port ?? '1-1';
    this.#faults = new FaultInjector(options.faults ?? [], {
      connector: this.connector,
      storage: this.storage,
      clock,
      log: this.#log,
      movePort: (port) => {
        this.#port = port;
      },
      changeSerial: (serial) => {
        this.#serial = serial;
      },
      crash: (reason) => this.#crash(new Error(reason)),
      powerOff: () => this.powerOff(),
      powerOn: () => this.powerOn(),
    });
    this.connector.intercept = paced(this.settings, clock, () => this.#stage, this.#faults.interceptor());
    this.connector.onCrash = (error) => this.#crash(error);
  }

  get stage(): BoardStage {
    return this.#stage;
  }

  get serial(): string {
    return this.#serial;
  }

  get port(): string {
    return this.#port;
  }

  powerOn(): void {
    if (this.#power) return;
    const power = new AbortController();
    this.#power = power;
    void this.#run(power.signal);
  }

  powerOff(): void {
    if (!this.#power) return;
    this.#cut();
    this.storage.powerCycle();
    this.#enter('off');
  }

  powerCycle(): void {
    this.powerOff();
    this.powerOn();
  }

  /** Calls `listener` with every new stage; returns how to stop that. */
  onStage(listener: (stage: BoardStage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Off, and the media closed. */
  close(): void {
    this.powerOff();
    this.#faults.close();
    this.storage.close();
  }

  /** Boots again and again, as long as each boot ends in a reset. */
  async #run(power: AbortSignal): Promise<void> {
    try {
      while (!power.aborted) {
        const end = await boot(this.#hardware(power), (stage) => this.#enter(stage));
        if (power.aborted) return;
        this.connector.detach();
        this.#enter(end);
        if (end !== 'reset') return;
      }
    } catch (error) {
      if (!power.aborted) this.#crash(error);
    }
  }

  #hardware(power: AbortSignal): Hardware {
    const serial = () => this.#serial;
    return {
      chip: this.profile.chip,
      get serial() {
        return serial();
      },
      usb: this.connector,
      storage: this.storage,
      clock: this.#clock,
      settings: this.settings,
      log: this.#log,
      power,
    };
  }

  #crash(error: unknown): void {
    if (!this.#power) return;
    this.#log.error({ serial: this.#serial, stage: this.#stage, err: error }, 'the firmware crashed');
    this.#cut();
    this.#power = new AbortController(); // still powered: a crashed board needs a power cycle
    this.#enter('crash');
  }

  #cut(): void {
    this.#power?.abort(new PowerLoss('no power'));
    this.#power = undefined;
    this.#faults.enter('off'); // it leaves the bus without meaning to come back
    this.connector.detach();
  }

  #enter(stage: BoardStage): void {
    this.#stage = stage;
    this.#faults.enter(stage);
    this.#log.debug({ serial: this.#serial, stage }, 'board');
    for (const listener of [...this.#listeners]) listener(stage);
  }
}
