import { describe, expect, test } from 'vitest';
import { simulatedBus } from '../../src/simulator/bus.ts';
import { makeFsbl, makePattern } from '../image/make.ts';
import { bench, bootToUboot, follow, sendImage, sendLayout, type Bench as WireBench } from '../simulator/flash.ts';
import { type FlashRun, flash } from './harness.ts';
import { bootFiles, layoutText } from './layouts.ts';

const DK2 = 'stm32mp157c-dk2';
const BOOT = bootFiles('mp15');
const CARD = makePattern(30_000, 21);
const DATA = makePattern(9_000, 22);
const OURS = ['P 0x10 card FileSystem mmc0 0x4400 card.img', 'P 0x11 data FileSystem mmc0 0x104400 data.img'];
const FOREIGN = ['P 0x10 other FileSystem mmc0 0x4400 card.img', 'P 0x11 data FileSystem mmc0 0x104400 data.img'];
const OTHER_SIZE = ['P 0x10 card FileSystem mmc0 0x4400 card.img', 'P 0x11 data FileSystem mmc0 0x204400 data.img'];
/** GetPhase of the wire's host: the virtual alternate setting behind two partitions. */
const VIRTUAL = 2;

/** What an earlier host did to the board, request by request. */
type Earlier = (at: WireBench) => Promise<unknown>;

const layoutBytes = (rows: readonly string[]) => new TextEncoder().encode(layoutText(...rows));

async function loadLayout({ host }: WireBench, rows: readonly string[]): Promise<void> {
  await host.send(0, layoutBytes(rows), 4096);
  await host.getStatus();
}

const secondEnumeration =
  (rows: readonly string[]): Earlier =>
  async (at) => {
    await bootToUboot(at);
    await sendLayout(at, layoutText(...rows));
  };

const then =
  (first: Earlier, next: Earlier): Earlier =>
  async (at) => {
    await first(at);
    await next(at);
  };

/** SetPhase: id and big-endian offset to the virtual alternate setting. protocol.md §4.2. */
const setPhase =
  (phase: number, offset: number): Earlier =>
  async ({ host }) => {
    await host.send(VIRTUAL, Uint8Array.of(phase, 0, 0, offset >> 8, offset & 0xff));
    await host.getStatus();
  };

interface Joined extends FlashRun {
  readonly at: WireBench;
}

async function join(earlier: Earlier, profile = DK2): Promise<Joined> {
  const at = await bench(profile);
  await earlier(at);
  await at.host.device?.close();
  const { clock, board } = at;
  const boot = profile === DK2 ? BOOT : bootFiles(board.profile.chip.family);
  const run = await flash(
    { clock, board, bus: simulatedBus([board], clock) },
    {
      layout: layoutText(...boot.rows, ...OURS),
      images: { ...boot.images, 'card.img': CARD, 'data.img': DATA },
    },
  );
  return { ...run, at };
}

function expectFlashed({ result, at }: Joined): void {
  expect(result).toMatchObject({ ok: true, code: 'ok' });
  const card = at.board.storage.mmc.get(0);
  expect(card?.read(0, 0x4400, CARD.length)).toEqual(CARD);
  expect(card?.read(0, 0x104400, DATA.length)).toEqual(DATA);
  expect(at.board.stage).toBe('prompt');
}

describe('a board that is already further on', () => {
  test.each<[string, Earlier]>([
    ['in U-Boot without a layout', bootToUboot],
    ['in U-Boot with the same layout, not yet detached', then(bootToUboot, (at) => loadLayout(at, OURS))],
    ['in U-Boot with a foreign layout, not yet detached', then(bootToUboot, (at) => loadLayout(at, FOREIGN))],
    ['in U-Boot after the same layout, nothing sent', secondEnumeration(OURS)],
  ])('%s: is flashed from there', async (_, earlier) => {
    const joined = await join(earlier);
    expectFlashed(joined);
    expect(joined.story[1]).toBe('stage uboot');
    expect(joined.story).not.toContain('stage rom');
    expect(joined.story).not.toContain('phase 0x01');
  });

  test.each<[string, Earlier]>([
    ['foreign names', secondEnumeration(FOREIGN)],
    ['foreign sizes', secondEnumeration(OTHER_SIZE)],
    ['more partitions than ours', secondEnumeration([...OURS, 'P 0x12 more FileSystem mmc0 0x204400 more.img'])],
    ['the second phase asked for', then(secondEnumeration(OURS), (at) => sendImage(at, 0, DATA))],
    [
      'everything done (0xFE)',
      then(
        then(secondEnumeration(OURS), (at) => sendImage(at, 0, DATA)),
        (at) => sendImage(at, 1, DATA),
      ),
    ],
    ['an offset left by SetPhase', then(secondEnumeration(OURS), setPhase(0x10, 0x1000))],
    [
      'an error pending (0xFF)',
      then(secondEnumeration(OURS), async ({ host }) => {
        await host.select(0);
        await host.download(5, DATA.subarray(0, 512));
      }),
    ],
    [
      'a layout that it refused in the second step (0xFF)',
      secondEnumeration(['P 0x10 emmc RawImage mmc1 0x0 card.img']),
    ],
  ])('in U-Boot with %s: is reset, and flashed from its ROM', async (_, earlier) => {
    const joined = await join(earlier);
    expectFlashed(joined);
    const [, first, warning, detach, , rom] = joined.story;
    expect([first, detach, rom]).toEqual(['stage uboot', 'detach uboot', 'stage rom']);
    expect(warning).toMatch(/^warning .*; the board is told to reset$/);
  });

  test('in U-Boot with half of the first file: is reset, and flashed from its ROM', async () => {
    const half: Earlier = async ({ host }) => {
      await host.select(0);
      await host.download(0, DATA.subarray(0, 4096));
      await host.getStatus();
    };
    const joined = await join(then(secondEnumeration(OURS), half));
    expectFlashed(joined);
    expect(joined.story.filter((event) => event.startsWith('stage'))).toContain('stage rom');
  });

  test('in U-Boot with a layout whose text it refused: cannot be used, and is left to the power switch', async () => {
    const refused = ['P 0x10 card FileSystem mmc0 nowhere card.img'];
    const { result, story, at } = await join(then(bootToUboot, (wire) => loadLayout(wire, refused)));
    expect(result).toMatchObject({ ok: false, code: 'board/foreign-session', exitCode: 6, bytes: 0 });
    expect(result.message).toContain("Layout line 1: invalid offset 'nowhere'");
    // Its DETACH would only end the session, without a reset.
    expect(story).not.toContain('detach uboot');
    expect(at.board.stage).toBe('uboot');
  });

  test('in TF-A, nothing sent: is flashed from there', async () => {
    const joined = await join(async ({ host }) => {
      await host.send(1, makeFsbl({ family: 'mp15' }));
      await host.getState();
    });
    expectFlashed(joined);
    expect(joined.story[1]).toBe('stage tfa');
  });

  test.each<[string, string, number, number, string]>([
    ['STM32MP15', DK2, 1, 3, '0xC7000400'],
    ['STM32MP13', 'stm32mp135f-dk', 0, 0, '0xC7000400'],
    ['STM32MP25', 'stm32mp257f-ev1', 0, 0, '0x0E000400'],
  ])(
    '%s in TF-A with half of a FIP: cannot be used, and nothing is sent',
    async (_, profile, fsblAt, fipAt, pointer) => {
      const { result, story } = await join(async (at) => {
        const { host, board } = at;
        await host.send(fsblAt, makeFsbl({ family: board.profile.chip.family }));
        if (profile === DK2) await host.getState();
        else {
          await host.getStatus();
          await follow(at);
        }
        await host.select(fipAt);
        await host.download(0, DATA.subarray(0, 1024));
        await host.getStatus();
      }, profile);
      expect(result).toMatchObject({ ok: false, exitCode: 6, code: 'board/foreign-session', bytes: 0 });
      expect(result.message).toContain(pointer);
      expect(story.filter((event) => event.startsWith('phase'))).toEqual([]);
    },
  );
});
