import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, test } from 'vitest';

const SRC = resolve(import.meta.dirname, '../src');

interface Room {
  readonly kind: 'pure' | 'edge' | 'root';
  /** Rooms, or single files of a room, that it may import from. */
  readonly may: readonly string[];
  /** Files of a pure room that are its edges. */
  readonly edges?: readonly string[];
}

/** The room table of docs/architecture.md. `later` rooms are listed when they are built. */
const ROOMS: Readonly<Record<string, Room>> = {
  base: { kind: 'pure', may: [] },
  layout: { kind: 'pure', may: ['base', 'image'] },
  image: { kind: 'pure', may: ['base'] },
  source: { kind: 'edge', may: ['base', 'image'] },
  check: { kind: 'pure', may: ['base', 'layout', 'image', 'stm32'] },
  usb: { kind: 'edge', may: ['base'] },
  dfu: { kind: 'pure', may: ['base', 'usb/port'] },
  stm32: { kind: 'pure', may: ['base', 'dfu', 'usb/port'] },
  flash: { kind: 'pure', may: ['base', 'layout', 'image', 'check', 'dfu', 'stm32', 'usb/port'] },
  simulator: {
    kind: 'pure',
    may: [
      'base',
      'usb/port',
      'usb/usbip/codec',
      'dfu/constants',
      'dfu/status',
      'dfu/functional-descriptor',
      'stm32/chips',
      'stm32/phases',
      'image',
    ],
    edges: ['server.ts', 'storage/files.ts'],
  },
  doctor: { kind: 'edge', may: ['base', 'usb'] },
  cli: {
    kind: 'root',
    may: ['base', 'layout', 'image', 'source', 'check', 'usb', 'dfu', 'stm32', 'flash', 'simulator', 'doctor'],
  },
};

/** Built-in modules that compute and touch nothing outside the process. */
const PURE_BUILTINS = ['node:crypto'];

/** npm packages, and the one room or file that each belongs to. */
const PACKAGE_HOMES: Readonly<Record<string, string>> = {
  usb: 'usb/libusb',
  'csv-parse': 'layout/',
  'fast-xml-parser': 'image/bmap',
  yauzl: 'source/zip',
  yargs: 'cli/',
  'cli-progress': 'cli/',
  pino: 'cli/',
  nanotar: 'doctor/',
};

interface Import {
  readonly file: string;
  readonly room: string;
  readonly target: string;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

function importsOf(path: string): Import[] {
  const file = relative(SRC, path).split(sep).join('/');
  const text = readFileSync(path, 'utf8');
  const targets = [...text.matchAll(/(?:^|[\s;}])(?:import|export)\s[^'"]*?from\s*['"]([^'"]+)['"]/g)]
    .concat([...text.matchAll(/import\(\s*['"]([^'"]+)['"]\s*\)/g)])
    .concat([...text.matchAll(/^import\s*['"]([^'"]+)['"]/gm)])
    .map((match) => match[1] as string);
  return targets.map((target) => ({
    file,
    room: file.split('/')[0] as string,
    target: target.startsWith('.')
      ? relative(SRC, resolve(dirname(path), target))
          .split(sep)
          .join('/')
      : target,
  }));
}

const files = sourceFiles(SRC);
const imports = files.flatMap(importsOf);
const isOurs = (target: string) =>
  Object.keys(ROOMS).some((room) => target.startsWith(`${room}/`)) || target.includes('.ts');

describe('the rooms of src/', () => {
  test('every folder of src is a room, and only index.ts stands beside them', () => {
    const entries = readdirSync(SRC).filter((name) => !(name in ROOMS));
    expect(entries).toEqual(['index.ts']);
  });

  test('the walk sees the files and imports that are there', () => {
    expect(files.length).toBeGreaterThan(60);
    expect(imports.length).toBeGreaterThan(150);
  });

  test.each(Object.entries(ROOMS))('%s imports only what its row allows', (name, room) => {
    const forbidden = imports
      .filter((entry) => entry.room === name && isOurs(entry.target))
      .filter(({ target }) => !target.startsWith(`${name}/`))
      .filter(
        ({ target }) => !room.may.some((allowed) => target.startsWith(`${allowed}/`) || target === `${allowed}.ts`),
      );
    expect(forbidden).toEqual([]);
  });

  test.each(Object.entries(ROOMS).filter(([, room]) => room.kind === 'pure'))(
    '%s is pure: no file, socket, process or timer of its own outside its edges',
    (name, room) => {
      const isEdge = (file: string) => room.edges?.some((edge) => file === `${name}/${edge}`) ?? false;
      const touched = imports
        .filter((entry) => entry.room === name && !isEdge(entry.file))
        .filter(({ target }) => target.startsWith('node:') && !PURE_BUILTINS.includes(target));
      expect(touched).toEqual([]);
    },
  );

  test('time comes only from base/clock', () => {
    const clocks = /\b(setTimeout|setInterval|Date\.now|performance\.now|new Date\()/;
    const allowed = ['base/clock.ts', 'base/virtual-clock.ts'];
    const users = files
      .map((path) => relative(SRC, path).split(sep).join('/'))
      .filter((file) => !allowed.includes(file) && clocks.test(readFileSync(join(SRC, file), 'utf8')));
    expect(users).toEqual([]);
  });

  test('each npm package is imported by its own room only', () => {
    const packages = imports.filter(({ target }) => !isOurs(target) && !target.startsWith('node:'));
    const astray = packages.filter(({ file, target }) => {
      const name = target.split('/')[0] as string;
      return !file.startsWith(PACKAGE_HOMES[name] ?? 'nowhere');
    });
    expect(astray).toEqual([]);
  });

  test('nothing but cli imports the simulator', () => {
    const users = imports.filter(({ room, target }) => target.startsWith('simulator/') && room !== 'simulator');
    expect(users.filter(({ room }) => room !== 'cli')).toEqual([]);
  });

  test('test/ and src/ use the same names', () => {
    const TEST = resolve(import.meta.dirname);
    const besides = ['interop', 'vm', 'golden', 'conformance', 'bench', 'demo', 'suites', 'matrix', 'campaign'];
    const folders = readdirSync(TEST, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map((entry) => entry.name).filter((name) => !(name in ROOMS) && !besides.includes(name))).toEqual(
      [],
    );
  });

  test('no file but a table is longer than 300 lines', () => {
    const long = files.filter((path) => readFileSync(path, 'utf8').split('\n').length > 300);
    expect(long.map((path) => relative(SRC, path))).toEqual([]);
  });
});
