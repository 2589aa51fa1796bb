import { PhaselineError } from '../../base/errors.ts';
import { REFERENCE_BOARDS, type ReferenceBoard } from '../../check/reference-boards.ts';

/** The board that `--board` names, if it is given; usage/arguments with all names when there is none. */
export function boardNamed(name: string | undefined): ReferenceBoard | undefined {
  if (name === undefined) return undefined;
  const board = REFERENCE_BOARDS.find((candidate) => candidate.name === name);
  if (board) return board;
  const names = REFERENCE_BOARDS.map((candidate) => candidate.name).join(', ');
  throw new PhaselineError('usage/arguments', `--board ${name} is none of ${names}`);
}
