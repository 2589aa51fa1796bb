import { readdirSync, readFileSync } from 'node:fs';
import type { Diagnostic } from '../../src/base/diagnostics.ts';
import { parseSize } from '../../src/base/sizes.ts';
import { checkLayout } from '../../src/check/check-layout.ts';
import type { FileFacts } from '../../src/check/file-facts.ts';
import type { Profile } from '../../src/check/profiles.ts';
import { REFERENCE_BOARDS } from '../../src/check/reference-boards.ts';
import type { CheckContext } from '../../src/check/subject.ts';
import { parseLayout } from '../../src/layout/parse.ts';
import type { DeviceFacts } from '../../src/layout/usable-area.ts';
import { describe as describeFile } from '../../src/source/describe.ts';
import type { Family } from '../../src/stm32/chips.ts';
import { makeExt4 } from '../image/make.ts';
import { factsOf } from './files.ts';

/** Layouts with one fault each, layouts without, and the files that they name. */
export const BROKEN = new URL('fixtures/broken/', import.meta.url).pathname;

export function brokenText(file: string): string {
  return readFileSync(`${BROKEN}${file}`, 'utf8');
}

/** What is known of every file in fixtures/broken/bin, and of the one that is too large to keep. */
export async function fixtureFiles(): Promise<ReadonlyMap<string, FileFacts>> {
  const files = new Map<string, FileFacts>();
  for (const name of readdirSync(`${BROKEN}bin`)) {
    files.set(`bin/${name}`, await describeFile(`${BROKEN}bin/${name}`, { checksum: true }));
  }
  return files.set('bin/big.ext4', await factsOf('bin/big.ext4', makeExt4(3 * 2 ** 19)));
}

/** What `phaseline check` says of a text with these options, its files in fixtures/broken. */
export function checkedWith(
  text: string,
  path: string,
  options: string,
  files: ReadonlyMap<string, FileFacts>,
): readonly Diagnostic[] {
  const layout = parseLayout(text, path);
  const named = layout.rows.flatMap(({ binary }) => (binary === undefined ? [] : [binary]));
  const facts = new Map(named.map((name) => [name, files.get(name) ?? missing(name, files)]));
  return checkLayout(layout, contextFor(options, facts));
}

function contextFor(options: string, files: ReadonlyMap<string, FileFacts>): CheckContext {
  const value = (flag: string) => new RegExp(`${flag} (\\S+)`).exec(options)?.[1];
  const devices = new Map<string, DeviceFacts>();
  for (const [, flag, name = '', size = ''] of options.matchAll(/--(device|erase)-size (\S+)=(\S+)/g)) {
    devices.set(name, {
      ...devices.get(name),
      [flag === 'device' ? 'sizeBytes' : 'eraseBytes']: parseSize(size) as number,
    });
  }
  const board = REFERENCE_BOARDS.find(({ name }) => name === value('--board'));
  const family = value('--family');
  return {
    ...(!options.includes('--no-files') && { files }),
    devices,
    tool: value('--tool') === 'phaseline' ? 'phaseline' : 'any',
    profile: (value('--profile') ?? 'uboot') as Profile,
    ...(family !== undefined && { family: family as Family }),
    ...(board && { board }),
  };
}

function missing(name: string, files: ReadonlyMap<string, FileFacts>): FileFacts {
  const otherCase = [...files.keys()].find((other) => other.toLowerCase() === name.toLowerCase());
  return { problem: 'missing', reason: `${name} does not exist`, ...(otherCase !== undefined && { otherCase }) };
}
