import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import type { Io } from '../../src/cli/io.ts';
import { COMPUTER, machine, plugged } from '../doctor/machine.ts';
import { makePattern } from '../image/make.ts';
import { cli, folderWith, rows } from './harness.ts';
import { FILES } from './report/job.ts';

/** Whoever looks for its bytes in a bundle finds them there, if they are. */
const MARK = 'THIS-IS-CONTENT-OF-AN-IMAGE';
const marked = (data: Uint8Array) => {
  data.set(new TextEncoder().encode(MARK), data.length - MARK.length);
  return data;
};
const SERIAL = '003A00273338510338303334';

interface Failed {
  /** A home folder, with the job in it. */
  readonly home: string;
  readonly stderr: string;
  readonly io: Partial<Io>;
}

/** A job that fails in its last partition, by a user called alice, with everything recorded. */
async function failedJob(...args: readonly string[]): Promise<Failed> {
  const home = join(folderWith({}), 'alice');
  mkdirSync(home);
  // The last block of data.img is short enough to stand in a trace as it is.
  const images = { 'data.img': marked(makePattern(4096 + 40)), 'more.img': marked(makePattern(9000)) };
  const files = { ...FILES, ...images };
  for (const [name, data] of Object.entries(files)) writeFileSync(join(home, name), data);
  const io = {
    env: { HOME: home, SECRET_TOKEN: 'hunter2' },
    cwd: home,
    system: machine({
      ...COMPUTER,
      ...plugged('1-2'),
      ...plugged('1-3', { ids: ['05ac', '12a8'], product: 'Alices phone' }),
    }),
  };
  const bus = 'sim:stm32mp157c-dk2,fault=unplug at phase 0x11 byte 5000';
  const { stderr } = await cli(['flash', join(home, 'layout.tsv'), '--bus', bus, ...args], io);
  return { home, stderr, io };
}

const RECORDS = ['--log-file', 'job.log', '--log-level', 'debug', '--trace', 'job.trace', '--report', 'r.json'];

/** The suggested command as the words that a shell makes of it. */
async function suggested(stderr: string): Promise<readonly string[]> {
  const command = /For support: phaseline (.*)\. \[/.exec(stderr)?.[1] ?? '';
  const { stdout } = await execa('sh', ['-c', `printf '%s\\n' ${command}`]);
  return stdout.split('\n');
}

async function unpack(folder: string, name: string): Promise<Record<string, string>> {
  const out = join(folder, 'unpacked');
  mkdirSync(out);
  const { stderr } = await execa('tar', ['-xzf', join(folder, name), '-C', out]);
  expect(stderr).toBe('');
  const [inner] = readdirSync(out) as [string];
  return Object.fromEntries(
    readdirSync(join(out, inner)).map((file) => [file, readFileSync(join(out, inner, file), 'utf8')]),
  );
}

// The log goes where the test runs, not where io says: paths from the root.
const recordsIn = (home: string) => RECORDS.map((word) => (/^(job|r)\./.test(word) ? join(home, word) : word));

async function failedAndRecorded(): Promise<Failed & { readonly words: readonly string[] }> {
  const plain = await failedJob();
  const failed = { ...plain, ...(await again(plain)) };
  return { ...failed, words: await suggested(failed.stderr) };
}

async function again({ home, io }: Failed) {
  const bus = 'sim:stm32mp157c-dk2,fault=unplug at phase 0x11 byte 5000';
  const { stderr } = await cli(['flash', join(home, 'layout.tsv'), '--bus', bus, ...recordsIn(home)], io);
  return { stderr };
}

describe('after a failure', () => {
  test('the hint names the command that packs a bundle, with the files of this job', async () => {
    const { home, words } = await failedAndRecorded();
    expect(words).toEqual([
      ...['doctor', '--bundle', 'support.tgz', join(home, 'layout.tsv')],
      ...['--log-file', join(home, 'job.log'), '--trace', join(home, 'job.trace'), '--report', join(home, 'r.json')],
    ]);
  });

  test('that command packs all of it, and lists what it holds', async () => {
    const { home, io, words } = await failedAndRecorded();
    const { exitCode, stdout, stderr } = await cli(words, io);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const files = await unpack(home, 'support.tgz');
    const names = [
      'doctor.json',
      'images.json',
      'layout.tsv',
      'log.jsonl',
      'report.json',
      'trace.jsonl',
      'usb.json',
      'versions.json',
    ];
    expect(Object.keys(files).sort()).toEqual(['contents.txt', ...names]);
    for (const name of names) {
      expect(stdout).toContain(`  ${name}`);
      expect(files['contents.txt']).toContain(name);
    }
    expect(JSON.parse(files['report.json'] as string)).toMatchObject({ code: 'usb/gone', board: { serial: SERIAL } });
    expect(JSON.parse(files['versions.json'] as string)).toMatchObject({ node: process.versions.node });
    expect(files['layout.tsv']).toBe(readFileSync(join(home, 'layout.tsv'), 'utf8'));
    expect(JSON.parse(files['images.json'] as string)).toContainEqual(
      expect.objectContaining({ file: 'fsbl.stm32', facts: expect.objectContaining({ sizeBytes: 4256 }) }),
    );
    expect(files['log.jsonl']).toContain('"code":"usb/gone"');
    const trace = (files['trace.jsonl'] as string).trimEnd().split('\n');
    expect(trace).toHaveLength(readFileSync(join(home, 'job.trace'), 'utf8').trimEnd().split('\n').length);
  });

  test('no byte of an image, no home, no name, no environment gets into it', async () => {
    const { home, io, words } = await failedAndRecorded();
    await cli(words, io);
    const files = await unpack(home, 'support.tgz');
    expect(readFileSync(join(home, 'job.trace'), 'utf8')).toContain(Buffer.from(MARK).toString('hex'));
    for (const [name, text] of Object.entries(files)) {
      for (const secret of [MARK, Buffer.from(MARK).toString('hex'), 'alice', 'Alice', 'hunter2', home]) {
        expect(text.includes(secret), `${secret} in ${name}`).toBe(false);
      }
    }
    expect(files['log.jsonl']).toContain('~/');
    expect(readFileSync(join(home, 'job.log'), 'utf8')).toContain('"hostname"');
    expect(files['log.jsonl']).not.toContain('"hostname"');
  });

  test('its trace can be read', async () => {
    const { home, io, words } = await failedAndRecorded();
    await cli(words, io);
    const files = await unpack(home, 'support.tgz');
    writeFileSync(join(home, 'shown'), files['trace.jsonl'] as string);
    const shown = await cli(['trace', 'show', join(home, 'shown')]);
    expect(shown.exitCode).toBe(0);
    expect(shown.stdout).toContain('GetPhase says 0x11');
    expect(shown.stdout).toContain('THE DEVICE HAS LEFT');
  });

  test('--with-paths leaves paths as they are', async () => {
    const { home, io, words } = await failedAndRecorded();
    const { stdout } = await cli([...words, '--with-paths'], io);
    expect(stdout).toContain('Paths and serial numbers of boards are in it');
    expect((await unpack(home, 'support.tgz'))['log.jsonl']).toContain(home);
  });

  test('--json lists what it holds', async () => {
    const { io, words } = await failedAndRecorded();
    const { lines } = await cli([...words, '--json'], io);
    expect(lines()).toEqual([
      expect.objectContaining({
        bundle: 'support.tgz',
        missing: [],
        holds: expect.arrayContaining([{ name: 'usb.json', about: expect.any(String), bytes: expect.any(Number) }]),
      }),
    ]);
  });
});

describe('a bundle of less', () => {
  test('says what is missing and how to have it', async () => {
    const { home, io, stderr } = await failedJob();
    const { exitCode, stdout } = await cli(await suggested(stderr), io);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('no log: flash with --log-file FILE, and name it here');
    expect(stdout).toContain('no report: flash with --report FILE');
    expect(Object.keys(await unpack(home, 'support.tgz')).sort()).toEqual([
      'contents.txt',
      'doctor.json',
      'images.json',
      'layout.tsv',
      'usb.json',
      'versions.json',
    ]);
  });

  test('takes no image for a log, a trace, a report or a layout', async () => {
    const { home, io } = await failedJob();
    const image = join(home, 'more.img');
    const { exitCode, stdout } = await cli(
      ['doctor', '--bundle', 'support.tgz', image, '--trace', image, '--report', image],
      io,
    );
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/no report: .*more\.img: it is no report/);
    const files = await unpack(home, 'support.tgz');
    expect(Object.keys(files)).not.toContain('layout.tsv');
    for (const text of Object.values(files)) expect(text).not.toContain(MARK);
  });

  test.each([
    ['a file that is not there', 'gone.trace', /no trace.*: .*gone\.trace: ENOENT/],
    ['a folder', '.', /no trace.*: it is no file|EISDIR/],
  ])('goes on without %s', async (_what, name, message) => {
    const { io } = await failedJob();
    const { exitCode, stdout } = await cli(['doctor', '--bundle', 'b.tgz', '--trace', name], io);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(message);
  });

  test('that cannot be written is refused before anything is gathered', async () => {
    const { io } = await failedJob();
    const { exitCode, stderr } = await cli(['doctor', '--bundle', 'no/such/folder.tgz'], io);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^error: the bundle no\/such\/folder\.tgz cannot be written: ENOENT\. /);
  });
});

test.each([['layout.tsv'], ['--trace', 'x'], ['--report', 'x'], ['--with-paths']])(
  'doctor %s without --bundle is a usage error',
  async (...words) => {
    const { exitCode, stderr } = await cli(['doctor', ...words]);
    expect(exitCode).toBe(2);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  },
);

test('a failure that says all by itself suggests no bundle', async () => {
  const { stderr } = await cli(['flash', 'no-such-layout.tsv']);
  expect(stderr).toContain('[layout/unreadable]');
  expect(stderr).not.toContain('bundle');
});

test('a word that a shell would take apart is quoted', async () => {
  const folder = join(folderWith({}), "it's a job");
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'layout.tsv'),
    rows('- 0x01 fsbl-boot Binary none 0x0 fsbl.stm32', 'P 0x10 d Binary mmc0 0x4400 none'),
  );
  writeFileSync(join(folder, 'fsbl.stm32'), makePattern(4096));
  const words = ['flash', join(folder, 'layout.tsv'), '--bus', 'sim:stm32mp157c-dk2', '--no-check'];
  const { stderr } = await cli(words, { system: machine(COMPUTER) });
  expect(await suggested(stderr)).toEqual(['doctor', '--bundle', 'support.tgz', join(folder, 'layout.tsv')]);
});
