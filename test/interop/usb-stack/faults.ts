import { describe, expect, test } from 'vitest';
import { DFU_REQUEST } from '../../../src/dfu/constants.ts';
import type { SimulatedBoard } from '../../../src/simulator/board.ts';
import {
  type BoardOptions,
  eventsOf,
  IMAGE,
  IMAGE_OFFSET,
  landed,
  makeBoard,
  phaseline,
  plugInAll,
  reached,
  startPhaseline,
  type UsbBench,
} from './bench.ts';

const DNLOAD = { requestType: 0x21, request: DFU_REQUEST.DNLOAD };

/** Any deadline ends sooner than that, on a busy machine as well. */
const NAK_SECONDS = 90;
const NAK = `nak ${NAK_SECONDS}000 at phase 0x01 block 3`;

/** Pulls the cable when U-Boot is told that the image is complete. */
function unplugAtManifest(board: SimulatedBoard): void {
  const { connector } = board;
  let dataBlocks = 0;
  connector.intercept = ({ setup }, proceed) => {
    if (board.stage === 'uboot' && setup.requestType === DNLOAD.requestType && setup.request === DNLOAD.request) {
      if (setup.length > 0) dataBlocks += 1;
      // The layout is one block, and has a manifest of its own.
      else if (dataBlocks > 2) connector.unplug();
    }
    return proceed();
  };
}

/** Pulls the cable when the ROM has started what it was given. */
function unplugAfterRom(board: SimulatedBoard): void {
  board.onStage((stage) => {
    if (stage === 'tfa') board.connector.unplug();
  });
}

export function faultSuite(bench: () => UsbBench): void {
  describe('what goes wrong on the bus', () => {
    async function flashBroken(
      options: BoardOptions & { readonly name?: string; readonly break?: (board: SimulatedBoard) => void },
    ) {
      const { name = 'stm32mp157c-dk2', ...rest } = options;
      const board = makeBoard(name, rest);
      options.break?.(board);
      await plugInAll(bench().guest, [board]);
      const layout = name === 'stm32mp135f-dk' ? 'mp13.tsv' : 'mp15.tsv';
      const run = await phaseline(bench(), ['flash', layout, '--json']);
      return { ...run, ...eventsOf(run), board };
    }

    test.each([
      ['a cable pulled in the middle of a block', { faults: ['unplug at phase 0x10 byte 100000'] }, 7, 'usb/gone'],
      ['a cable pulled during the manifest', { break: unplugAtManifest }, 7, 'usb/gone'],
      ['a cable pulled between two stages', { name: 'stm32mp135f-dk', break: unplugAfterRom }, 7, 'board/lost'],
      ['a stalled block', { faults: ['stall at phase 0x10 block 9'] }, 6, 'usb/stall'],
      ['a request that is NAKed for longer than its time', { faults: [NAK] }, 7, 'usb/timeout'],
    ] as const)('%s', async (_name, options, exitCode, code) => {
      const { result, stderr, ...run } = await flashBroken(options);
      expect(result, stderr).toMatchObject({ ok: false, exitCode, code });
      expect(run.exitCode).toBe(exitCode);
      expect(result.seconds).toBeLessThan(NAK_SECONDS);
      expect(result.phases).toContainEqual(expect.objectContaining({ id: '0x10', complete: false }));
      expect(stderr).not.toContain('    at ');
    });

    test('Ctrl-C in the middle of an image resets the board, which is free for the next job', async () => {
      const board = makeBoard('stm32mp157c-dk2', { settings: { blockMs: 100 } });
      const plugs = await plugInAll(bench().guest, [board]);
      const running = startPhaseline(bench(), ['flash', 'mp15.tsv', '--json']);
      await running.printed('"id":"0x10"');
      const back = reached(board, 'rom');
      running.kill('SIGINT');
      const run = await running.result;
      expect(run.exitCode, run.stderr).toBe(130);
      expect(eventsOf(run).result).toMatchObject({ ok: false, code: 'interrupted/sigint' });
      await back;
      await plugs.settled();
      const listed = await phaseline(bench(), ['list', '--json']);
      const { boards } = JSON.parse(listed.stdout) as { readonly boards: readonly object[] };
      expect(boards).toMatchObject([{ stage: 'rom', serial: board.serial }]);
      expect(boards[0]).not.toHaveProperty('error');
    });

    test('a board that comes back on another port is followed there', async () => {
      const { result, events, stderr, board } = await flashBroken({ faults: ['port 1-7 after fip'] });
      expect(result, stderr).toMatchObject({ ok: true, port: '1-7' });
      expect(events.find(({ event }) => event === 'board')).toMatchObject({ port: '1-1' });
      expect(board.stage).toBe('prompt');
    });

    test('a cable that is out and in within an image: the job goes on behind the last block that was taken', async () => {
      const { result, events, stderr, board } = await flashBroken({
        faults: ['unplug for 1500 at phase 0x10 byte 100000'],
      });
      expect(result, stderr).toMatchObject({ ok: true });
      expect(events.filter(({ about }) => about === 'replug')).toHaveLength(2);
      expect(Buffer.compare(landed(board, IMAGE_OFFSET), IMAGE)).toBe(0);
    });

    test('a cable that is put back in time does no harm between stages', async () => {
      const replug = (board: SimulatedBoard) =>
        void board.onStage((stage) => {
          if (stage !== 'uboot') return;
          board.connector.unplug();
          setTimeout(() => board.connector.plug(), 2_000);
        });
      const board = makeBoard('stm32mp157c-dk2');
      replug(board);
      await plugInAll(bench().guest, [board]);
      const run = await phaseline(bench(), ['flash', 'mp15.tsv', '--json']);
      expect(eventsOf(run).result, run.stderr).toMatchObject({ ok: true });
      expect(Buffer.compare(landed(board, IMAGE_OFFSET), IMAGE)).toBe(0);
    });
  });
}
