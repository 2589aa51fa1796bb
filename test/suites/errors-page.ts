import { ERROR_CODES } from '../../src/base/error-codes.ts';
import { hintRows } from '../../src/cli/hints.ts';
import { outcomesTable } from './outcomes-table.ts';

type Code = keyof typeof ERROR_CODES;

/** docs/errors.md, made of the tables in src/base/error-codes.ts, src/cli/hints and test/matrix/outcomes.ts. */
export function errorsPage(): string {
  const rows = (Object.keys(ERROR_CODES) as Code[]).map((code) => {
    const { exit, meaning } = ERROR_CODES[code];
    const hints = hintRows(code);
    const advice = hints.map(({ says, advice: text }) =>
      hints.length === 1 ? text : `_${says ?? 'otherwise'}:_ ${text}`,
    );
    return `| \`${code}\` | ${exit} | ${meaning} | ${advice.join('<br>')} |`;
  });
  return `# Errors

Made by \`npm run docs\`. Every failure has one of these codes; scripts may rely on the code and on the exit
code, not on wording. Where a cause is known by evidence (the stage, the DFU status, the board's own words, what is on
the bus, what the FSBL contains) its advice stands behind that evidence, first
the one that is looked for first.

| code | exit | meaning | what to do |
| --- | --- | --- | --- |
${rows.join('\n')}

## What a fault ends in

Held by \`npm run matrix\`: every fault of the simulated board (docs/simulator.md) at every moment of a flash on
STM32MP13, MP15 (with a FIP, the older way, eMMC, NOR, NAND), MP21, MP23 and MP25. The first row that fits a fault counts.
\`before\`, \`select\`, … \`after\` are transfers: the one before a phase, its SET_INTERFACE, … the one behind its manifest;
\`same\` is the program that ran when the fault came; \`prompt\` is U-Boot's, after a good end.

| fault | where | ends in | exit | the board afterwards | seconds at most |
| --- | --- | --- | --- | --- | --- |
${outcomesTable()}
`;
}
