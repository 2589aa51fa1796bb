import { PhaselineError } from '../base/errors.ts';
import type { Action } from './decide.ts';
import type { StageName } from './events.ts';
import type { Plan } from './plan.ts';

/** U-Boot counts the rows of what it was sent: `Layout line 3: …`. protocol.md §5.2. */
const LAYOUT_LINE = /^Layout line (\d+):/;

export const WHO: Readonly<Record<StageName, string>> = { rom: 'the ROM', tfa: 'TF-A', uboot: 'U-Boot' };

/** The error for what the board said, with the line of the layout's file where it named one. */
export function boardError(action: Action & { kind: 'fail' }, plan: Plan, stage: StageName): PhaselineError {
  const match = LAYOUT_LINE.exec(action.message);
  const line = match ? plan.fileLine(Number(match[1])) : undefined;
  const place = line === undefined ? '' : ` (line ${line} of ${plan.layoutPath})`;
  const verb = action.code === 'board/layout-refused' ? 'refuses the layout' : 'says';
  return new PhaselineError(action.code, `${WHO[stage]} ${verb}: ${action.message}${place}`, {
    text: action.message,
    ...(line === undefined ? {} : { line }),
  });
}
