import { describe, expect, test } from 'vitest';
import { brokenLayout } from '../check/boards.ts';
import { type Captured, cli, folderWith } from './harness.ts';

/** One error with a place, one warning, and a name that every format has to escape. */
const NAME = 'a b,<&:%41.tsv';
const TEXT = brokenLayout('raw', { 4: 'PP 0x10 sdcard RawImage mmc0 none <&"\u0007".img' });

function check(...args: readonly string[]): Promise<Captured> {
  const cwd = folderWith({ [NAME]: TEXT, 'clean.tsv': brokenLayout('raw') });
  return cli(['check', NAME, 'clean.tsv', '--no-files', ...args], { cwd });
}

describe('text', () => {
  test('groups findings by file, marks the place, and says what to write', async () => {
    const { stdout } = await check();
    expect(stdout).toBe(
      [
        `${NAME}: for a family that nothing tells`,
        `${NAME}:4:1: warning opt-repeated-letter: "PP" gives a letter twice`,
        '    PP  0x10  sdcard  RawImage  mmc0  none  <&"?".img',
        '    ^^',
        '    write each letter once',
        `${NAME}:4:30: error offset-none: "none" is no offset`,
        '    PP  0x10  sdcard  RawImage  mmc0  none  <&"?".img',
        '                                      ^^^^',
        '    write 0x0',
        '',
        '2 layouts: 1 error, 1 warning, 0 infos',
        '',
      ].join('\n'),
    );
  });

  test('is coloured where it is asked for, and loses nothing by it', async () => {
    const [plain, coloured] = [await check(), await check('--color')];
    expect(coloured.stdout).not.toBe(plain.stdout);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a colour is
    expect(coloured.stdout.replace(/\u001b\[\d+m/g, '')).toBe(plain.stdout);
  });

  test('with --quiet is the errors and the verdict', async () => {
    const { stdout } = await check('--quiet');
    expect(stdout).toBe(
      `${NAME}:4:30: error offset-none: "none" is no offset\n2 layouts: 1 error, 1 warning, 0 infos\n`,
    );
  });

  test('cuts a line that is too long around the place', async () => {
    const row = `P 0x10 ${'n'.repeat(300)} RawImage mmc0 none card.img`;
    const cwd = folderWith({ 'long.tsv': brokenLayout('raw', { 4: row }) });
    const { stdout } = await cli(['check', 'long.tsv', '--no-files'], { cwd });
    const lines = stdout.split('\n');
    const index = lines.findIndex((line) => line.includes('offset-none'));
    const mark = lines[index + 2] ?? '';
    expect(lines[index + 1]?.length).toBeLessThanOrEqual(80);
    expect((lines[index + 1] ?? '').slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe('none');
  });
});

describe('json', () => {
  test.each([['--json'], ['--format', 'json'], ['--json', '--format', 'json']])(
    'has the shape of the contract: %s %s',
    async (...args) => {
      const { stdout, stderr } = await check(...args);
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toEqual({
        files: [
          {
            path: NAME,
            families: [],
            familyFrom: null,
            diagnostics: [
              {
                ruleId: 'opt-repeated-letter',
                severity: 'warning',
                line: 4,
                column: 1,
                endColumn: 3,
                message: '"PP" gives a letter twice',
                help: 'write each letter once',
              },
              {
                ruleId: 'offset-none',
                severity: 'error',
                line: 4,
                column: 30,
                endColumn: 34,
                message: '"none" is no offset',
                help: 'write 0x0',
              },
            ],
          },
          { path: 'clean.tsv', families: [], familyFrom: null, diagnostics: [] },
        ],
        summary: { errors: 1, warnings: 1, infos: 0 },
      });
    },
  );
});

describe('sarif', () => {
  test('is a log of version 2.1.0 with rules, places and levels', async () => {
    const log = JSON.parse((await check('--format', 'sarif')).stdout);
    expect(log.version).toBe('2.1.0');
    const [run] = log.runs;
    expect(run.tool.driver).toMatchObject({
      name: 'phaseline',
      semanticVersion: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
    expect(run.columnKind).toBe('utf16CodeUnits');
    expect(run.results[1]).toEqual({
      ruleId: 'offset-none',
      ruleIndex: expect.any(Number),
      level: 'error',
      message: { text: '"none" is no offset (write 0x0)' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'a%20b%2C%3C%26%3A%2541.tsv', index: 0 },
            region: { startLine: 4, startColumn: 30, endLine: 4, endColumn: 34 },
          },
        },
      ],
    });
    for (const { ruleId, ruleIndex } of run.results) {
      expect(run.tool.driver.rules[ruleIndex]).toMatchObject({
        id: ruleId,
        shortDescription: { text: expect.any(String) },
        fullDescription: { text: expect.any(String) },
        help: { text: expect.any(String) },
        defaultConfiguration: { level: expect.stringMatching(/^(error|warning|note)$/) },
      });
    }
    expect(run.artifacts).toEqual([
      { location: { uri: 'a%20b%2C%3C%26%3A%2541.tsv' } },
      { location: { uri: 'clean.tsv' } },
    ]);
  });

  test('names files elsewhere by their whole address', async () => {
    const cwd = folderWith({ 'x.tsv': TEXT });
    const log = JSON.parse((await cli(['check', `${cwd}/x.tsv`, '--no-files', '--format', 'sarif'])).stdout);
    expect(log.runs[0].artifacts[0].location.uri).toBe(`file://${cwd}/x.tsv`);
  });
});

test('github writes one workflow command for each finding, with what would end it escaped', async () => {
  const { stdout } = await check('--format', 'github');
  const file = 'a b%2C<&%3A%2541.tsv';
  expect(stdout).toBe(
    [
      `::warning file=${file},line=4,col=1,endColumn=2,title=opt-repeated-letter::"PP" gives a letter twice (write each letter once)`,
      `::error file=${file},line=4,col=30,endColumn=33,title=offset-none::"none" is no offset (write 0x0)`,
      '2 layouts: 1 error, 1 warning, 0 infos',
      '',
    ].join('\n'),
  );
});

describe('junit', () => {
  test('has a suite for each layout, and a failure for what fails the job', async () => {
    const { stdout } = await check('--format', 'junit');
    const name = 'a b,&lt;&amp;:%41.tsv';
    expect(stdout).toContain('<testsuites name="phaseline check" tests="3" failures="1" errors="0">');
    expect(stdout).toContain(`<testsuite name="${name}" tests="2" failures="1" errors="0" skipped="0">`);
    expect(stdout).toContain('<failure type="offset-none" message="&quot;none&quot; is no offset">');
    expect(stdout).toContain('<testcase name="no findings" classname="clean.tsv"/>');
    expect(stdout.match(/<system-out>/g)).toHaveLength(1);
  });

  test('with --strict counts warnings as failures', async () => {
    expect((await check('--format', 'junit', '--strict')).stdout).toContain('tests="3" failures="2"');
  });
});
