import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeFip, makeFsbl, makePattern } from '../image/make.ts';
import { type Captured, cli, folderWith, rows } from './harness.ts';

const BOOT = makePattern(120_000, 61);
const ROOT = makePattern(300_001, 62);
const FILES = {
  'layout.tsv': rows(
    '- 0x01 fsbl-boot Binary none 0x0 fsbl.stm32',
    '- 0x03 fip-boot FIP none 0x0 fip.bin',
    'P 0x10 bootfs System mmc0 0x80000 boot.img',
    'P 0x11 rootfs FileSystem mmc0 0x100000 root.img',
  ),
  'fsbl.stm32': makeFsbl({ family: 'mp15' }),
  'fip.bin': makeFip(),
  'boot.img': BOOT,
  'root.img': ROOT,
};

interface Work {
  readonly folder: string;
  readonly state: string;
  /** `sim:` with the card of this folder; every run of the command line switches that board on anew. */
  flash(fault: string, ...args: readonly string[]): Promise<Captured>;
  landed(): readonly boolean[];
  readonly journals: () => readonly string[];
}

function work(): Work {
  const folder = folderWith(FILES);
  const state = join(folder, 'state', 'phaseline');
  return {
    folder,
    state,
    flash: (fault, ...args) => {
      const sim = `sim:stm32mp157c-dk2,storage=${join(folder, 'card')}${fault === '' ? '' : `,fault=${fault}`}`;
      const flags = ['--no-check', '--bus', sim, ...args];
      return cli(['flash', join(folder, 'layout.tsv'), ...flags], { env: { XDG_STATE_HOME: join(folder, 'state') } });
    },
    landed: () => {
      const card = openSync(join(folder, 'card', 'mmc0.img'), 'r');
      const holds = (image: Uint8Array, at: number) => {
        const found = Buffer.alloc(image.length);
        readSync(card, found, 0, found.length, at);
        return found.equals(image);
      };
      const landed = [holds(BOOT, 0x8_0000), holds(ROOT, 0x10_0000)];
      closeSync(card);
      return landed;
    },
    journals: () => (existsSync(state) ? readdirSync(state) : []),
  };
}

const CRASH = 'crash at phase 0x11 block 40';
const SERIAL = '003A00273338510338303334';

interface Refusal {
  readonly what: string;
  readonly code: string;
  readonly spoil: (at: Work) => unknown;
  readonly args: readonly string[];
}

const refusal = (what: string, code: string, spoil: Refusal['spoil'], ...args: readonly string[]): Refusal => ({
  what,
  code,
  spoil,
  args,
});

describe('flash --resume', () => {
  test('goes on behind a job that ended in the middle, says so, and leaves no journal', async () => {
    const { flash, landed, journals } = work();
    expect((await flash(CRASH)).exitCode).toBe(7);
    expect(landed()).toEqual([true, false]);
    expect(journals()).toEqual([`phaseline-${SERIAL}.journal`]);
    const { exitCode, stdout, stderr } = await flash('', '--resume');
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^goes on with a job of 2026-.*Z: complete already is 0x10 bootfs$/m);
    expect(stdout).not.toMatch(/0x10 bootfs \(/);
    expect(stdout).toMatch(/^PASS: 3 files, .*, behind 1 of an earlier job$/m);
    expect(landed()).toEqual([true, true]);
    expect(journals()).toEqual([]);
  });

  test('tells as JSON what is not sent again', async () => {
    const { flash } = work();
    await flash(CRASH);
    const lines = (await flash('', '--resume', '--json')).lines();
    expect(lines[0]).toMatchObject({
      event: 'resume',
      serial: SERIAL,
      phases: [{ id: '0x10', name: 'bootfs', file: 'boot.img' }],
    });
    expect(lines.at(-1)).toMatchObject({ ok: true });
    expect(lines.at(-1)?.phases).toContainEqual(expect.objectContaining({ id: '0x10', complete: true, earlier: true }));
  });

  test('looks for the journal beside the log file', async () => {
    const { flash, folder, journals } = work();
    const log = ['--log-file', join(folder, 'job.log')];
    await flash(CRASH, ...log);
    expect(journals()).toEqual([]);
    expect(existsSync(join(folder, `phaseline-${SERIAL}.journal`))).toBe(true);
    expect((await flash('', '--resume')).stderr).toContain('[resume/none]');
    expect((await flash('', '--resume', ...log)).exitCode).toBe(0);
    expect(existsSync(join(folder, `phaseline-${SERIAL}.journal`))).toBe(false);
  });

  const refusals: readonly Refusal[] = [
    refusal('without a journal', 'resume/none', () => undefined),
    refusal('after a job that went well', 'resume/none', ({ flash }) => flash('')),
    refusal('a damaged journal', 'resume/journal', async ({ flash, state }) => {
      await flash(CRASH);
      const path = join(state, `phaseline-${SERIAL}.journal`);
      writeFileSync(path, readFileSync(path, 'utf8').replace('"bytes":', '"bytes":1'));
    }),
    refusal('a truncated journal', 'resume/journal', async ({ flash, state }) => {
      await flash(CRASH);
      const path = join(state, `phaseline-${SERIAL}.journal`);
      writeFileSync(path, readFileSync(path, 'utf8').slice(0, -10));
    }),
    refusal('another file', 'resume/differs', async ({ flash, folder }) => {
      await flash(CRASH);
      writeFileSync(join(folder, 'boot.img'), makePattern(120_000, 63));
    }),
    refusal('another layout', 'resume/differs', async ({ flash, folder }) => {
      await flash(CRASH);
      writeFileSync(join(folder, 'layout.tsv'), FILES['layout.tsv'].replace('rootfs', 'rootfs2'));
    }),
    refusal('fewer rows', 'resume/differs', ({ flash }) => flash(CRASH), '--only', '0x11'),
    refusal(
      'another board',
      'resume/none',
      async ({ flash, state }) => {
        await flash(CRASH);
        writeFileSync(join(state, 'phaseline-OTHER.journal'), readFileSync(join(state, `phaseline-${SERIAL}.journal`)));
      },
      '--device',
      'serial:OTHER',
      '--wait',
      '0',
    ),
  ];

  test.each(refusals)('is refused, before anything is sent: $what', async ({ what, code, spoil, args }) => {
    const at = work();
    await spoil(at);
    const { exitCode, stdout, stderr } = await at.flash('', '--resume', ...args);
    if (what === 'another board') expect(stderr).toContain('[board/none]');
    else {
      expect(stderr).toContain(`[${code}]`);
      expect(exitCode).toBe(2);
    }
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stdout).not.toContain('0x01');
  });

  test('cannot be had without a board: --dry-run is a usage error', async () => {
    const { exitCode, stderr } = await work().flash('', '--resume', '--dry-run');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('[usage/arguments]');
  });

  test('asks before it wipes what is still to be wiped, and only that', async () => {
    const at = work();
    writeFileSync(
      join(at.folder, 'layout.tsv'),
      rows(
        '- 0x01 fsbl-boot Binary none 0x0 fsbl.stm32',
        '- 0x03 fip-boot FIP none 0x0 fip.bin',
        'PD 0x10 card RawImage mmc0 0x0 root.img',
      ),
    );
    expect((await at.flash('crash at phase 0x10 block 9')).stderr).toContain('[usage/confirm]');
    await at.flash('crash at phase 0x10 block 9', '--yes');
    expect((await at.flash('', '--resume')).stderr).toContain('[usage/confirm]');
    expect((await at.flash('', '--resume', '--yes')).exitCode).toBe(0);
  });
});

test('--no-resume gives up when a cable is out and in', async () => {
  const fault = 'unplug for 900 at phase 0x11 block 3';
  expect((await work().flash(fault)).exitCode).toBe(0);
  expect((await work().flash(fault, '--no-resume')).stderr).toContain('[usb/gone]');
});
