import { describe, expect, test } from 'vitest';
import type { PhaseEvent } from '../../src/flash/events.ts';
import { simulatedBus } from '../../src/simulator/bus.ts';
import { makePattern } from '../image/make.ts';
import { bench, bootToUboot } from '../simulator/flash.ts';
import { type FlashRun, flash, makeBench } from './harness.ts';
import { type BootFiles, bootFiles, layoutText, legacyBootFiles } from './layouts.ts';

const ROWS = ['P 0x10 a FileSystem mmc0 0x4400 a.img', 'P 0x11 b FileSystem mmc0 0x104400 b.img'];
const IMAGES = { 'a.img': makePattern(30_000, 21), 'b.img': makePattern(9_000, 22) };

const job = (boot: BootFiles) => ({ layout: layoutText(...boot.rows, ...ROWS), images: { ...boot.images, ...IMAGES } });
const phasesOf = ({ events }: FlashRun) =>
  events.filter((event): event is typeof event & PhaseEvent => event.event === 'phase');

describe('how far a job is', () => {
  test.each([
    ['MP15', 'stm32mp157c-dk2', bootFiles('mp15'), 5],
    ['MP13', 'stm32mp135f-dk', bootFiles('mp13'), 5],
    ['MP25, with DDR firmware', 'stm32mp257f-ev1', bootFiles('mp25'), 6],
  ])('is known from the first file on: %s', async (_name, profile, boot, count) => {
    const run = await flash(makeBench(profile), job(boot));
    const phases = phasesOf(run);
    expect(phases.map((phase) => [phase.index, phase.count])).toEqual(phases.map((_, i) => [i + 1, count]));
    const { bytes } = run.result;
    expect(new Set(phases.map(({ jobBytes }) => jobBytes))).toEqual(new Set([bytes]));
    expect(phases.map(({ jobBytesBefore }) => jobBytesBefore)).toEqual(
      phases.map((_, i) => phases.slice(0, i).reduce((sum, phase) => sum + phase.bytes, 0)),
    );
  });

  test('grows by one file where TF-A and U-Boot both want the layout, and ends with all', async () => {
    const board = makeBench('stm32mp157c-dk2', { settings: { tfaFlavour: 'legacy', ubootFindsLayout: false } });
    const run = await flash(board, job(legacyBootFiles()));
    const phases = phasesOf(run);
    const last = phases.at(-1);
    expect([last?.index, last?.count]).toEqual([6, 6]);
    expect(phases.every(({ index, count }) => index <= count)).toBe(true);
  });

  test('leaves out the files that a board which is further on does not ask for', async () => {
    const at = await bench('stm32mp157c-dk2');
    await bootToUboot(at);
    await at.host.device?.close();
    const { clock, board } = at;
    const run = await flash({ clock, board, bus: simulatedBus([board], clock) }, job(bootFiles('mp15')));
    expect(run.result).toMatchObject({ ok: true });
    expect(phasesOf(run).map(({ id, index, count }) => [id, index, count])).toEqual([
      ['0x00', 1, 3],
      ['0x10', 2, 3],
      ['0x11', 3, 3],
    ]);
  });
});
