import { isAbsolute, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Diagnostic } from '../../../base/diagnostics.ts';
import { jsonText } from '../../../base/printable.ts';
import { RULES } from '../../../check/registry.ts';
import type { Rule } from '../../../check/rule.ts';
import type { CheckedFile, Reporter } from '../../check/checked-file.ts';
import { VERSION } from '../../version.ts';

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const;

/** `--format sarif`: SARIF 2.1.0, what code scanning services take. */
export const sarifReport: Reporter = ({ files }) => {
  const broken = new Set(files.flatMap(({ diagnostics }) => diagnostics.map(({ ruleId }) => ruleId)));
  const rules = RULES.filter(({ id }) => broken.has(id));
  const indexOf = new Map(rules.map(({ id }, index) => [id, index]));
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'phaseline', semanticVersion: VERSION, rules: rules.map(descriptorOf) } },
        columnKind: 'utf16CodeUnits',
        artifacts: files.map(({ path }) => ({ location: { uri: uriOf(path) } })),
        results: files.flatMap((file, index) =>
          file.diagnostics.map((diagnostic) => resultOf(file, index, diagnostic, indexOf.get(diagnostic.ruleId))),
        ),
      },
    ],
  };
  return `${jsonText(log)}\n`;
};

function descriptorOf({ id, severity, title, why, fix }: Rule) {
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: fix },
    defaultConfiguration: { level: LEVELS[severity] },
  };
}

function resultOf({ path }: CheckedFile, index: number, diagnostic: Diagnostic, ruleIndex: number | undefined) {
  const { ruleId, severity, line, column, endColumn, message, help } = diagnostic;
  return {
    ruleId,
    ...(ruleIndex !== undefined && { ruleIndex }),
    level: LEVELS[severity],
    message: { text: help === undefined ? message : `${message} (${help})` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(path), index },
          region: { startLine: line, startColumn: column, endLine: line, endColumn: Math.max(column, endColumn) },
        },
      },
    ],
  };
}

/** A path as a URI: relative ones stay relative, so that a service finds them in the repository. */
function uriOf(path: string): string {
  if (isAbsolute(path)) return pathToFileURL(path).href;
  return path.split(sep).map(encodeURIComponent).join('/');
}
