import { ERROR_CODES } from '../../src/base/error-codes.ts';
import type { Stage } from '../matrix/moments.ts';
import { OUTCOMES, type OutcomeRow } from '../matrix/outcomes.ts';

const STAGE_NAMES: Readonly<Record<Stage, string>> = {
  rom: 'ROM',
  tfa: 'TF-A',
  uboot: 'U-Boot with the layout',
  storage: 'U-Boot with partitions',
};

/** What each fault of the simulated board ends in, as `npm run matrix` holds it: the rows of a Markdown table. */
export function outcomesTable(): string {
  return OUTCOMES.map((row) => {
    const faults = row.faults.map((fault) => `\`${fault}\``).join(', ');
    const codes = row.codes.map((code) => `\`${code}\``).join(', ');
    return `| ${faults} | ${where(row)} | ${codes} | ${exits(row)} | ${left(row)} | ${row.within} |`;
  }).join('\n');
}

function where({ stages, places, ways, text }: OutcomeRow): string {
  const parts = [
    stages?.map((stage) => STAGE_NAMES[stage]).join(', '),
    places?.join(', '),
    ways?.join(', '),
    text && `\`${text.source.replaceAll('|', ' or ')}\``,
  ];
  return parts.filter((part) => part !== undefined).join('; ') || 'everywhere';
}

function exits({ codes }: OutcomeRow): string {
  return [...new Set(codes.map((code) => (code === 'ok' ? 0 : ERROR_CODES[code].exit)))].join(', ');
}

function left({ left: stages, seen }: OutcomeRow): string {
  return `${stages.join(' or ')}, ${seen ? 'on' : 'off'} the bus`;
}
