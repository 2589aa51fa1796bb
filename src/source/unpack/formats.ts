import { PhaselineError } from '../../base/errors.ts';
import type { CompressionKind } from '../../image/facts.ts';
import { printablePath } from '../file-failure.ts';
import { hasTool, throughTool } from './tool.ts';
import type { Unpack } from './unpack.ts';
import { unpackGzip } from './zlib.ts';

/** What can be expanded on the way. */
export type Format = Extract<CompressionKind, 'gzip' | 'xz' | 'zstd' | 'bzip2'>;

/** The program that expands a format, and the Debian package that has it. */
const TOOLS: Readonly<Record<Exclude<Format, 'gzip'>, { readonly tool: string; readonly debian: string }>> = {
  xz: { tool: 'xz', debian: 'xz-utils' },
  zstd: { tool: 'zstd', debian: 'zstd' },
  bzip2: { tool: 'bzip2', debian: 'bzip2' },
};

export function isFormat(kind: CompressionKind | undefined): kind is Format {
  return kind === 'gzip' || kind === 'xz' || kind === 'zstd' || kind === 'bzip2';
}

/** What expands `format` on this machine; files/unreadable, with the program to install, when nothing does. */
export async function unpackerFor(format: Format, path: string): Promise<Unpack> {
  if (format === 'gzip') return unpackGzip;
  const { tool, debian } = TOOLS[format];
  if (await hasTool(tool)) return throughTool(tool);
  throw new PhaselineError(
    'files/unreadable',
    `${printablePath(path)} is compressed with ${format}, and there is no program ${tool} to expand it (Debian package ${debian})`,
    { path, tool },
  );
}
