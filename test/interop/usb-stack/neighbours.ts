import { describe, expect, test } from 'vitest';
import type { Setup } from '../../../src/simulator/gadget.ts';
import { eventsOf, IMAGE, IMAGE_OFFSET, landed, makeBoard, phaseline, plugInAll, type UsbBench } from './bench.ts';
import { startClaimer } from './claimer.ts';
import { microcontroller } from './microcontroller.ts';

const SECOND_SERIAL = '003A00273338510338303335';
/** Somebody who may not open a device node of root's. */
const SOMEBODY = 1000;

const isRead = ({ requestType, request }: Setup) => requestType === 0x80 && request === 6; // GET_DESCRIPTOR

export function neighbourSuite(bench: () => UsbBench): void {
  describe('a board that is not alone', () => {
    test('with two boards and no --device nothing is guessed; with one the other is left alone', async () => {
      const boards = [
        makeBoard('stm32mp157c-dk2', { port: '1-1' }),
        makeBoard('stm32mp157c-dk2', { port: '1-2', serial: SECOND_SERIAL }),
      ] as const;
      await plugInAll(bench().guest, boards);
      const guess = await phaseline(bench(), ['flash', 'mp15.tsv', '--json']);
      expect(eventsOf(guess).result).toMatchObject({ ok: false, code: 'board/several', bytes: 0 });
      expect(guess.exitCode).toBe(5);
      for (const device of [`serial:${SECOND_SERIAL}`, 'port:1-1']) expect(guess.stdout).toContain(device);
      expect(boards.map(({ stage }) => stage)).toEqual(['rom', 'rom']);

      const named = await phaseline(bench(), ['flash', 'mp15.tsv', '--json', '--device', `serial:${SECOND_SERIAL}`]);
      expect(eventsOf(named).result, named.stderr).toMatchObject({ ok: true, port: '1-2' });
      expect(boards[0].stage).toBe('rom');
      expect(Buffer.compare(landed(boards[1], IMAGE_OFFSET), IMAGE)).toBe(0);
    });

    test('microcontrollers in DFU mode beside it are listed as other, never counted, and at most read', async () => {
      const board = makeBoard('stm32mp157c-dk2', { port: '1-2' });
      const telling = microcontroller('1-1', 0x2200);
      const likeBoard = microcontroller('1-3', 0x0200); // only its product string tells it from a board
      await plugInAll(bench().guest, [board], [telling, likeBoard]);
      const fromKernel = [telling.requests.length, likeBoard.requests.length] as const;
      const expectUntouched = () => {
        expect(telling.requests.slice(fromKernel[0])).toEqual([]);
        expect(likeBoard.requests.slice(fromKernel[1]).filter((setup) => !isRead(setup))).toEqual([]);
      };
      const flashed = await phaseline(bench(), ['flash', 'mp15.tsv', '--json']);
      expect(eventsOf(flashed).result, flashed.stderr).toMatchObject({ ok: true, port: '1-2' });
      expect(likeBoard.requests.length).toBeGreaterThan(fromKernel[1]);
      expectUntouched();

      board.close();
      const listed = await phaseline(bench(), ['list', '--json']);
      const { boards } = JSON.parse(listed.stdout) as { boards: { readonly port: string; readonly family: string }[] };
      expect(boards.map(({ port, family }) => [port, family]).sort()).toEqual([
        ['1-1', 'other'],
        ['1-3', 'other'],
      ]);
      const alone = await phaseline(bench(), ['flash', 'mp15.tsv', '--json']);
      expect(eventsOf(alone).result).toMatchObject({ ok: false, exitCode: 5, code: 'board/none' });
      expectUntouched();
    });

    test('a user who may not open it is told so, and of the udev rule', async () => {
      await plugInAll(bench().guest, [makeBoard('stm32mp157c-dk2')]);
      const run = await phaseline(bench(), ['flash', 'mp15.tsv', '--json'], { uid: SOMEBODY });
      const { result } = eventsOf(run);
      expect(result, run.stderr).toMatchObject({ ok: false, code: 'usb/access' });
      expect(result.hint).toMatch(/udev rule/);
      expect(run.exitCode).toBe(5);
    });

    test('a board that another program has claimed is busy, and can be flashed when that ends', async () => {
      await plugInAll(bench().guest, [makeBoard('stm32mp157c-dk2')]);
      const claimer = await startClaimer(bench().guest);
      const busy = await phaseline(bench(), ['flash', 'mp15.tsv', '--json']);
      expect(eventsOf(busy).result).toMatchObject({ ok: false, code: 'usb/busy' });
      expect(busy.exitCode).toBe(5);
      claimer.kill('SIGKILL');
      await claimer.result;
      const free = await phaseline(bench(), ['flash', 'mp15.tsv', '--json']);
      expect(eventsOf(free).result, free.stderr).toMatchObject({ ok: true });
    });
  });
}
