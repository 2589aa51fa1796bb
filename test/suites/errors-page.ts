import { ERROR_CODES } from '../../src/base/error-codes.ts';
import { PhaselineError } from '../../src/base/errors.ts';
import { hintFor } from '../../src/cli/hints.ts';

type Code = keyof typeof ERROR_CODES;

/** docs/errors.md, made of the table in src/base/error-codes.ts and the hints. */
export function errorsPage(): string {
  const rows = (Object.keys(ERROR_CODES) as Code[]).map((code) => {
    const { exit, meaning } = ERROR_CODES[code];
    return `| \`${code}\` | ${exit} | ${meaning} | ${hintFor(new PhaselineError(code, ''))} |`;
  });
  return `# Errors

Made by \`npm run docs\`. Every failure has one of these codes; scripts may rely on the code and on the exit
code, not on wording.

| code | exit | meaning | what to do |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}
