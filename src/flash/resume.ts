import { createHash } from 'node:crypto';
import { PhaselineError } from '../base/errors.ts';
import { hexNumber } from '../base/sizes.ts';
import { trustedProofs } from './finished-rows.ts';
import type { Proof } from './journal.ts';
import type { JournalContent } from './journal-text.ts';
import { makePlan, type Plan, type PlannedFile, type PlanRequest } from './plan.ts';
import { rangesSha256 } from './ranges-sha256.ts';

/**
 * The plan that goes on behind what a journal proves: with its rows finished that still hold once the layout
 * is sent again. Every file that is not sent again is read whole. Fails with `resume/differs` when the layout
 * or one of those files is another one, and with what reading them fails with.
 */
export async function resumedPlan(request: PlanRequest, { head, proofs }: JournalContent): Promise<Plan> {
  const whole = makePlan(request);
  if (head.layout !== whole.fingerprint) {
    const text = `the journal of ${head.serial} is about another layout than ${whole.layoutPath} (or other --only ids)`;
    throw new PhaselineError('resume/differs', text, { journal: head.layout, layout: whole.fingerprint });
  }
  const proven = trustedProofs(request.layout, proofs);
  for (const proof of proven) {
    const file = whole.files.get(proof.id);
    if (file) await refuseOther(file, proof);
  }
  return makePlan({ ...request, proven });
}

async function refuseOther(file: PlannedFile, { id, bytes, sha256, ranges }: Proof): Promise<void> {
  const isThere = file.bytesToSend === bytes && rangesSha256(file) === ranges;
  const found = isThere ? await sha256OfSent(file) : undefined;
  if (found === sha256) return;
  const text = `${file.file} is not what the journal has for phase ${hexNumber(id)} ${file.name}`;
  throw new PhaselineError('resume/differs', text, { phase: id, file: file.file, journal: sha256, found });
}

/** As delivery computes it: over the ranges that are sent. */
async function sha256OfSent({ bytes, extents }: PlannedFile): Promise<string> {
  const hash = createHash('sha256');
  for (const { offset, length } of extents) {
    for await (const piece of bytes.stream(offset, length)) hash.update(piece);
  }
  return hash.digest('hex');
}
