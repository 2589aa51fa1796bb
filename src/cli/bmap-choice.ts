import { resolve } from 'node:path';
import { PhaselineError } from '../base/errors.ts';
import { parseCNumber } from '../layout/number.ts';
import type { Layout } from '../layout/parse.ts';
import { plannedPhases, sendsFile } from '../layout/phases.ts';
import type { BmapChoice } from '../source/find-bmap.ts';

/**
 * Which block map goes with which file, by the text of its Binary cell: `--bmap FILE` where the layout writes one
 * image to storage, `--bmap ID=FILE` for the image of a row, `none` in place of a file for no block map. Without, it
 * is looked for beside each image that goes to storage. Errors: usage/arguments.
 */
export function bmapChoice(texts: readonly string[], layout: Layout, cwd: string): (binary: string) => BmapChoice {
  const rows = plannedPhases(layout).filter(sendsFile);
  const written = new Set(rows.map(({ binary }) => binary));
  const named = new Map<string, BmapChoice>();
  let others: BmapChoice = 'beside';
  for (const text of texts) {
    const [, id, file = text] = /^([0-9][0-9a-zA-Z]*)=(.+)$/.exec(text) ?? [];
    const choice = file === 'none' ? 'none' : { path: resolve(cwd, file) };
    if (id === undefined) {
      if (choice !== 'none' && written.size !== 1) throw ambiguous(text, written.size);
      others = choice;
      continue;
    }
    const row = rows.find((one) => one.id === parseCNumber(id));
    if (row?.binary === undefined) throw unknownId(text, id);
    named.set(row.binary, choice);
  }
  return (binary) => (written.has(binary) ? (named.get(binary) ?? others) : 'none');
}

function ambiguous(text: string, count: number): PhaselineError {
  const which = count === 0 ? 'the layout writes no image' : `the layout writes ${count} images; say ID=${text}`;
  return new PhaselineError('usage/arguments', `--bmap ${text}: ${which}`);
}

function unknownId(text: string, id: string): PhaselineError {
  return new PhaselineError('usage/arguments', `--bmap ${text}: the layout writes no file to ${id}`);
}
