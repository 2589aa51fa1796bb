/** A job of the campaign takes a tenth of a second, or a few for a command line: one that takes this long hangs. */
const HANG_SECONDS = 120;

/** The end of patience with one job, in real time. */
export class RealTimeLimit {
  /** Resolves with the complaint when the time is up. */
  readonly passed: Promise<readonly string[]>;
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    this.passed = new Promise((resolve) => {
      this.#timer = setTimeout(() => resolve([`hangs for ${HANG_SECONDS} s`]), HANG_SECONDS * 1000);
    });
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
