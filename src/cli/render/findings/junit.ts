import type { Diagnostic } from '../../../base/diagnostics.ts';
import type { CheckedFile, Reporter } from '../../check/checked-file.ts';
import { xml } from '../xml.ts';

/** `--format junit`: a suite for each layout, a case for each finding; a layout without findings is one that passed. */
export const junitReport: Reporter = ({ files, strict }) => {
  const isFailure = ({ severity }: Diagnostic) => severity === 'error' || (strict && severity === 'warning');
  const count = (diagnostics: readonly Diagnostic[]) =>
    `tests="${Math.max(1, diagnostics.length)}" failures="${diagnostics.filter(isFailure).length}"`;
  const suite = ({ path, diagnostics }: CheckedFile) => [
    `  <testsuite name="${xml(path)}" ${count(diagnostics)} errors="0" skipped="0">`,
    ...(diagnostics.length === 0 ? [`    <testcase name="no findings" classname="${xml(path)}"/>`] : []),
    ...diagnostics.map((diagnostic) => testCase(path, diagnostic, isFailure(diagnostic))),
    '  </testsuite>',
  ];
  const total = files.reduce((sum, { diagnostics }) => sum + Math.max(1, diagnostics.length), 0);
  const failures = files.flatMap(({ diagnostics }) => diagnostics).filter(isFailure).length;
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="phaseline check" tests="${total}" failures="${failures}" errors="0">`,
    ...files.flatMap(suite),
    '</testsuites>',
  ].join('\n')}\n`;
};

function testCase(path: string, diagnostic: Diagnostic, isFailure: boolean): string {
  const { line, column, severity, ruleId, message, help } = diagnostic;
  const head = `    <testcase name="${xml(`${ruleId} at ${line}:${column}`)}" classname="${xml(path)}">`;
  const place = `${path}:${line}:${column}`;
  const text = xml(`${place}: ${severity}: ${message}${help === undefined ? '' : `\n${help}`}`);
  const body = isFailure
    ? `<failure type="${xml(ruleId)}" message="${xml(message)}">${text}</failure>`
    : `<system-out>${text}</system-out>`;
  return `${head}${body}</testcase>`;
}
