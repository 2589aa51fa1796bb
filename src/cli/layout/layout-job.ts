import { resolve } from 'node:path';
import { EXIT } from '../../base/error-codes.ts';
import { PhaselineError } from '../../base/errors.ts';
import { knownDevices } from '../../check/subject.ts';
import { formatLayout } from '../../layout/format.ts';
import type { Layout } from '../../layout/parse.ts';
import { describe } from '../../source/describe.ts';
import { boardNamed } from '../check/board-named.ts';
import { deviceFacts } from '../check/device-facts.ts';
import type { CommandContext } from '../command.ts';
import type { LayoutArguments } from '../commands/layout.ts';
import { describeFiles, readLayout, searchPath } from '../layout-files.ts';
import { differenceJson, differenceText } from './difference-text.ts';
import { mapDevices, mapJson } from './map-devices.ts';
import { mapText } from './map-text.ts';

/** `phaseline layout`. Errors: usage/arguments, layout/unreadable. */
export async function layoutJob(args: LayoutArguments, { io }: CommandContext): Promise<number> {
  const { verb, file: paths } = args;
  const layouts: Layout[] = [];
  for (const path of paths) layouts.push(await readLayout(resolve(io.cwd, path), path));
  const [layout, newer, ...others] = layouts;
  if (!layout || (newer !== undefined) !== (verb === 'diff') || others.length > 0) {
    throw new PhaselineError(
      'usage/arguments',
      `layout ${verb} takes ${verb === 'diff' ? 'two layouts' : 'one layout'}`,
    );
  }
  if (newer) io.stdout.write(args.json ? json(differenceJson(layout, newer)) : lines(differenceText(layout, newer)));
  else if (verb === 'print') io.stdout.write(args.json ? json({ text: formatLayout(layout) }) : formatLayout(layout));
  else await map(layout, args, io);
  return EXIT.ok;
}

function json(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}

async function map(layout: Layout, args: LayoutArguments, io: CommandContext['io']): Promise<void> {
  const search = searchPath(layout.path, args.images ?? [], io.cwd, args.allowOutside ?? false);
  const files = await describeFiles(layout, search, (path) => describe(path));
  const board = boardNamed(args.board);
  const known = knownDevices({
    devices: deviceFacts(args.deviceSize ?? [], args.eraseSize ?? []),
    ...(board && { board }),
  });
  const devices = mapDevices(layout, known, files);
  if (args.json) io.stdout.write(json(mapJson(devices)));
  else if (devices.length === 0) io.stdout.write('no row lies on a device\n');
  else io.stdout.write(devices.map((device) => lines(mapText(device, io.stdout.columns))).join('\n'));
}
