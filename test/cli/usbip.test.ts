import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { realClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { SimulatedBoard } from '../../src/simulator/board.ts';
import { boardProfile } from '../../src/simulator/profiles.ts';
import { serveBoards } from '../../src/simulator/server.ts';
import { makeFip, makeFsbl, makeGptImage } from '../image/make.ts';
import { cli, folderWith, rows } from './harness.ts';

const SERIALS = ['003A00273338510338303334', '003A00273338510338303335'] as const;

/** Boards on a USB/IP server of this test's own; what to give to `--bus`. */
async function serve(count: number) {
  const boards = SERIALS.slice(0, count).map(
    (serial, index) =>
      new SimulatedBoard({
        profile: boardProfile('stm32mp157c-dk2'),
        clock: realClock,
        serial,
        port: `1-${index + 1}`,
      }),
  );
  const server = await serveBoards({ boards, host: '127.0.0.1', port: 0, log: silentLog });
  onTestFinished(async () => {
    await server.close();
    for (const board of boards) board.close();
  });
  for (const board of boards) board.powerOn();
  return { boards, server, bus: `usbip://127.0.0.1:${server.port}` };
}

function flashFolder(): string {
  return folderWith({
    'layout.tsv': rows(
      '- 0x01 fsbl-boot Binary none 0x0 fsbl.stm32',
      '- 0x03 fip-boot FIP none 0x0 fip.bin',
      'P 0x10 sdcard RawImage mmc0 0x0 sdcard.img',
    ),
    'fsbl.stm32': makeFsbl({ family: 'mp15' }),
    'fip.bin': makeFip(),
    'sdcard.img': makeGptImage({ diskBytes: 4 * 2 ** 20 }),
  });
}

const onRealClock = { clock: realClock };

describe('over USB/IP', () => {
  test('list shows each board with serial, port, family and stage', async () => {
    const { bus } = await serve(2);
    await realClock.sleep(300);
    const { stdout, exitCode } = await cli(['list', '--bus', bus, '--json'], onRealClock);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      boards: SERIALS.map((serial, index) => ({
        serial,
        port: `1-${index + 1}`,
        family: 'mp15',
        deviceId: '0x500',
        stage: 'rom',
        alternates: expect.arrayContaining(['@FSBL /0x01/1*1Me']),
      })),
    });
  });

  test('of two boards none is guessed, and the one that is named is flashed', async () => {
    const { bus, boards } = await serve(2);
    await realClock.sleep(300);
    const layout = join(flashFolder(), 'layout.tsv');
    const guessed = await cli(['flash', layout, '--bus', bus, '--json'], onRealClock);
    expect(guessed.exitCode).toBe(5);
    expect(guessed.lines().at(-1)).toMatchObject({
      code: 'board/several',
      message: expect.stringContaining(SERIALS[1]),
    });
    const named = await cli(
      ['flash', layout, '--bus', bus, '--device', `serial:${SERIALS[1]}`, '--quiet'],
      onRealClock,
    );
    expect(named).toMatchObject({ exitCode: 0, stderr: '' });
    await expect.poll(() => boards.map(({ stage }) => stage)).toEqual(['rom', 'prompt']);
  });

  test('no board: exit 5; a board that comes within --wait is flashed', async () => {
    const { bus, boards } = await serve(1);
    boards[0]?.powerOff();
    const layout = join(flashFolder(), 'layout.tsv');
    const none = await cli(['flash', layout, '--bus', bus], onRealClock);
    expect(none).toMatchObject({ exitCode: 5, stderr: expect.stringContaining(`no STM32 MPU board found on ${bus}`) });
    const waiting = cli(['flash', layout, '--bus', bus, '--wait', '20'], onRealClock);
    await realClock.sleep(500);
    boards[0]?.powerOn();
    expect(await waiting).toMatchObject({ exitCode: 0 });
  });

  test('no server: exit 5', async () => {
    const { bus, server } = await serve(1);
    await server.close();
    const { exitCode, stderr } = await cli(['list', '--bus', bus], onRealClock);
    expect(exitCode).toBe(5);
    expect(stderr).toMatch(/no USB\/IP server at 127\.0\.0\.1:\d+.*\[usb\/no-bus\]/);
  });
});
