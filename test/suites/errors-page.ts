import { ERROR_CODES } from '../../src/base/error-codes.ts';
import { hintRows } from '../../src/cli/hints.ts';

type Code = keyof typeof ERROR_CODES;

/** docs/errors.md, made of the tables in src/base/error-codes.ts and src/cli/hints. */
export function errorsPage(): string {
  const rows = (Object.keys(ERROR_CODES) as Code[]).map((code) => {
    const { exit, meaning } = ERROR_CODES[code];
    const advice = hintRows(code).map(({ says, advice: text }) => (says === undefined ? text : `${says}: ${text}`));
    return `| \`${code}\` | ${exit} | ${meaning} | ${advice.join('<br>')} |`;
  });
  return `# Errors

Made by \`npm run docs\`. Every failure has one of these codes; scripts may rely on the code and on the exit
code, not on wording. Where a cause is known by evidence (the stage, the DFU status, the board's own words, what is on
the bus, what the FSBL contains) its advice stands first, behind that evidence.

| code | exit | meaning | what to do |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}
