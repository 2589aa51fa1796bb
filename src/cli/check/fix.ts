import { resolve } from 'node:path';
import { equalBytes } from '../../base/bytes.ts';
import { type Corrected, correctLayout } from '../../check/correct.ts';
import { layoutText } from '../../layout/edits.ts';
import { parseLayout } from '../../layout/parse.ts';
import type { PreparedLayout } from './check-files.ts';
import { replaceFile } from './replace-file.ts';
import { unifiedDiff } from './unified-diff.ts';

/** A layout that was to be corrected. */
export interface Fixed {
  readonly layout: PreparedLayout;
  readonly ruleIds: readonly string[];
  /** What would turn the file into the corrected one; empty when there is nothing to correct. */
  readonly diff: string;
  /** Why the file was left alone. */
  readonly conflict?: string;
}

/** Corrects what can be corrected, in the files too with `write`. Errors: files/changed, files/unreadable. */
export async function fixLayout(prepared: PreparedLayout, cwd: string, write: boolean): Promise<Fixed> {
  const { path, bytes, layout, context } = prepared;
  const nothing: Fixed = { layout: prepared, ruleIds: [], diff: '' };
  if (bytes === undefined) return nothing;
  const before = layoutText(layout);
  const { text, ruleIds, conflict }: Corrected = correctLayout(layout, context);
  if (conflict !== undefined) return { ...nothing, conflict };
  if (text === before) return nothing;
  const encoder = new TextEncoder();
  if (!equalBytes(encoder.encode(before), bytes)) return { ...nothing, conflict: 'the file is not UTF-8' };
  const diff = unifiedDiff(path, before, text);
  if (!write) return { layout: prepared, ruleIds, diff };
  const content = encoder.encode(text);
  await replaceFile(resolve(cwd, path), bytes, content);
  return { layout: { path, bytes: content, layout: parseLayout(text, path), context }, ruleIds, diff };
}
