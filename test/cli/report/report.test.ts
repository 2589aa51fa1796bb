import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeFsbl, makePattern } from '../../image/make.ts';
import { cli, folderWith } from '../harness.ts';
import { FILES, recorded } from './job.ts';

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');
const SERIAL = '003A00273338510338303334';

describe('the attempts in a report', () => {
  const twice = { sim: ',fault=stall at phase 0x03 block 0', args: ['--no-check', '--retries', '2'] };

  test('are those that were made: a board that nobody resets makes no further one', async () => {
    const { report, lines } = await recorded(twice);
    expect(lines().at(-1)).toMatchObject({ code: 'usb/stall', attempts: [{ code: 'usb/stall' }] });
    expect(report()).toMatchObject({ ok: false, attempts: [{ number: 1, code: 'usb/stall' }] });
    expect(report().attempts).toHaveLength(1);
  });

  test('keep the first failure beside the success', async () => {
    const { report } = await recorded({ ...twice, sim: ',fault=stall at phase 0x10 block 3' });
    expect(report().attempts).toMatchObject([
      { number: 1, ok: false, code: 'usb/stall' },
      { number: 2, ok: true, code: 'ok' },
    ]);
  });
});

describe('the report of a job that went well', () => {
  test('names board, layout, phases with their digests, host and tool', async () => {
    const report = (await recorded()).report();
    expect(report).toMatchObject({
      ok: true,
      exitCode: 0,
      code: 'ok',
      verified: 'none',
      checked: true,
      warnings: [],
      lastPhase: '0x11',
      board: { family: 'mp15', deviceId: '0x500', serial: SERIAL, port: '1-1' },
      tool: { name: 'phaseline', version: JSON.parse(readFileSync('package.json', 'utf8')).version },
      host: { platform: process.platform, node: process.version },
    });
    expect(report.layout?.sha256).toBe(sha256(FILES['layout.tsv']));
    expect(report.board?.stages.map(({ stage }) => stage)).toEqual(['rom', 'tfa', 'uboot', 'uboot']);
    expect(report.phases.map(({ id, bytes, sha256: digest }) => [id, bytes, digest])).toEqual(
      (
        [
          ['0x01', 'fsbl.stm32'],
          ['0x03', 'fip.bin'],
          ['0x10', 'data.img'],
          ['0x11', 'more.img'],
        ] as const
      ).map(([id, name]) => [id, FILES[name].length, sha256(FILES[name])]),
    );
    expect(report.attempts).toEqual([
      expect.objectContaining({ number: 1, ok: true, code: 'ok', bytes: report.bytes, endedAt: report.endedAt }),
    ]);
    expect(report.seconds).toBe((Date.parse(report.endedAt) - Date.parse(report.startedAt)) / 1000);
  });

  test('agrees with the result that --json prints', async () => {
    const { lines, report } = await recorded();
    const {
      event: _event,
      attempts: _attempts,
      time,
      serial: _serial,
      port: _port,
      seconds: _seconds,
      ...result
    } = lines().at(-1) ?? {};
    expect(report()).toMatchObject(result);
    expect(report().endedAt).toBe(time);
  });

  test('holds no home folder', async () => {
    const files = folderWith({});
    const home = join(files, 'alice');
    mkdirSync(home);
    for (const [name, content] of Object.entries(FILES)) writeFileSync(join(home, name), content);
    const path = join(home, 'report.json');
    await cli(['flash', join(home, 'layout.tsv'), '--bus', 'sim:stm32mp157c-dk2', '--report', path], {
      env: { HOME: home },
    });
    const text = readFileSync(path, 'utf8');
    expect(JSON.parse(text).layout.path).toBe('~/layout.tsv');
    expect(text).not.toContain('alice');
    expect(text).not.toContain(homedir());
  });
});

describe('what was read back', () => {
  const args = ['--verify', 'readback'];

  test('stands in the report with its digests', async () => {
    const report = (await recorded({ args })).report();
    expect(report).toMatchObject({ ok: true, verified: 'readback' });
    expect(report.readBack.map(({ id, bytes, sha256: digest }) => [id, bytes, digest])).toEqual([
      ['0x10', 300_000, sha256(FILES['data.img'])],
      ['0x11', 200_000, sha256(FILES['more.img'])],
    ]);
  });

  test('and differs is a failure of its phase, not of those before it', async () => {
    const { report, junit } = await recorded({ sim: ',fault=flip mmc0 byte 1066000 bit 3', args });
    expect(report()).toMatchObject({ code: 'verify/difference', verified: 'none', lastPhase: '0x11' });
    expect(report().readBack.map(({ id }) => id)).toEqual(['0x10']);
    expect(junit()).toMatch(/name="0x10 data[^>]*\/>/);
    expect(junit()).toMatch(/name="0x11 more[^>]*><failure type="verify\/difference"/);
  });
});

describe('the report of a job that failed', () => {
  test('tells the phase, its bytes, and what is to be done', async () => {
    const { report, exitCode } = await recorded({ sim: ',fault=unplug at phase 0x10 byte 131072' });
    expect(exitCode).toBe(7);
    expect(report()).toMatchObject({
      ok: false,
      code: 'usb/gone',
      exitCode: 7,
      lastPhase: '0x10',
      phases: [{ complete: true }, { complete: true }, { id: '0x10', complete: false }, { bytesDone: 0 }],
      attempts: [{ number: 1, ok: false, code: 'usb/gone' }],
    });
    expect(report().hint).not.toBe('');
  });

  test('is there before a board was seen', async () => {
    const { report } = await recorded({ args: ['--device', 'serial:0'] });
    expect(report()).toMatchObject({ ok: false, code: 'board/none', board: null, lastPhase: null });
    expect(report().phases.map(({ complete, bytesDone }) => [complete, bytesDone])).toEqual(Array(4).fill([false, 0]));
    expect(report().layout?.sha256).toBe(sha256(FILES['layout.tsv']));
  });

  test('keeps what was found before it began', async () => {
    const fsbl = makeFsbl({ family: 'mp15', text: 'BL2: %s\0' });
    const { report } = await recorded({ files: { ...FILES, 'fsbl.stm32': fsbl } });
    expect(report().warnings).toContainEqual({
      time: expect.any(String),
      message: expect.stringMatching(/layout\.tsv:2:34: warning fsbl-without-usb-loader: /),
    });
  });

  test('keeps the warnings', async () => {
    const { report } = await recorded({ sim: `,fault=serial 0123456789ABCDEF01234567 after fip` });
    expect(report().warnings).toEqual([
      { time: expect.any(String), message: expect.stringContaining('the serial number changed') },
    ]);
  });
});

describe('JUnit', () => {
  test('has a case for each phase and one for the verdict', async () => {
    const text = (await recorded()).junit();
    expect(text).toMatch(/<testsuite name="[^"]*layout\.tsv 003A[^"]*" tests="5" failures="0" errors="0" skipped="0"/);
    expect([...text.matchAll(/<testcase name="([^"]*)"/g)].map((match) => match[1])).toEqual([
      '0x01 fsbl-boot (fsbl.stm32)',
      '0x03 fip-boot (fip.bin)',
      '0x10 data (data.img)',
      '0x11 more (more.img)',
      'verdict',
    ]);
  });

  test('fails the phase that broke and skips those behind it', async () => {
    const text = (await recorded({ sim: ',fault=unplug at phase 0x10 byte 131072' })).junit();
    expect(text).toContain('tests="5" failures="2" errors="0" skipped="1"');
    expect(text).toMatch(/name="0x10 data[^>]*><failure type="usb\/gone" message="phase 0x10/);
    expect(text).toMatch(/name="0x11 more[^>]*><skipped message="not written"/);
    expect(text).toMatch(/name="verdict"[^>]*><failure type="usb\/gone"/);
  });

  test('has a failed verdict when there was no board', async () => {
    const text = (await recorded({ args: ['--device', 'serial:0'] })).junit();
    expect(text).toContain('tests="5" failures="1" errors="0" skipped="4"');
    expect(text).toMatch(/name="verdict"[^>]*><failure type="board\/none"/);
  });

  test('has nothing but a failed verdict when there was no plan', async () => {
    const text = (await recorded({ files: { ...FILES, 'layout.tsv': 'nonsense\n' } })).junit();
    expect(text).toContain('tests="1" failures="1" errors="0" skipped="0"');
    expect(text).toMatch(/name="verdict"[^>]*><failure type="layout\/errors"/);
  });
});

describe('a report that cannot be written', () => {
  const flash = (folder: string, ...args: readonly string[]) =>
    cli(['flash', join(folder, 'layout.tsv'), '--bus', 'sim:stm32mp157c-dk2', '--json', ...args]);

  test.each([
    ['a folder that is not there', 'no/report.json', /the report \S*no\/report\.json cannot be written: ENOENT/],
    ['a folder', '.', /cannot be written: it is no file/],
    ['an image', 'data.img', /cannot be written: it holds something else, and would be replaced/],
    ['the layout', 'layout.tsv', /cannot be written: it holds something else, and would be replaced/],
    ['a device', '/dev/null', /the report \/dev\/null cannot be written: it is no file/],
  ])('is refused before the job: %s', async (_what, name, message) => {
    const folder = folderWith(FILES);
    const { exitCode, lines } = await flash(folder, '--report', name.startsWith('/') ? name : join(folder, name));
    expect(exitCode).toBe(2);
    expect(lines()).toEqual([expect.objectContaining({ event: 'result', code: 'usage/arguments' })]);
    expect(lines()[0]?.message).toMatch(message);
    for (const [file, content] of Object.entries(FILES)) {
      expect(readFileSync(join(folder, file)).equals(Buffer.from(content)), file).toBe(true);
    }
  });

  test('is refused when it is the JUnit file as well', async () => {
    const folder = folderWith(FILES);
    const same = join(folder, 'both');
    const { exitCode, lines } = await flash(folder, '--report', same, '--junit', same);
    expect(exitCode).toBe(2);
    expect(lines().at(-1)?.message).toMatch(/--report and --junit name the same file/);
  });

  test('leaves nothing of an earlier job, and no draft', async () => {
    const folder = folderWith({ ...FILES, 'report.json': '{"ok": true, "of": "another board"}' });
    await flash(folder, '--report', join(folder, 'report.json'), '--device', 'nope');
    expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))).toMatchObject({ code: 'usage/arguments' });
    expect(readdirSync(folder).sort()).toEqual([...Object.keys(FILES), 'report.json'].sort());
  });

  test('keeps the symbolic link that it was given', async () => {
    const folder = folderWith({ ...FILES, 'real.json': '{}' });
    symlinkSync('real.json', join(folder, 'report.json'));
    await flash(folder, '--report', join(folder, 'report.json'));
    expect(JSON.parse(readFileSync(join(folder, 'real.json'), 'utf8'))).toMatchObject({ ok: true });
  });

  const vanishing = async (sim: string) => {
    const folder = folderWith(FILES);
    const records = join(folder, 'records');
    mkdirSync(records);
    const words = ['flash', join(folder, 'layout.tsv'), '--bus', `sim:stm32mp157c-dk2${sim}`, '--json'];
    return cli([...words, '--report', join(records, 'r.json')], {
      onStop: () => () => rmSync(records, { recursive: true }), // when the board is done
    });
  };

  test('makes of a good board one without a record: exit 10, not "done"', async () => {
    const { exitCode, lines } = await vanishing('');
    expect(exitCode).toBe(10);
    expect(lines().at(-1)).toMatchObject({ event: 'result', ok: false, code: 'report/unwritten', exitCode: 10 });
    expect(lines().at(-1)?.message).toMatch(/^the board is flashed .*r\.json could not be written: ENOENT$/);
    const phases = lines().at(-1)?.phases as readonly { complete: boolean }[];
    expect(phases.map(({ complete }) => complete)).toEqual([true, true, true, true]);
  });

  test('never hides why a job failed', async () => {
    const { exitCode, lines } = await vanishing(',fault=absent mmc0');
    expect(exitCode).toBe(6);
    expect(lines().at(-1)).toMatchObject({ code: 'board/layout-refused', ok: false });
    expect(lines().at(-1)?.message).toMatch(/mmc device 0 not found.*; and the report .*r\.json could not be written/);
  });
});

test('the report is on the disk before the verdict is shown', async () => {
  const folder = folderWith(FILES);
  const path = join(folder, 'report.json');
  const seen: boolean[] = [];
  const write = (text: string) => {
    if (text.includes('"event":"result"')) seen.push(existsSync(path));
  };
  const { exitCode } = await cli(
    ['flash', join(folder, 'layout.tsv'), '--bus', 'sim:stm32mp157c-dk2', '--json', '--report', path],
    { stdout: { write, isTTY: false, columns: 80, stream: process.stdout } },
  );
  expect(exitCode).toBe(0);
  expect(seen).toEqual([true]);
});

test('a dry run writes no report and takes none away', async () => {
  const folder = folderWith({ ...FILES, 'report.json': 'kept' });
  const report = join(folder, 'report.json');
  await cli(['flash', join(folder, 'layout.tsv'), '--dry-run', '--report', report]);
  expect(readFileSync(report, 'utf8')).toBe('kept');
});

test.skipIf(process.getuid?.() === 0)('a folder that is write-protected is refused before the job', async () => {
  const folder = folderWith(FILES);
  const locked = join(folder, 'locked');
  mkdirSync(locked);
  chmodSync(locked, 0o500);
  const args = ['flash', join(folder, 'layout.tsv'), '--bus', 'sim:stm32mp157c-dk2'];
  expect(await cli([...args, '--report', join(locked, 'r.json')])).toMatchObject({ exitCode: 2 });
});

test('hostile names stay harmless in both documents', async () => {
  const layout = FILES['layout.tsv'].replaceAll('more.img', 'm\u202eo\u009bre.img');
  const { 'more.img': more, ...others } = FILES;
  const job = await recorded({
    files: { ...others, 'layout.tsv': layout, 'm\u202eo\u009bre.img': makePattern(more.length) },
    args: ['--no-check'],
  });
  expect(job.report()).toMatchObject({ ok: true, phases: [{}, {}, {}, { file: 'm\u202eo\u009bre.img' }] });
  for (const name of ['report.json', 'junit.xml']) {
    expect(readFileSync(join(job.folder, name), 'utf8')).not.toMatch(/[\u0080-\u009f\u202e]/);
  }
});
