import { describe, expect, test } from 'vitest';
import { makePattern } from '../image/make.ts';
import { flash, makeBench } from './harness.ts';
import { type BootFiles, bootFiles, layoutText, legacyBootFiles } from './layouts.ts';

const DK2 = 'stm32mp157c-dk2';

describe('what a job tells', () => {
  const layout = (boot: BootFiles) => layoutText(...boot.rows, 'P 0x10 sdcard RawImage mmc0 0x0 card.img');
  const images = { 'card.img': makePattern(10_000, 15) };
  const uboot = [
    'stage uboot',
    'phase 0x00',
    'phase-done 0x00',
    'detach uboot',
    'stage uboot',
    'phase 0x10',
    'phase-done 0x10',
    'detach uboot',
    'result ok',
  ];
  const sent = (id: string) => [`phase ${id}`, `phase-done ${id}`];

  test.each([
    {
      title: 'MP15: no detach after the FSBL',
      profile: DK2,
      boot: bootFiles('mp15'),
      story: ['board mp15', 'stage rom', ...sent('0x01'), 'stage tfa', ...sent('0x03'), 'detach tfa', ...uboot],
    },
    {
      title: 'MP13: a detach after the FSBL',
      profile: 'stm32mp135f-dk',
      boot: bootFiles('mp13'),
      story: [
        'board mp13',
        'stage rom',
        ...sent('0x01'),
        'detach rom',
        'stage tfa',
        ...sent('0x03'),
        'detach tfa',
        ...uboot,
      ],
    },
    {
      title: 'MP25: two sessions of TF-A',
      profile: 'stm32mp257f-ev1',
      boot: bootFiles('mp25'),
      story: [
        'board mp23|mp25',
        'stage rom',
        ...sent('0x01'),
        'detach rom',
        'stage tfa',
        ...sent('0x02'),
        'detach tfa',
        'stage tfa',
        ...sent('0x03'),
        'detach tfa',
        ...uboot,
      ],
    },
  ])('$title', async ({ profile, boot, story }) => {
    const run = await flash(makeBench(profile), { layout: layout(boot), images: { ...boot.images, ...images } });
    expect(run.story).toEqual(story);
  });

  test('the older way, when U-Boot has the layout: it is sent once, to TF-A', async () => {
    const boot = legacyBootFiles();
    const bench = makeBench(DK2, { settings: { tfaFlavour: 'legacy', ubootFindsLayout: true } });
    const run = await flash(bench, { layout: layout(boot), images: { ...boot.images, ...images } });
    expect(run.story).toEqual([
      'board mp15',
      'stage rom',
      ...sent('0x01'),
      'stage tfa',
      ...sent('0x00'),
      ...sent('0x03'),
      'detach tfa',
      'stage uboot',
      ...sent('0x10'),
      'detach uboot',
      'result ok',
    ]);
  });

  test('every event has its time, and as soon as the board is known its serial number and port', async () => {
    const boot = bootFiles('mp15');
    const { serial } = makeBench(DK2).board;
    const { events } = await flash(makeBench(DK2, { port: '3-1.4' }), {
      layout: layout(boot),
      images: { ...boot.images, ...images },
    });
    for (const event of events) expect(event).toMatchObject({ serial, port: '3-1.4' });
    const times = events.map(({ time }) => time);
    expect(times).toEqual(times.toSorted());
    expect(times[0]).toMatch(/^2026-01-01T00:00:00\.\d{3}Z$/);
  });

  test('the result names every file with its bytes and their hash', async () => {
    const boot = bootFiles('mp15');
    const { result } = await flash(makeBench(DK2), { layout: layout(boot), images: { ...boot.images, ...images } });
    expect(result.phases.map(({ id, file, bytes }) => [id, file, bytes])).toEqual([
      ['0x01', 'tf-a.stm32', boot.images['tf-a.stm32']?.length],
      ['0x03', 'fip.bin', boot.images['fip.bin']?.length],
      ['0x10', 'card.img', 10_000],
    ]);
    for (const { sha256 } of result.phases) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(result.bytes).toBeGreaterThan(result.phases.reduce((sum, { bytes }) => sum + bytes, 0));
  });
});
