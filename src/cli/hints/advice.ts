import type { ErrorDetails } from '../../base/errors.ts';

/** What the command knows beside the failure. */
export interface Scene {
  /** The kind of virtual machine that we run in, if we do. */
  readonly virtualMachine?: string | undefined;
  /** The FSBL that was sent is a TF-A whose text shows no USB programmer. */
  readonly fsblWithoutUsb?: boolean;
}

/** What advice is chosen by: the details of the failure, and the scene. */
export interface Evidence {
  readonly details: ErrorDetails;
  readonly scene: Scene;
}

/** Advice for one cause of a failure, known by its evidence. */
export interface Known {
  /** The evidence in a few words, for docs/errors.md. */
  readonly says: string;
  readonly holds: (evidence: Evidence) => boolean;
  readonly advice: string;
}

/** What to do about a failure: the first cause whose evidence is there, else the rest. One line, no full stop. */
export type Advice = string | { readonly known: readonly Known[]; readonly otherwise: string };

export function known(says: string, holds: Known['holds'], advice: string): Known {
  return { says, holds, advice };
}

/** Known by a detail of the failure that has one of these values. */
export function knownBy(name: string, values: readonly unknown[], says: string, advice: string): Known {
  return known(says, ({ details }) => values.includes(details[name]), advice);
}
