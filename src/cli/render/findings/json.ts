import { jsonText } from '../../../base/printable.ts';
import type { CheckedFile, Reporter } from '../../check/checked-file.ts';
import { summaryOf } from '../diagnostics.ts';

/** `--format json`: one object, as the contract in docs/check.md has it. */
export const jsonReport: Reporter = ({ files }) => {
  const summary = summaryOf(files.flatMap(({ diagnostics }) => diagnostics));
  return `${jsonText({ files: files.map(fileOf), summary })}\n`;
};

function fileOf({ path, likely, diagnostics }: CheckedFile) {
  return {
    path,
    ...(likely && { families: likely.families, familyFrom: likely.from ?? null }),
    diagnostics: diagnostics.map(({ aboutFile: _, ...rest }) => rest),
  };
}
