import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { silentLog } from '../../src/base/log.ts';
import { journalFile, journalFolder, journalPath, readJournal } from '../../src/cli/journal-file.ts';
import { folderWith } from './harness.ts';

const HEAD = { serial: 'ABC', layout: 'ab'.repeat(32), startedAt: '2026-01-01T00:00:00.000Z' };
const PROOF = { id: 0x10, bytes: 5, sha256: '01'.repeat(32) };

describe('the journal lies', () => {
  test.each([
    [undefined, { HOME: '/home/me' }, '/home/me/.local/state/phaseline'],
    [undefined, { HOME: '/home/me', XDG_STATE_HOME: '/state' }, '/state/phaseline'],
    [undefined, { HOME: '/home/me', XDG_STATE_HOME: 'state' }, '/home/me/.local/state/phaseline'],
    ['logs/a.log', { HOME: '/home/me' }, '/job/logs'],
    ['/var/log/a.log', {}, '/var/log'],
    [undefined, {}, undefined],
    ['/dev/null', { HOME: '/home/me' }, '/home/me/.local/state/phaseline'],
  ])('with the log file %s and %j in %s', (logFile, env, folder) => {
    expect(journalFolder(logFile, { cwd: '/job', env })).toBe(folder);
  });

  test('in its folder, whatever a board calls itself', () => {
    for (const serial of ['../../etc/passwd', '..', '/', 'a\0b', 'ä'.repeat(200)]) {
      expect(journalPath('/f', serial)).toMatch(/^\/f\/phaseline-[\w%-]*\.journal$/);
    }
    expect(journalPath('/f', 'A/B')).not.toBe(journalPath('/f', 'A-B'));
  });
});

describe('a journal on disk', () => {
  test('holds what was proven, from the moment each call returns until it is discarded', () => {
    const folder = join(folderWith({}), 'new', 'folder');
    const journal = journalFile(folder, silentLog);
    expect(() => readJournal(folder, 'ABC')).toThrow('there is no journal of board ABC');
    journal.begin(HEAD, [PROOF]);
    expect(readJournal(folder, 'ABC')).toEqual({ head: HEAD, proofs: [PROOF] });
    journal.proven({ ...PROOF, id: 0x11 });
    expect(readJournal(folder, 'ABC').proofs.map(({ id }) => id)).toEqual([0x10, 0x11]);
    journal.begin(HEAD, []);
    journal.proven({ ...PROOF, id: 0x12 });
    expect(readJournal(folder, 'ABC').proofs.map(({ id }) => id)).toEqual([0x12]);
    journal.discard();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('of another board is refused', () => {
    const folder = folderWith({});
    journalFile(folder, silentLog).begin(HEAD, []);
    writeFileSync(journalPath(folder, 'DEF'), readFileSync(journalPath(folder, 'ABC')));
    expect(() => readJournal(folder, 'DEF')).toThrow('it is of board ABC');
  });

  test('that is damaged is refused with its path', () => {
    const folder = folderWith({ 'phaseline-ABC.journal': '{"journal":"phaseline"' });
    expect(() => readJournal(folder, 'ABC')).toThrow(
      `the journal ${folder}/phaseline-ABC.journal cannot be used: it ends`,
    );
  });

  test('without a place for it is not kept, and stops nothing', () => {
    const folder = join(folderWith({ file: 'not a folder' }), 'file');
    const journal = journalFile(folder, silentLog);
    journal.begin(HEAD, []);
    journal.proven(PROOF);
    journal.discard();
  });

  test('on a disk that is full from the start leaves none that would vouch for what was there before', () => {
    const folder = folderWith({ 'phaseline-ABC.journal': 'of the job before' });
    symlinkSync('/dev/full', join(folder, 'phaseline-ABC.journal.new'));
    journalFile(folder, silentLog).begin(HEAD, []);
    expect(existsSync(journalPath(folder, 'ABC'))).toBe(false);
  });

  test('that can neither be replaced nor removed ends the job', () => {
    const folder = folderWith({});
    // A folder in its place stands for whatever the system does not let go of, root or not.
    mkdirSync(join(journalPath(folder, 'ABC'), 'kept'), { recursive: true });
    chmodSync(folder, 0o555);
    try {
      expect(() => journalFile(folder, silentLog).begin(HEAD, [])).toThrow('can neither be replaced nor removed');
    } finally {
      chmodSync(folder, 0o755);
    }
  });
});
