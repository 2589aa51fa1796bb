import { release } from 'node:os';
import { resolve } from 'node:path';
import { EXIT } from '../../base/error-codes.ts';
import { isPhaselineError, PhaselineError } from '../../base/errors.ts';
import { harmlessJson, jsonText, printable } from '../../base/printable.ts';
import { formatSize } from '../../base/sizes.ts';
import { contentLines, type Gap, type Piece, packBundle } from '../../doctor/bundle/pack.ts';
import { usbTree } from '../../doctor/bundle/usb-tree.ts';
import { examine } from '../../doctor/examine.ts';
import { localSystem } from '../../doctor/local-system.ts';
import { describe } from '../../source/describe.ts';
import type { CommandContext } from '../command.ts';
import { homesOf, withoutHome } from '../home.ts';
import { type Describer, describeFiles, readLayout, searchPath } from '../layout-files.ts';
import { reasonOf } from '../reason.ts';
import { prepareDocument } from '../report/document-file.ts';
import { VERSION } from '../version.ts';
import { readEnd } from './read-text.ts';
import { layoutText, logText, reportText, traceText } from './records.ts';

/** `doctor --bundle`: where it goes, and what a failed job has left. */
export interface BundleArguments {
  readonly bundle: string;
  readonly layout: string | undefined;
  readonly images: readonly string[] | undefined;
  readonly logFile: string | undefined;
  readonly trace: string | undefined;
  readonly report: string | undefined;
  readonly withPaths: boolean | undefined;
  readonly json: boolean | undefined;
}

/** What a file that a user names may become: the text of it that is given away. */
interface Wanted {
  readonly name: string;
  readonly about: string;
  readonly path: string | undefined;
  /** How to have one the next time. */
  readonly remedy: string;
  readonly textOf: (text: string) => string;
}

/** Gathers what somebody needs who is to find out why a job failed, and says what that is. */
export async function bundleJob(args: BundleArguments, { io }: CommandContext): Promise<number> {
  const file = await prepareDocument(resolve(io.cwd, args.bundle), printable(args.bundle), BUNDLE);
  const system = io.system ?? localSystem();
  const pieces: Piece[] = [
    { name: 'versions.json', about: 'versions of phaseline, Node.js and the system', text: pretty(versions()) },
    { name: 'doctor.json', about: 'what phaseline doctor finds', text: pretty(await examine(system)) },
    { name: 'usb.json', about: 'USB devices, names of boards only', text: pretty(usbTree(system)) },
  ];
  const gaps: Gap[] = [];
  for (const wanted of wantedFiles(args)) await take(wanted, io.cwd, pieces, gaps);
  await takeImages(args, io.cwd, pieces, gaps);
  const homes = args.withPaths ? [] : homesOf(io.env);
  const given = pieces.map((piece) => ({ ...piece, text: withoutHome(piece.text, homes) }));
  const told = gaps.map(({ about, why }) => ({ about, why: withoutHome(why, homes) }));
  const bytes = packBundle(given, told, io.clock.date());
  try {
    await file.write(bytes);
  } catch (error) {
    throw new PhaselineError('usage/arguments', `the bundle ${file.shownAs} cannot be written: ${reasonOf(error)}`);
  }
  if (args.json) {
    const holds = given.map(({ name, about, text }) => ({ name, about, bytes: Buffer.byteLength(text) }));
    io.stdout.write(`${jsonText({ bundle: args.bundle, bytes: bytes.length, holds, missing: told })}\n`);
  } else {
    io.stdout.write(`${file.shownAs}, ${formatSize(bytes.length)}, holds\n`);
    for (const line of contentLines(given, told)) io.stdout.write(`  ${printable(line)}\n`);
    io.stdout.write(`${args.withPaths ? PATHS : NO_PATHS}\n`);
  }
  return EXIT.ok;
}

/** A gzip file begins so. */
const BUNDLE = { name: 'bundle', begins: '\u001f\u008b' };
const NO_PATHS =
  'No bytes of images; home folders are written as ~. Serial numbers of boards are in it: look through it before you send it.';
const PATHS = 'No bytes of images. Paths and serial numbers of boards are in it: look through it before you send it.';

function wantedFiles({ logFile, trace, report, layout }: BundleArguments): readonly Wanted[] {
  const flag = (text: string) => `flash with ${text}, and name it here`;
  return [
    {
      name: 'layout.tsv',
      about: 'layout',
      path: layout,
      remedy: 'name it: doctor --bundle OUT LAYOUT',
      textOf: layoutText,
    },
    {
      name: 'report.json',
      about: 'report',
      path: report,
      remedy: flag('--report FILE'),
      textOf: (text) => harmlessJson(reportText(text)),
    },
    {
      name: 'log.jsonl',
      about: 'log',
      path: logFile,
      remedy: flag('--log-file FILE'),
      textOf: (text) => harmlessJson(logText(text)),
    },
    {
      name: 'trace.jsonl',
      about: 'trace of USB transfers without their data',
      path: trace,
      remedy: flag('--trace FILE'),
      textOf: traceText,
    },
  ];
}

async function take(wanted: Wanted, cwd: string, pieces: Piece[], gaps: Gap[]): Promise<void> {
  const { name, about, path, remedy, textOf } = wanted;
  if (path === undefined) {
    gaps.push({ about, why: remedy });
    return;
  }
  try {
    pieces.push({ name, about, text: textOf(await readEnd(resolve(cwd, path))) });
  } catch (error) {
    gaps.push({ about, why: `${path}: ${whyNot(error)}` });
  }
}

/** What the files of the layout are, by their headers; wherever they lie, for nothing of them is sent. */
async function takeImages(args: BundleArguments, cwd: string, pieces: Piece[], gaps: Gap[]): Promise<void> {
  if (args.layout === undefined) return;
  const about = 'facts of the images, none of their bytes';
  try {
    const layout = await readLayout(resolve(cwd, args.layout), args.layout);
    const look: Describer = (path, isSsbl) => describe(path, { checksum: true, ubootVersion: isSsbl, usbLoader: true });
    const files = await describeFiles(layout, searchPath(args.layout, args.images ?? [], cwd, true), look);
    const facts = [...files].map(([file, found]) => ({ file, ...found }));
    pieces.push({ name: 'images.json', about, text: pretty(facts) });
  } catch (error) {
    gaps.push({ about, why: whyNot(error) });
  }
}

/** A bundle is made of what there is; a bug stays one. */
function whyNot(error: unknown): string {
  const isKnown = isPhaselineError(error) || (error as NodeJS.ErrnoException).code !== undefined;
  if (!isKnown) throw error;
  return isPhaselineError(error) ? error.message : reasonOf(error);
}

function versions() {
  const { node, v8, uv, openssl } = process.versions;
  const { platform, arch } = process;
  return { phaseline: VERSION, node, v8, uv, openssl, platform, arch, release: release() };
}

function pretty(value: unknown): string {
  return `${jsonText(value, 2)}\n`;
}
