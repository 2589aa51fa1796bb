import { describe, expect, test } from 'vitest';
import type { BoardSettings } from '../../src/simulator/hardware.ts';
import { PHASE } from '../../src/stm32/phases.ts';
import { makeFsbl, makePattern } from '../image/make.ts';
import { flash, makeBench } from './harness.ts';
import { bootFiles, layoutText, legacyBootFiles } from './layouts.ts';

const CARD = makePattern(20_000, 51);
const ROW = 'P 0x10 card RawImage mmc0 0x0 card.img';

/** What nobody has measured on hardware (docs/simulator.md) must not decide whether a board can be flashed. */
const VARIATIONS: readonly [title: string, settings: Partial<BoardSettings>, profiles?: readonly string[]][] = [
  ['a ROM that shows an address', { romAddress: 0x2ffc2500 }],
  ['a ROM whose GetPhase says 0 from the start', { romPhase: 0x00 }],
  ['a ROM whose GetPhase does not change after the FSBL', { romDonePhase: 0x01 }, ['mp13', 'mp25']],
  ['a ROM whose GetPhase names the SSBL after the FSBL', { romDonePhase: 0x03 }, ['mp13', 'mp25']],
  ['a ROM that shows an address after the FSBL', { romDoneAddress: 0x2ffc2500 }, ['mp13', 'mp25']],
  ['a ROM that never says needDetach', { romNeedDetach: false }, ['mp13', 'mp25']],
  ['other attributes of the ROM’s DFU', { romAttributes: 0x0f, romDetachTimeoutMs: 1_000 }],
  [
    'a ROM without a virtual alternate setting',
    { romAlternates: [{ name: '@FSBL /0x01/1*256Ke', phase: PHASE.FSBL }] },
    ['mp13', 'mp25'],
  ],
  [
    'a ROM that writes its names in another way',
    {
      romAlternates: [
        { name: '@virtual/0xf1/1*512Be', phase: PHASE.VIRTUAL },
        { name: '@FSBL/0x01/1*1Me', phase: PHASE.FSBL },
      ],
    },
    ['mp13', 'mp25'],
  ],
  [
    'a TF-A whose alternate settings stand elsewhere',
    {
      tfaAlternates: [
        { name: '@virtual /0xF1/1*512Ba', phase: PHASE.VIRTUAL },
        { name: '@FIP /0x03/1*16Me', phase: PHASE.SSBL },
        { name: '@DDR FIP /0x02/1*32Ke', phase: PHASE.DDR_FIP },
      ],
    },
    ['mp13', 'mp25'],
  ],
  ['other places in memory', { tfaMemory: { fip: { base: 0xd0000000, bytes: 0x800000 } } }],
  ['gaps of hardware', { resetToRomMs: 2_000, romToTfaMs: 3_000, ddrInitMs: 2_000, tfaToUbootMs: 12_000 }],
  ['a board that leaves the bus late', { detachMs: 900, tfaDetachMs: 900 }],
];

const BOARDS = { mp13: 'stm32mp135f-dk', mp15: 'stm32mp157c-dk2', mp25: 'stm32mp257f-ev1' } as const;
type Name = keyof typeof BOARDS;

const cases = VARIATIONS.flatMap(([title, settings, families = Object.keys(BOARDS)]) =>
  (families as readonly Name[]).map((family) => ({ title, settings, family })),
);

describe('a board is flashed all the same with', () => {
  test.each(cases)('$title ($family)', async ({ settings, family }) => {
    const bench = makeBench(BOARDS[family], { settings });
    const boot = bootFiles(family);
    const { result } = await flash(bench, {
      layout: layoutText(...boot.rows, ROW),
      images: { ...boot.images, 'card.img': CARD },
    });
    expect(result).toMatchObject({ ok: true, code: 'ok' });
    expect(bench.board.storage.mmc.get(0)?.read(0, 0, CARD.length)).toEqual(CARD);
  });

  test('the older TF-A, its layout anywhere in memory', async () => {
    const tfaMemory = { layout: { base: 0xc0200000, bytes: 0x10000 } };
    const bench = makeBench(BOARDS.mp15, { settings: { tfaFlavour: 'legacy', tfaMemory } });
    const boot = legacyBootFiles();
    const { result } = await flash(bench, {
      layout: layoutText(...boot.rows, ROW),
      images: { ...boot.images, 'card.img': CARD },
    });
    expect(result).toMatchObject({ ok: true });
  });
});

describe('the TF-A of ST up to v2.2, which shows the product string of the ROM and SYSRAM addresses,', () => {
  const settings = {
    tfaFlavour: 'legacy',
    tfaProduct: 'rom',
    tfaMemory: { layout: { base: 0x2ffe4c40, bytes: 0x40000 }, fip: { base: 0x2ffe4c40, bytes: 0x1000000 } },
  } as const;

  test('is known by its GetPhase', async () => {
    const bench = makeBench(BOARDS.mp15, { settings });
    const boot = legacyBootFiles();
    const { result } = await flash(bench, {
      layout: layoutText(...boot.rows, ROW),
      images: { ...boot.images, 'card.img': CARD },
    });
    expect(result).toMatchObject({ ok: true });
    expect(bench.board.storage.mmc.get(0)?.read(0, 0, CARD.length)).toEqual(CARD);
  });

  test('is waited for while it starts', async () => {
    const bench = makeBench(BOARDS.mp15, { settings: { ...settings, romToTfaMs: 5_000 } });
    const boot = legacyBootFiles();
    const { result } = await flash(bench, {
      layout: layoutText(...boot.rows, ROW),
      images: { ...boot.images, 'card.img': CARD },
    });
    expect(result).toMatchObject({ ok: true });
  });
});

describe('what is refused is told, whichever way the board refuses it', () => {
  test('an FSBL above the limit of the ROM', async () => {
    const bench = makeBench(BOARDS.mp25, { settings: { fsblLimit: 100_000 } });
    const boot = bootFiles('mp25');
    const { result } = await flash(bench, {
      layout: layoutText(...boot.rows, ROW),
      images: {
        ...boot.images,
        'tf-a.stm32': makeFsbl({ family: 'mp25', payloadBytes: 100_001 }),
        'card.img': CARD,
      },
    });
    expect(result).toMatchObject({ ok: false, code: 'board/fsbl-refused', exitCode: 6 });
    expect(bench.board.stage).toBe('rom');
  });

  test.each(['stall', 'ack'] as const)('a FIP that is none, answered with %s', async (badFipAnswer) => {
    const bench = makeBench(BOARDS.mp13, { settings: { badFipAnswer } });
    const boot = bootFiles('mp13');
    const { result } = await flash(bench, {
      layout: layoutText(...boot.rows, ROW),
      images: { ...boot.images, 'fip.bin': makePattern(5_000), 'card.img': CARD },
    });
    expect(result).toMatchObject({ ok: false, code: 'board/error', exitCode: 6 });
    expect(result.message).toContain('FIP Header check failed for phase 0');
    expect(result.message).not.toMatch(/\n/);
  });
});
