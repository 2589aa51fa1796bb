import { describe, expect, test } from 'vitest';
import { checkLayout } from '../../src/check/check-layout.ts';
import type { CheckContext } from '../../src/check/subject.ts';
import { parseLayout } from '../../src/layout/parse.ts';
import { brokenLayout } from './boards.ts';

const rulesFound = (text: string, context: CheckContext = {}) =>
  checkLayout(parseLayout(text), context).map(({ line, ruleId, severity }) => `${line} ${severity} ${ruleId}`);

const DECIMAL = 'P 0x05 fsbl2 Binary mmc0 279552 fsbl.stm32';
/** The SD card's layout with a decimal offset on line 6, and a comment in front of it. */
const commented = (...comments: readonly string[]) =>
  brokenLayout('sd', { 5: `${comments.join('\n')}\n${DECIMAL.replaceAll(' ', '\t')}` });

describe('a comment in the layout', () => {
  test.each([
    ['names the rule', '# phaseline-disable-next-line offset-no-prefix'],
    ['names several', '# phaseline-disable-next-line id-octal, offset-no-prefix'],
    ['gives the reason', '#phaseline-disable-next-line offset-no-prefix -- the old tool wants it'],
  ])('switches a rule off for the next line when it %s', (_what, comment) => {
    expect(rulesFound(commented('# nothing'))).toContain('6 error offset-no-prefix');
    expect(rulesFound(commented(comment))).toEqual(rulesFound(brokenLayout('sd')).map(oneLineLater));
  });

  test('and the next one count together', () => {
    const text = commented('# phaseline-disable-next-line id-octal', '# phaseline-disable-next-line offset-no-prefix');
    expect(rulesFound(text)).not.toContain('7 error offset-no-prefix');
  });

  test.each([
    ['another rule', '# phaseline-disable-next-line offset-syntax'],
    ['a rule in its reason only', '# phaseline-disable-next-line offset-syntax -- not offset-no-prefix'],
    ['no directive', '# phaseline-disable-next-lines offset-no-prefix'],
  ])('switches nothing else off: %s', (_what, comment) => {
    expect(rulesFound(commented(comment))).toContain('6 error offset-no-prefix');
  });

  test('switches off for one line only', () => {
    const text = `${commented('# phaseline-disable-next-line offset-no-prefix')}P\t0x12\tb\tENV\tmmc0\t99999744\tnone\n`;
    expect(rulesFound(text)).toContain('14 error offset-no-prefix');
  });

  test('lets the rules behind the one that is off see the cell', () => {
    const text = commented('# phaseline-disable-next-line offset-no-prefix').replace('279552', '17408');
    expect(rulesFound(text)).toContain('6 error offset-duplicate');
  });

  test.each([
    ['an id that does not exist', '# phaseline-disable-next-line ofset-no-prefix', 31, 'write offset-no-prefix'],
    ['no id at all', '# phaseline-disable-next-line', 1, 'write the id of a rule; docs/lint-rules.md lists them'],
  ])('with %s is a finding', (_what, comment, column, help) => {
    const [found] = checkLayout(parseLayout(commented(comment))).filter(({ ruleId }) => ruleId === 'unknown-rule');
    expect(found).toMatchObject({ severity: 'warning', line: 5, column, help });
  });

  test('cannot switch off what ends the check', () => {
    const text = '# phaseline-disable-next-line nul-byte\nP\0\n';
    expect(rulesFound(text)).toEqual(['2 error nul-byte']);
  });
});

function oneLineLater(finding: string): string {
  return finding.replace(/^\d+/, (line) => String(Number(line) < 5 ? Number(line) : Number(line) + 1));
}

describe('a severity of the configuration', () => {
  const text = brokenLayout('sd', { 5: DECIMAL });

  test.each([
    ['info', '5 info offset-no-prefix'],
    ['warning', '5 warning offset-no-prefix'],
    ['error', '5 error offset-no-prefix'],
  ] as const)('goes before the rule’s own: %s', (severity, wanted) => {
    expect(rulesFound(text, { severities: new Map([['offset-no-prefix', severity]]) })).toContain(wanted);
  });

  test('off silences the rule', () => {
    const context = { severities: new Map([['offset-no-prefix', 'off']] as const) };
    expect(rulesFound(text, context)).toEqual(rulesFound(brokenLayout('sd')));
  });

  test('does not hide that nothing was looked at', () => {
    const context = { severities: new Map([['no-rows', 'off']] as const) };
    expect(rulesFound('# nothing\n', context)).toEqual(['1 error no-rows']);
  });
});
