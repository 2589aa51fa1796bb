import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeFip, makeFsbl, makePattern } from '../image/make.ts';
import { type Captured, cli, folderWith, rows } from './harness.ts';

const FILES = {
  'layout.tsv': rows(
    '- 0x01 fsbl-boot Binary none 0x0 fsbl.stm32',
    '- 0x03 fip-boot FIP none 0x0 fip.bin',
    'P 0x10 sdcard RawImage mmc0 0x0 sdcard.img',
  ),
  'fsbl.stm32': makeFsbl({ family: 'mp15' }),
  'fip.bin': makeFip(),
  'sdcard.img': makePattern(100_000),
};

interface Recorded {
  readonly folder: string;
  readonly trace: string;
  readonly flash: Captured;
}

async function record(sim = 'stm32mp157c-dk2', ...args: readonly string[]): Promise<Recorded> {
  const folder = folderWith(FILES);
  const trace = join(folder, 'job.trace');
  const bus = `sim:${sim}`;
  const flash = await cli(['flash', join(folder, 'layout.tsv'), '--no-check', '--bus', bus, '--trace', trace, ...args]);
  return { folder, trace, flash };
}

/** What `trace show` printed, without the time in front. */
async function show(trace: string): Promise<readonly string[]> {
  const { exitCode, stdout, stderr } = await cli(['trace', 'show', trace]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/^ *\d+\.\d{3} /, ''));
}

describe('flash --trace', () => {
  test('writes every transfer as a line of JSON, and changes nothing else', async () => {
    const { trace, flash } = await record();
    expect(flash.exitCode).toBe(0);
    const lines = readFileSync(trace, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ trace: 1, bus: 'simulator' });
    expect(lines[1]).toMatchObject({ event: 'attach', vendorId: 0x0483, productId: 0xdf11 });
    const blocks = lines.filter(({ setup, out }) => setup?.[0] === 0x21 && setup[1] === 1 && out?.len === 4096);
    expect(blocks).toHaveLength(Math.floor(100_000 / 4096));
    expect(lines.at(-1)).toMatchObject({ setup: [0x21, 0, 1000, 0, 0] });
  });

  test('writes what an earlier file had away', async () => {
    const folder = folderWith({ ...FILES, 'job.trace': 'old\n'.repeat(100_000) });
    const trace = join(folder, 'job.trace');
    await cli(['flash', join(folder, 'layout.tsv'), '--no-check', '--bus', 'sim:stm32mp157c-dk2', '--trace', trace]);
    expect(readFileSync(trace, 'utf8')).not.toContain('old');
  });

  test('that cannot be written ends with exit 2 before the board is touched', async () => {
    const layout = join(folderWith(FILES), 'layout.tsv');
    const { exitCode, lines } = await cli(['flash', layout, '--no-check', '--json', '--trace', '/nowhere/job.trace']);
    expect(exitCode).toBe(2);
    expect(lines()).toMatchObject([
      { event: 'result', code: 'usage/arguments', message: 'the trace /nowhere/job.trace cannot be written: ENOENT' },
    ]);
  });

  test('of a dry run writes nothing', async () => {
    const { trace, flash } = await record('stm32mp157c-dk2', '--dry-run');
    expect(flash.exitCode).toBe(0);
    expect(existsSync(trace)).toBe(false);
  });
});

describe('flash --bus trace:FILE', () => {
  const replay = (folder: string, trace: string, ...args: readonly string[]) =>
    cli(['flash', join(folder, 'layout.tsv'), '--no-check', '--json', '--bus', `trace:${trace}`, ...args]);

  test('plays the board of the trace, whatever the window', async () => {
    const { folder, trace } = await record();
    expect((await replay(folder, trace)).lines().at(-1)).toMatchObject({ event: 'result', ok: true });
    expect((await replay(folder, trace, '--window', '1')).exitCode).toBe(0);
  });

  test('brings a failure back', async () => {
    const { folder, trace, flash } = await record('stm32mp157c-dk2,fault=unplug at phase 0x10 byte 50000', '--json');
    const result = flash.lines().at(-1);
    expect(result).toMatchObject({ code: 'usb/gone' });
    const again = (await replay(folder, trace)).lines().at(-1);
    expect(again).toMatchObject({ code: result?.code, exitCode: result?.exitCode, bytes: result?.bytes });
  });

  test('says with which line another image differs, exit 7', async () => {
    const { folder, trace } = await record();
    writeFileSync(join(folder, 'sdcard.img'), makePattern(100_000, 2));
    const { exitCode, lines } = await replay(folder, trace);
    expect(exitCode).toBe(7);
    expect(lines().at(-1)).toMatchObject({
      code: 'trace/differs',
      message: expect.stringMatching(/line \d+ of the trace has setup \[33,1,0,0,4096\] with sha256 /),
    });
  });

  test.each([
    ['is missing', undefined, 'usage/arguments', 'cannot be read: ENOENT'],
    ['is no trace', '{"scenario":"b"}\n', 'trace/format', 'line 1 is not the head of a trace'],
  ])('that %s ends with exit 2', async (_, content, code, says) => {
    const folder = folderWith({ ...FILES, ...(content === undefined ? {} : { 'bad.trace': content }) });
    const { exitCode, lines } = await replay(folder, join(folder, 'bad.trace'));
    expect(exitCode).toBe(2);
    expect(lines()).toMatchObject([{ event: 'result', code, message: expect.stringContaining(says) }]);
  });
});

describe('trace show', () => {
  test('tells the job by the names of DFU, blocks summed up', async () => {
    const { trace } = await record();
    const story = await show(trace);
    const from = story.findIndex((line) => line.includes('#3 attached'));
    expect(story[0]).toMatch(/^trace of simulator, 2026-01-01T00:00:0\d\.\d{3}Z$/);
    expect(story.slice(from)).toEqual([
      '   #3 attached at port 1-1, 0483:df11, version 0x0200, high speed',
      '   #3 opened',
      '   #3 GET_DESCRIPTOR device: 18 bytes',
      '   #3 GET_DESCRIPTOR configuration: 9 bytes',
      '   #3 GET_DESCRIPTOR configuration: 54 bytes',
      '   #3 GET_DESCRIPTOR string 0: 4 bytes',
      '   #3 GET_DESCRIPTOR string 5: "@sdcard/0x10/1*4Ge"',
      '   #3 GET_DESCRIPTOR string 6: "@virtual/0xf1/1*512Be"',
      '   #3 GET_DESCRIPTOR string 7: "@OTP/0xf2/1*776Be"',
      '   #3 GET_DESCRIPTOR string 8: "@PMIC/0xf4/1*8Be"',
      '   #3 GET_DESCRIPTOR string 1: "STMicroelectronics"',
      '   #3 GET_DESCRIPTOR string 2: "USB download gadget@Device ID /0x500, @Revision ID /0x2001, @Name /STM32MP157CAC Rev.Z,"',
      '   #3 GET_DESCRIPTOR string 3: "003A00273338510338303334"',
      '   #3 SET_INTERFACE 1 (@virtual/0xf1/1*512Be)',
      '   #3 GETSTATUS: OK, dfuIDLE',
      '   #3 UPLOAD block 0: GetPhase says 0x10',
      '   #3 SET_INTERFACE 0 (@sdcard/0x10/1*4Ge)',
      '   #3 GETSTATUS: OK, dfuIDLE',
      '   #3 DNLOAD blocks 0 to 24: 25 blocks, 97.7 KiB',
      '   #3 DNLOAD block 25, empty: the image ends',
      '   #3 GETSTATUS: OK, dfuMANIFEST',
      '   #3 GETSTATUS: OK, dfuIDLE',
      '   #3 SET_INTERFACE 1 (@virtual/0xf1/1*512Be)',
      '   #3 GETSTATUS: OK, dfuIDLE',
      '   #3 UPLOAD block 0: GetPhase says 0xFE',
      '   #3 DETACH',
      'nothing failed',
    ]);
    expect(story).toContain('   #2 UPLOAD block 0: GetPhase says 0x00, address 0xC2000000, needs DETACH');
  });

  test.each([
    ['stall at phase 0x10 block 9', '!! #3 DNLOAD block 9, 4096 bytes: STALL'],
    ['dfu-error 3 at phase 0x10 block 9', '!! #3 GETSTATUS: errWRITE, dfuERROR'],
    ['nak 90000 at phase 0x10 block 9', '!! #3 DNLOAD block 9, 4096 bytes: NO ANSWER IN TIME, 61.6 s'],
    ['unplug at phase 0x10 block 9', '!! #3 DNLOAD block 9, 4096 bytes: THE DEVICE HAS LEFT'],
    ['write-error mmc0 at byte 20000', '!! #3 UPLOAD block 0: GetPhase says 0xFF, "DFU write error"'],
  ])('marks what failed: %s', async (fault, line) => {
    const { trace } = await record(`stm32mp157c-dk2,fault=${fault}`);
    const story = await show(trace);
    expect(story.some((entry) => entry.startsWith(line))).toBe(true);
    expect(story.at(-1)).toMatch(/^\d+ failed, marked !!$/);
  });

  test('--json gives the same story to machines', async () => {
    const { trace } = await record();
    const { exitCode, lines } = await cli(['trace', 'show', trace, '--json']);
    expect(exitCode).toBe(0);
    expect(lines()).toEqual([
      expect.objectContaining({
        trace: 1,
        cut: false,
        story: expect.arrayContaining([
          expect.objectContaining({ device: 3, text: 'DNLOAD blocks 0 to 24: 25 blocks, 97.7 KiB', failed: false }),
        ]),
      }),
    ]);
  });

  test('reads the trace of a process that was killed in the middle of a line', async () => {
    const { trace } = await record();
    const text = readFileSync(trace, 'utf8');
    writeFileSync(trace, text.slice(0, -20));
    const story = await show(trace);
    expect(story.at(-2)).toBe('the trace ends within a line: whoever wrote it was killed');
  });

  test('counts what happened again and again', async () => {
    const { trace } = await record('stm32mp157c-dk2,fault=never-returns after fip');
    expect((await show(trace)).at(-2)).toMatch(/^ {3}#1 gone from port 1-1$/);
    const probe =
      '{"device":1,"setup":[128,0,0,0,2],"status":"OK","in":{"len":2,"hex":"0000"},"startMs":1,"endMs":2}\n';
    const folder = folderWith({ 'polls.trace': readFileSync(trace, 'utf8').split('\n', 3).join('\n') });
    writeFileSync(join(folder, 'polls.trace'), `\n${probe.repeat(7)}`, { flag: 'a' });
    expect((await show(join(folder, 'polls.trace'))).at(-2)).toBe('   #1 GET_STATUS: 2 bytes, 7 times');
  });

  test.each([
    ['is missing', undefined, 'cannot be read: ENOENT', 'usage/arguments'],
    ['is a folder', 'folder', 'cannot be read: EISDIR', 'usage/arguments'],
    ['is empty', '', 'line 1 is not the head of a trace', 'trace/format'],
    ['is an image', makePattern(5_000), 'line 1 is not the head of a trace', 'trace/format'],
    [
      'has a damaged line',
      '{"trace":1,"bus":"b","date":"d"}\n{"device":1\n{}\n',
      'line 2 is no line of',
      'trace/format',
    ],
  ])('of a file that %s says so in one line, exit 2', async (_, content, says, code) => {
    const folder = folderWith(content === undefined || content === 'folder' ? {} : { 'a.trace': content });
    const { exitCode, stdout, stderr } = await cli([
      'trace',
      'show',
      content === 'folder' ? folder : join(folder, 'a.trace'),
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^error: [^\n]*\n$/);
    expect(stderr).toContain(says);
    expect(stderr).toContain(`[${code}]`);
  });

  test.each(['/dev/zero', '/dev/null'])('%s is no trace, and is not read', async (path) => {
    const { exitCode, stderr } = await cli(['trace', 'show', path]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/a trace is a file, and this is none\. .*\[trace\/format]\n$/);
  });

  test('prints no control characters of a board', async () => {
    const evil = Buffer.from(`${'\u001b[2J'}x`, 'utf16le').toString('hex');
    const came = { len: 2 + evil.length / 2, hex: `${(2 + evil.length / 2).toString(16).padStart(2, '0')}03${evil}` };
    const line = { device: 1, setup: [0x80, 6, 0x0302, 0x0409, 255], status: 'OK', in: came, startMs: 0, endMs: 0 };
    const folder = folderWith({ 'a.trace': `{"trace":1,"bus":"b","date":"d"}\n${JSON.stringify(line)}\n` });
    const { stdout } = await cli(['trace', 'show', join(folder, 'a.trace')]);
    expect(stdout).toContain('GET_DESCRIPTOR string 2');
    expect(stdout).not.toContain('\u001b');
  });
});

describe('flash --window', () => {
  test.each(['0', '-1', '65', '1.5', 'many'])('%s is a wrong command line', async (blocks) => {
    const { exitCode, stderr } = await cli(['flash', 'layout.tsv', '--window', blocks]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('is not a number of blocks from 1 to 64');
  });

  test.each(['1', '2', '64'])('%s flashes', async (blocks) => {
    const { flash } = await record('stm32mp157c-dk2', '--window', blocks);
    expect(flash.exitCode).toBe(0);
  });
});
