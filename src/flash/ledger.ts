import type { Clock } from '../base/clock.ts';
import { hexNumber } from '../base/sizes.ts';
import type { PhaseResult } from './events.ts';
import type { FinishedFile, PlannedFile } from './plan.ts';

interface Entry {
  readonly file: PlannedFile;
  readonly startedAt: number;
  bytesDone: number;
  seconds: number;
  sha256?: string;
}

/** What this job has proven so far: bytes acknowledged by the board, and phases whose manifest it finished. */
export class Ledger {
  readonly #entries: Entry[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The running number of the phase, from 1. */
  start(file: PlannedFile): number {
    this.#entries.push({ file, startedAt: this.#clock.now(), bytesDone: 0, seconds: 0 });
    return this.#entries.length;
  }

  acknowledged(bytesDone: number): void {
    const entry = this.#entries.at(-1);
    if (entry) entry.bytesDone = bytesDone;
  }

  /** Seconds that the phase took. */
  complete(sha256: string): number {
    const entry = this.#entries.at(-1) as Entry;
    entry.sha256 = sha256;
    entry.seconds = (this.#clock.now() - entry.startedAt) / 1000;
    return entry.seconds;
  }

  /** Of what was sent of a file; undefined when it is not complete. */
  sha256Of(file: PlannedFile): string | undefined {
    return this.#entries.findLast((entry) => entry.file === file)?.sha256;
  }

  get bytes(): number {
    return this.#entries.reduce((sum, entry) => sum + entry.bytesDone, 0);
  }

  /** One line for each file that an earlier job had brought there. */
  static earlier(finished: readonly FinishedFile[]): PhaseResult[] {
    return finished.map(({ id, name, file, bytesToSend, bytes, sha256 }) => ({
      id: hexNumber(id),
      name,
      file,
      bytes: bytesToSend,
      imageBytes: bytes.size,
      bytesDone: 0,
      complete: true,
      earlier: true,
      seconds: 0,
      sha256,
    }));
  }

  /** One line for each planned file: those that were sent, and those that were not reached. */
  results(planned: readonly PlannedFile[]): PhaseResult[] {
    return planned.map((file) => {
      const entry = this.#entries.findLast((candidate) => candidate.file === file);
      return {
        id: hexNumber(file.id),
        name: file.name,
        file: file.file,
        bytes: file.bytesToSend,
        imageBytes: file.bytes.size,
        bytesDone: entry?.bytesDone ?? 0,
        complete: entry?.sha256 !== undefined,
        seconds: entry?.seconds ?? 0,
        ...(entry?.sha256 === undefined ? {} : { sha256: entry.sha256 }),
      };
    });
  }
}
