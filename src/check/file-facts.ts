import type { ImageFacts } from '../image/facts.ts';

/** Why a file that the layout names could not be looked into. */
export interface FileProblem {
  readonly problem: 'missing' | 'unreadable' | 'outside';
  /** One line, without the name: `is a folder, not a file`. */
  readonly reason: string;
  /** A file whose name differs only in upper and lower case. */
  readonly otherCase?: string;
}

export type FileFacts = ImageFacts | FileProblem;

export function isProblem(facts: FileFacts): facts is FileProblem {
  return 'problem' in facts;
}
