import { PhaselineError } from '../../base/errors.ts';
import type { CompressionKind } from '../../image/facts.ts';
import { printablePath } from '../file-failure.ts';
import { hasTool, throughTool } from './tool.ts';
import type { Unpack } from './unpack.ts';
import { unpackGzip } from './zlib.ts';

/** What can be expanded on the way. */
export type Format = Extract<CompressionKind, 'gzip' | 'xz' | 'zstd' | 'bzip2'>;

interface Tool {
  readonly tool: string;
  readonly args: readonly string[];
  /** The Debian package that has it. */
  readonly debian: string;
}

/** The program that expands a format. */
const TOOLS: Readonly<Record<Exclude<Format, 'gzip'>, Tool>> = {
  xz: { tool: 'xz', args: ['-dc'], debian: 'xz-utils' },
  // Takes windows of up to 2 GiB, where an image was made with such a one; 128 MiB is where it stops by itself.
  zstd: { tool: 'zstd', args: ['-dc', '--long=31'], debian: 'zstd' },
  bzip2: { tool: 'bzip2', args: ['-dc'], debian: 'bzip2' },
};

export function isFormat(kind: CompressionKind | undefined): kind is Format {
  return kind === 'gzip' || kind === 'xz' || kind === 'zstd' || kind === 'bzip2';
}

/** What expands `format` on this machine; files/unreadable, with the program to install, when nothing does. */
export async function unpackerFor(format: Format, path: string): Promise<Unpack> {
  if (format === 'gzip') return unpackGzip;
  const { tool, args, debian } = TOOLS[format];
  if (await hasTool(tool)) return throughTool(tool, args);
  throw new PhaselineError(
    'files/unreadable',
    `${printablePath(path)} is compressed with ${format}, and there is no program ${tool} to expand it (Debian package ${debian})`,
    { path, tool },
  );
}
