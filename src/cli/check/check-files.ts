import { dirname, relative, resolve } from 'node:path';
import type { Severity } from '../../base/diagnostics.ts';
import { isPhaselineError } from '../../base/errors.ts';
import { checkLayout } from '../../check/check-layout.ts';
import { configDiagnostics } from '../../check/config-diagnostics.ts';
import { likelyFamilies } from '../../check/families.ts';
import { RULE_IDS } from '../../check/run-rules.ts';
import type { CheckContext } from '../../check/subject.ts';
import { decodeLayout, type Layout, parseLayout } from '../../layout/parse.ts';
import { type Describer, describeFiles, readLayoutBytes, searchPath } from '../layout-files.ts';
import type { CheckedFile } from './checked-file.ts';
import { type CheckConfig, configFinder, placeOfRule } from './config.ts';
import { sharedDescriber } from './describer.ts';

/** As many layouts are looked at together: enough to keep the disk busy. */
const TOGETHER = 8;

/** How layouts are to be checked. */
export interface CheckRequest {
  readonly cwd: string;
  readonly images: readonly string[];
  readonly allowOutside: boolean;
  /** Whether the files that the rows name are looked into. */
  readonly files: boolean;
  readonly context: CheckContext;
  /** Told when a file takes long to look into. */
  readonly notice?: (text: string) => void;
}

/** A layout that was read, and all that is known for its check. */
export interface PreparedLayout {
  readonly path: string;
  /** Undefined when it could not be read. */
  readonly bytes: Uint8Array | undefined;
  readonly layout: Layout;
  readonly context: CheckContext;
}

/** Reads layouts, with their configurations and files. Errors: usage/config. */
export async function prepareLayouts(
  paths: readonly string[],
  request: CheckRequest,
): Promise<{ readonly layouts: readonly PreparedLayout[]; readonly configs: readonly CheckConfig[] }> {
  const configOf = configFinder();
  const configs = new Map<string, CheckConfig>();
  const describers = new Map<string, Describer>();
  const prepare = async (path: string): Promise<PreparedLayout> => {
    const config = await configOf(dirname(resolve(request.cwd, path)));
    if (config) configs.set(config.path, config);
    const severities: ReadonlyMap<string, Severity | 'off'> = config?.severities ?? new Map();
    const look =
      describers.get(config?.path ?? '') ??
      sharedDescriber((ruleId) => severities.get(ruleId) !== 'off', {
        expands: request.context.tool === 'phaseline',
        ...(request.notice && { notice: request.notice }),
      });
    describers.set(config?.path ?? '', look);
    const { bytes, layout } = await readWhatIsThere(path, request.cwd);
    const context = { ...request.context, severities };
    if (!request.files) return { path, bytes, layout, context };
    const search = searchPath(path, request.images, request.cwd, request.allowOutside);
    const found = await describeFiles(layout, search, look);
    const files = new Map([...found].map(([name, file]) => [name, file.facts]));
    return { path, bytes, layout, context: { ...context, files } };
  };
  const layouts: PreparedLayout[] = [];
  for (let at = 0; at < paths.length; at += TOGETHER) {
    for (const layout of await Promise.all(paths.slice(at, at + TOGETHER).map(prepare))) layouts.push(layout);
  }
  return { layouts, configs: [...configs.values()] };
}

async function readWhatIsThere(path: string, cwd: string): Promise<Pick<PreparedLayout, 'bytes' | 'layout'>> {
  try {
    const bytes = await readLayoutBytes(resolve(cwd, path), path);
    return { bytes, layout: parseLayout(decodeLayout(bytes), path) };
  } catch (error) {
    if (!isPhaselineError(error, 'layout/unreadable')) throw error;
    return { bytes: undefined, layout: { ...parseLayout('', path), problem: error.message } };
  }
}

export function checkedLayout({ path, layout, context }: Omit<PreparedLayout, 'bytes'>): CheckedFile {
  return {
    path,
    diagnostics: checkLayout(layout, context),
    likely: likelyFamilies(layout, context),
    lineText: (line) => layout.lines[line - 1]?.text,
  };
}

/** A configuration that names rules which do not exist. */
export function checkedConfig(config: CheckConfig, cwd: string): CheckedFile {
  const unknown = [...config.severities.keys()].filter((id) => !RULE_IDS.has(id));
  const lines = config.text.split('\n');
  return {
    path: relative(cwd, config.path),
    diagnostics: configDiagnostics(
      unknown.map((id) => ({ id, ...placeOfRule(config, id) })),
      config.severities,
    ),
    lineText: (line) => lines[line - 1],
  };
}
