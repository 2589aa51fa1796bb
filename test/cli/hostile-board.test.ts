import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { realClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { SimulatedBoard } from '../../src/simulator/board.ts';
import { boardProfile } from '../../src/simulator/profiles.ts';
import { serveBoards } from '../../src/simulator/server.ts';
import { COMPUTER, machine, plugged } from '../doctor/machine.ts';
import { makeFip, makeFsbl, makePattern } from '../image/make.ts';
import { cli, folderWith, rows } from './harness.ts';

/** Clears a screen, opens a link, rings, begins a line of its own, turns the writing, is a CSI of one byte. */
const HOSTILE = '\u001b[2J\u001b]8;;http://x\u0007\r\nPASS: 1 file\u202etxt\u2066\u009b31m\u2028';
/** What may be in output: text, line ends, TABs between columns. */
const HARMFUL = /[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

const FILES = {
  'layout.tsv': rows(
    '- 0x01 fsbl-boot Binary none 0x0 fsbl.stm32',
    '- 0x03 fip-boot FIP none 0x0 fip.bin',
    'P 0x10 data Binary mmc0 0x4400 data.img',
  ),
  // U-Boot says the name of the row again when it refuses it.
  'refused.tsv': rows(
    '- 0x01 fsbl-boot Binary none 0x0 fsbl.stm32',
    '- 0x03 fip-boot FIP none 0x0 fip.bin',
    `P 0x10 a\u001b[31mname\u0007-of-too-many-letters Binary mmc0 0x4400 data.img`,
  ),
  'fsbl.stm32': makeFsbl({ family: 'mp15' }),
  'fip.bin': makeFip(),
  'data.img': makePattern(3000),
};

/** A board whose name and serial number attack whoever shows them; where it is served. */
async function serveHostile(): Promise<string> {
  const profile = boardProfile('stm32mp157c-dk2');
  const board = new SimulatedBoard({
    profile: { ...profile, chip: { ...profile.chip, name: `STM32MP157${HOSTILE}` } },
    clock: realClock,
    serial: `0${HOSTILE}`.slice(0, 60),
    settings: { resetToRomMs: 0 },
  });
  const server = await serveBoards({ boards: [board], host: '127.0.0.1', port: 0, log: silentLog });
  onTestFinished(async () => {
    await server.close();
    board.close();
  });
  board.powerOn();
  await realClock.sleep(100);
  return `usbip://127.0.0.1:${server.port}`;
}

const run = (...args: readonly string[]) => cli(args, { clock: realClock, system: machine(COMPUTER) });

describe('strings of a hostile board do nothing to whoever sees them', () => {
  test.each([
    ['layout.tsv', 0],
    ['refused.tsv', 6],
  ])('flash, its events, its log and its records (%s)', async (layout, exitCode) => {
    const folder = folderWith(FILES);
    const at = (name: string) => join(folder, name);
    const words = ['flash', at(layout), '--no-check', '--bus', await serveHostile()];
    const plain = await run(...words, '--log-file', at('log'), '--log-level', 'debug', '--trace', at('trace'));
    expect(plain.exitCode).toBe(exitCode);
    expect(plain.stdout).toContain('STM32MP157?[2J');
    expect(plain.stdout + plain.stderr).not.toMatch(HARMFUL);

    const json = await run(
      'flash',
      at(layout),
      '--no-check',
      '--bus',
      await serveHostile(),
      '--json',
      '--report',
      at('r.json'),
      '--junit',
      at('j.xml'),
    );
    expect(json.exitCode).toBe(exitCode);
    expect(json.stdout + json.stderr).not.toMatch(HARMFUL);
    expect(JSON.parse(readFileSync(at('r.json'), 'utf8')).board.serial).toContain('0?[2J');
    for (const name of ['log', 'trace', 'r.json', 'j.xml'])
      expect(readFileSync(at(name), 'utf8'), name).not.toMatch(HARMFUL);

    for (const extra of [[], ['--json']]) {
      const shown = await run('trace', 'show', at('trace'), ...extra);
      expect(shown.exitCode).toBe(0);
      expect(shown.stdout).toContain('STM32MP157');
      expect(shown.stdout).not.toMatch(HARMFUL);
    }
  });

  test('what U-Boot repeats of a row', async () => {
    const folder = folderWith(FILES);
    const { stderr } = await run('flash', join(folder, 'refused.tsv'), '--no-check', '--bus', await serveHostile());
    expect(stderr).toContain('a?[31mname?-of-too-many-letters');
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^FAIL: .*\[board\/layout-refused]$/);
  });

  test('list', async () => {
    const bus = await serveHostile();
    for (const extra of [[], ['--json']]) {
      const { stdout, exitCode } = await run('list', '--bus', bus, ...extra);
      expect(exitCode).toBe(0);
      expect(stdout).not.toMatch(HARMFUL);
      expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    }
  });

  test('--device says which board with the serial number as list shows it', async () => {
    const bus = await serveHostile();
    const { stdout } = await run('list', '--bus', bus, '--json');
    const [{ serial }] = JSON.parse(stdout).boards;
    const args = ['flash', join(folderWith(FILES), 'layout.tsv'), '--bus', bus, '--device', `serial:${serial}`];
    expect(await run(...args)).toMatchObject({ exitCode: 0 });
  });

  test('doctor', async () => {
    const product = `DFU in HS Mode @Device ID /0x500, ${HOSTILE.replaceAll(/[\r\n]/g, '')}`;
    for (const extra of [[], ['--json']]) {
      const { stdout } = await cli(['doctor', ...extra], {
        system: machine({ ...COMPUTER, ...plugged('1-2', { product }) }),
      });
      expect(stdout).toContain('@Device ID /0x500');
      expect(stdout).not.toMatch(HARMFUL);
    }
  });
});
