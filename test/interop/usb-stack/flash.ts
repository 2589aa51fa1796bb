import { describe, expect, test } from 'vitest';
import type { SimulatedBoard } from '../../../src/simulator/board.ts';
import {
  eventsOf,
  IMAGE,
  IMAGE_OFFSET,
  type LayoutName,
  landed,
  makeBoard,
  phaseline,
  plugInAll,
  type UsbBench,
} from './bench.ts';

interface Way {
  readonly layout: LayoutName;
  readonly board: () => SimulatedBoard;
  readonly offset: number;
  /** The stages that the host meets, in order. */
  readonly stages: readonly string[];
  /** How often the board appears on the bus. */
  readonly enumerations: number;
}

const WAYS: Readonly<Record<string, Way>> = {
  'STM32MP15 with a FIP': {
    layout: 'mp15.tsv',
    board: () => makeBoard('stm32mp157c-dk2'),
    offset: IMAGE_OFFSET,
    stages: ['rom', 'tfa', 'uboot', 'uboot'],
    enumerations: 3, // TF-A goes on in the ROM's session
  },
  'STM32MP15 the older way': {
    layout: 'mp15-legacy.tsv',
    board: () => makeBoard('stm32mp157c-dk2', { settings: { tfaFlavour: 'legacy', ubootFindsLayout: true } }),
    offset: 0,
    stages: ['rom', 'tfa', 'uboot'],
    enumerations: 2, // and U-Boot starts with the layout that TF-A was given
  },
  STM32MP13: {
    layout: 'mp13.tsv',
    board: () => makeBoard('stm32mp135f-dk'),
    offset: IMAGE_OFFSET,
    stages: ['rom', 'tfa', 'uboot', 'uboot'],
    enumerations: 4,
  },
  STM32MP25: {
    layout: 'mp25.tsv',
    board: () => makeBoard('stm32mp257f-ev1'),
    offset: IMAGE_OFFSET,
    stages: ['rom', 'tfa', 'tfa', 'uboot', 'uboot'],
    enumerations: 5,
  },
};

export function flashSuite(bench: () => UsbBench): void {
  describe('phaseline over libusb', () => {
    test('lists a board with all that it says of itself', async () => {
      await plugInAll(bench().guest, [makeBoard('stm32mp157c-dk2', { port: '1-3' })]);
      const { stdout, exitCode } = await phaseline(bench(), ['list', '--json']);
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        boards: [
          {
            serial: '003A00273338510338303334',
            port: '1-3',
            family: 'mp15',
            deviceId: '0x500',
            stage: 'rom',
            alternates: expect.arrayContaining(['@FSBL /0x01/1*1Me']),
          },
        ],
      });
    });

    test.each(Object.entries(WAYS))('flashes %s, every byte as it should be', async (_name, way) => {
      const board = way.board();
      await plugInAll(bench().guest, [board]);
      const run = await phaseline(bench(), ['flash', way.layout, '--json', '--yes']);
      const { events, result } = eventsOf(run);
      expect(result, run.stderr).toMatchObject({ ok: true, code: 'ok' });
      expect(run.exitCode).toBe(0);
      expect(events.filter(({ event }) => event === 'stage').map(({ stage }) => stage)).toEqual(way.stages);
      expect(board.connector.enumeration).toBe(way.enumerations);
      expect(Buffer.compare(landed(board, way.offset), IMAGE)).toBe(0);
    });
  });
}
