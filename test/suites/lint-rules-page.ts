import { RULES } from '../../src/check/registry.ts';
import { ruleSection } from '../../src/cli/check/explain.ts';

/** docs/lint-rules.md, made of the rules in src/check/rules/. */
export function lintRulesPage(): string {
  const ids = RULES.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const rows = ids.map(({ id, severity, title }) => `| [${id}](#${id}) | ${severity} | ${escaped(title)} |`);
  return `# Rules of \`phaseline check\`

Made by \`npm run docs\`. \`phaseline check --explain RULE\` prints one section. A finding may be more or less
severe than its rule where more is known; [check.md](check.md) tells how to switch rules off.

| rule | severity | what it is about |
| --- | --- | --- |
${rows.join('\n')}

${RULES.map((rule) => escaped(ruleSection(rule))).join('\n')}`;
}

/** Outside code, Markdown would take \`<TAB>\` for HTML. */
function escaped(text: string): string {
  return text
    .split(/(`[^`\n]*`)/)
    .map((piece, index) => (index % 2 === 1 ? piece : piece.replaceAll('<', '\\<')))
    .join('');
}
