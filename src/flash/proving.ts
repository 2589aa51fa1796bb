import { isPhaselineError, type PhaselineError } from '../base/errors.ts';
import type { FlashJob } from './job.ts';
import type { Proof } from './journal.ts';
import type { Ledger } from './ledger.ts';
import type { PlannedFile } from './plan.ts';
import { rangesSha256 } from './ranges-sha256.ts';

/** Tells the journal of a job, where it has one, what its board has proven. */
export class Proving {
  readonly #job: FlashJob;
  readonly #ledger: Ledger;
  readonly #told = new Set<number>();
  #begun = false;

  constructor(job: FlashJob, ledger: Ledger) {
    this.#job = job;
    this.#ledger = ledger;
  }

  /** Before the board gets what changes its media. Fails with `resume/journal` where an old journal would stay. */
  begin(serial: string | undefined): void {
    const { journal, plan, clock } = this.#job;
    if (this.#begun || serial === undefined) return;
    const kept = plan.finished.map((file) => proofOf(file, file.sha256));
    journal?.begin({ serial, layout: plan.fingerprint, startedAt: clock.date().toISOString() }, kept);
    this.#begun = true;
  }

  /** U-Boot was asked, and wants the phase behind all of these. */
  proven(sent: readonly number[]): void {
    const { journal, plan } = this.#job;
    for (const id of sent) {
      const file = plan.files.get(id);
      const sha256 = file && this.#ledger.sha256Of(file);
      if (!file || sha256 === undefined || this.#told.has(id) || !plan.storagePhases.includes(id)) continue;
      this.#told.add(id);
      if (this.#begun) journal?.proven(proofOf(file, sha256));
    }
  }

  /** The job is over; what is not what was proven leaves nothing to go on with, and neither does success. */
  end(failure: PhaselineError | undefined): void {
    if (!this.#begun || (failure && !isPhaselineError(failure, 'verify/difference'))) return;
    try {
      this.#job.journal?.discard();
    } catch (error) {
      this.#job.log.warn({ err: error }, 'the journal could not be removed');
    }
  }
}

function proofOf(file: PlannedFile, sha256: string): Proof {
  return { id: file.id, bytes: file.bytesToSend, sha256, ranges: rangesSha256(file) };
}
