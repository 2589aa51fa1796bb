import type { ImageFacts } from '../image/facts.ts';
import type { LayoutRow } from '../layout/row.ts';
import type { Spoils } from './rule.ts';
import type { Subject } from './subject.ts';

/** Why a file that the layout names could not be looked into. */
export interface FileProblem {
  readonly problem: 'missing' | 'unreadable' | 'outside';
  /** One line that names the file: `fip.bin is a folder, not a file`. */
  readonly reason: string;
  /** A file whose name differs only in upper and lower case. */
  readonly otherCase?: string;
}

export type FileFacts = ImageFacts | FileProblem;

export function isProblem(facts: FileFacts): facts is FileProblem {
  return 'problem' in facts;
}

/**
 * What an odd file name leaves in doubt: everything about the file if it was not found, nothing if it was.
 */
export function spoilsName(row: LayoutRow, { context }: Subject): Spoils {
  const facts = row.binary === undefined ? undefined : context.files?.get(row.binary);
  const missing = facts !== undefined && isProblem(facts) && facts.problem === 'missing';
  return missing ? 'cell' : 'nothing';
}
