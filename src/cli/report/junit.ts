import type { PhaseResult } from '../../flash/events.ts';
import type { Report } from '../../flash/report.ts';
import { xml } from '../render/xml.ts';

/**
 * A report as JUnit XML: the job is a suite, each phase a case, and a last case `verdict` for what is of no
 * phase: no board, a layout with errors, a board that did not come back, the check at the end.
 */
export function junitText(report: Report): string {
  const cases = [...report.phases.map((phase) => phaseCase(phase, report)), verdictCase(report)];
  const count = (kind: Case['kind']) => cases.filter((entry) => entry.kind === kind).length;
  const counts = `tests="${cases.length}" failures="${count('failure')}" errors="0" skipped="${count('skipped')}"`;
  const suite = `name="${xml(suiteName(report))}" ${counts} time="${seconds(report.seconds)}"`;
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="phaseline flash" ${counts} time="${seconds(report.seconds)}">`,
    `  <testsuite ${suite} timestamp="${xml(report.startedAt)}">`,
    '    <properties>',
    ...properties(report).map(([name, value]) => `      <property name="${name}" value="${xml(value)}"/>`),
    '    </properties>',
    ...cases.map((entry) => caseText(entry, suiteName(report))),
    '  </testsuite>',
    '</testsuites>',
  ].join('\n')}\n`;
}

interface Case {
  readonly kind: 'passed' | 'failure' | 'skipped';
  readonly name: string;
  readonly seconds: number;
  readonly message?: string;
  readonly type?: string;
}

function phaseCase(phase: PhaseResult, { ok, lastPhase, message, code }: Report): Case {
  const name = `${phase.id} ${phase.name} (${phase.file})`;
  const isBroken = phase.id === lastPhase && (!phase.complete || code === 'verify/difference');
  if (phase.complete && !isBroken) return { kind: 'passed', name, seconds: phase.seconds };
  if (!ok && isBroken) return { kind: 'failure', name, seconds: phase.seconds, message, type: code };
  return { kind: 'skipped', name, seconds: 0, message: 'not written' };
}

function verdictCase({ ok, seconds, message, code }: Report): Case {
  const name = 'verdict';
  return ok ? { kind: 'passed', name, seconds } : { kind: 'failure', name, seconds, message, type: code };
}

function caseText({ kind, name, seconds: took, message = '', type = '' }: Case, suite: string): string {
  const head = `    <testcase name="${xml(name)}" classname="${xml(suite)}" time="${seconds(took)}"`;
  if (kind === 'passed') return `${head}/>`;
  const inner =
    kind === 'skipped'
      ? `<skipped message="${xml(message)}"/>`
      : `<failure type="${xml(type)}" message="${xml(message)}"/>`;
  return `${head}>${inner}</testcase>`;
}

function suiteName({ layout, board }: Report): string {
  return ['phaseline flash', layout?.path, board?.serial].filter((part) => part != null).join(' ');
}

function properties({ board, layout, tool, host, verified, attempts }: Report): [name: string, value: string][] {
  return [
    ['phaseline', tool.version],
    ['os', `${host.platform} ${host.release} ${host.arch}`],
    ['node', host.node],
    ...(board === null
      ? []
      : ([
          ['board.family', board.family],
          ['board.serial', board.serial ?? ''],
          ['board.port', board.port ?? ''],
        ] as [string, string][])),
    ...(layout === null ? [] : ([['layout.sha256', layout.sha256]] as [string, string][])),
    ['verified', verified],
    ['attempts', String(attempts.length)],
  ];
}

function seconds(value: number): string {
  return value.toFixed(3);
}
