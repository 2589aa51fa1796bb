import { PhaselineError } from '../base/errors.ts';
import { hexNumber } from '../base/sizes.ts';
import { type BoardWords, readBoardWords } from './board-words.ts';
import type { Action } from './decide.ts';
import type { StageName } from './events.ts';
import type { Plan, PlannedFile } from './plan.ts';

/** What U-Boot says of a layout whose partitions are not those of the medium. protocol.md §5.3. */
const OTHER_TABLE = /:\s?(?:Couldn't find part|Bad address for partition|Bad size for partition) /;

export const WHO: Readonly<Record<StageName, string>> = { rom: 'the ROM', tfa: 'TF-A', uboot: 'U-Boot' };

/** The error of a decision: in the board's words, with the line of the layout's file where it names one, or in ours. */
export function boardError(action: Action & { kind: 'fail' }, plan: Plan, stage: StageName): PhaselineError {
  const { code, message } = action;
  if (code === 'board/layout-refused' && plan.storagePhases.length === 0 && OTHER_TABLE.test(message)) {
    const text = `the board has other partitions than the layout: ${message}`;
    return new PhaselineError('board/partition-table', text, { text: message });
  }
  if (code !== 'board/layout-refused' && code !== 'board/error') return new PhaselineError(code, message, { stage });
  const said = readBoardWords(message);
  const line = lineOf(said, plan);
  const place = line === undefined ? '' : ` (line ${line} of ${plan.layoutPath})`;
  const verb = code === 'board/layout-refused' ? 'refuses the layout' : 'reports an error';
  const words = message === '' ? ' and gives no reason' : `: ${message}${place}`;
  return new PhaselineError(code, `${WHO[stage]} ${verb}${words}`, {
    stage,
    text: message,
    ...(said.cause === undefined ? {} : { cause: said.cause }),
    ...(line === undefined ? {} : { line }),
  });
}

/** The line of the file that the board's words are about: of the row, or of the first one on the device. */
function lineOf({ boardLine, id, device }: BoardWords, plan: Plan): number | undefined {
  if (boardLine !== undefined) return plan.fileLine(boardLine);
  return id === undefined && device === undefined ? undefined : plan.rowLine({ id, device });
}

/** `layout.tsv:4: sdcard.img`: a file by the row that names it. */
export function fileOfRow(plan: Plan, id: number, file: string): string {
  return `${plan.layoutPath}:${plan.rowLine({ id })}: ${file}`;
}

/** U-Boot's words for a block number that is not the next one (FINDINGS trap 5). */
const OUT_OF_ORDER = 'Wrong sequence number';

/** The error of a file that was not taken, in the words that the board has for it. */
export function fileError(error: PhaselineError, words: string, file: PlannedFile): PhaselineError {
  // The blocks under way behind a stalled one arrive out of order: a consequence, not the reason.
  if (error.code === 'usb/stall' && words === OUT_OF_ORDER) return error;
  const text = `phase ${hexNumber(file.id)} ${file.name} (${file.file}): ${words}`;
  return new PhaselineError(
    'board/error',
    text,
    { ...error.details, text: words, cause: readBoardWords(words).cause },
    error,
  );
}
