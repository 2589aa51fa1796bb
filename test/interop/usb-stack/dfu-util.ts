import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SimulatedBoard } from '../../../src/simulator/board.ts';
import type { CommandResult } from '../../vm/guest.ts';
import type { Plugboard } from '../../vm/plugboard.ts';
import { appeared, IMAGE, IMAGE_OFFSET, landed, makeBoard, plugInAll, reached, type UsbBench } from './bench.ts';

/** What dfu-util 0.11 ends with after `-R`: the device is gone before the reset (LIBUSB_ERROR_NOT_FOUND, -5). */
const RESET_NOT_FOUND = 251;
/** EX_IOERR of sysexits.h. */
const IO_ERROR = 74;

const REFUSED = 'DFU state(10) = dfuERROR, status(14)';
const MANIFEST = 'DFU state(7) = dfuMANIFEST, status(0) = No error condition is present';

interface Step {
  readonly alternate: string;
  readonly file: string;
  /** `-R`: DETACH and a port reset, `-e`: DETACH alone; nothing where the ROM starts the image by itself. */
  readonly leave?: '-R' | '-e';
}

interface Recipe {
  readonly board: string;
  readonly steps: readonly Step[];
  readonly layout: string;
  /** The number of the alternate setting in which GetPhase is, in U-Boot's second enumeration. */
  readonly virtual: string;
}

/** Recipes of DH electronics' documentation (protocol.md §1.5). Never `-R` in U-Boot: it would reset the board. */
const RECIPES: Readonly<Record<string, Recipe>> = {
  STM32MP15: {
    board: 'stm32mp157c-dk2',
    steps: [
      { alternate: '@FSBL /0x01/1*1Me', file: 'mp15.stm32' },
      { alternate: '@Partition3 /0x03/1*16Me', file: 'fip.bin', leave: '-e' },
    ],
    layout: 'mp15.tsv',
    virtual: '1',
  },
  STM32MP13: {
    board: 'stm32mp135f-dk',
    steps: [
      { alternate: '@FSBL /0x01/1*128Ke', file: 'mp13.stm32', leave: '-R' },
      { alternate: '@SSBL /0x03/1*16Me', file: 'fip.bin', leave: '-R' },
    ],
    layout: 'mp13.tsv',
    virtual: '1',
  },
  STM32MP25: {
    board: 'stm32mp257f-ev1',
    steps: [
      { alternate: '@FSBL /0x01/1*256Ke', file: 'mp25.stm32', leave: '-R' },
      { alternate: '@DDR FIP /0x02/1*32Ke', file: 'fip-ddr.bin', leave: '-R' },
      { alternate: '@FIP /0x03/1*16Me', file: 'fip.bin', leave: '-R' },
    ],
    layout: 'mp25.tsv',
    virtual: '1',
  },
};

export function dfuUtilSuite(bench: () => UsbBench): void {
  describe('dfu-util', () => {
    const dfuUtil = (...args: readonly string[]): Promise<CommandResult> =>
      bench().guest.run(['dfu-util', ...args], { cwd: bench().folder });

    /** Sends one file, and waits for the next enumeration where the step leads to one. */
    async function send(board: SimulatedBoard, plugs: Plugboard, { alternate, file, leave }: Step): Promise<void> {
      const next = leave ? appeared(board) : reached(board, 'tfa');
      const run = await dfuUtil('-a', alternate, '-D', file, ...(leave === '-R' ? ['-R'] : []));
      expect(run.stdout, run.stderr).toContain('Done!');
      expect(run.stdout).toContain(MANIFEST);
      expect(leave === '-R' ? [0, RESET_NOT_FOUND] : [0]).toContain(run.exitCode);
      // Beside a file to send, dfu-util takes -e for the only thing to do.
      if (leave === '-e') await dfuUtil('-a', alternate, '-e');
      await next;
      await plugs.settled();
    }

    /** What GetPhase says: the reply as hex. */
    async function phase(virtual: string): Promise<string> {
      const file = '/run/phase.bin';
      expect((await dfuUtil('-a', virtual, '-U', file)).stdout).toContain('Upload done.');
      const { stdout } = await bench().guest.run(['od', '-An', '-v', '-tx1', file]);
      await bench().guest.run(['rm', file]);
      return stdout.replaceAll(/\s+/g, ' ').trim();
    }

    test.each(Object.entries(RECIPES))('loads an %s up to U-Boot and writes a partition', async (_name, recipe) => {
      const board = makeBoard(recipe.board);
      const plugs = await plugInAll(bench().guest, [board]);
      for (const step of recipe.steps) {
        const { stdout } = await dfuUtil('-l');
        expect(stdout).toContain(`name="${step.alternate}", serial="${board.serial}"`);
        await send(board, plugs, step);
      }
      await send(board, plugs, { alternate: '@FlashLayout/0x00/1*256Ke', file: recipe.layout, leave: '-e' });
      expect(await phase(recipe.virtual)).toMatch(/^10 /);
      const written = await dfuUtil('-a', '0', '-D', 'image.bin');
      expect(written.stdout, written.stderr).toContain('Done!');
      expect(await phase(recipe.virtual)).toMatch(/^fe /);
      const over = reached(board, 'prompt');
      await dfuUtil('-a', '0', '-e');
      await over;
      expect(Buffer.compare(landed(board, IMAGE_OFFSET), IMAGE)).toBe(0);
    });

    test('shows a ROM that refuses its file: dfuERROR behind dfuMANIFEST, and yet "Done!"', async () => {
      const board = makeBoard('stm32mp157c-dk2');
      await plugInAll(bench().guest, [board]);
      const { stdout } = await dfuUtil('-a', '@FSBL /0x01/1*1Me', '-D', 'image.bin');
      expect(stdout).toContain(`${MANIFEST}\n${REFUSED}`);
      expect(board.stage).toBe('rom');
    });

    test('shows an FSBL that dies at its start: the device stays listed and answers no more', async () => {
      const board = makeBoard('stm32mp157c-dk2', { faults: ['no-usb'] });
      await plugInAll(bench().guest, [board]);
      const { stdout, stderr, exitCode } = await dfuUtil('-a', '@FSBL /0x01/1*1Me', '-D', 'mp15.stm32');
      expect(stdout).toContain(MANIFEST);
      expect(stderr).toContain('LIBUSB_ERROR_TIMEOUT');
      expect(exitCode).toBe(IO_ERROR);
      const { stdout: listed } = await bench().guest.run(['lsusb', '-d', '0483:df11']);
      expect(listed).toContain('0483:df11');
    });

    test('is stalled by TF-A for a FIP that is none, and GetPhase says why', async () => {
      const board = makeBoard('stm32mp157c-dk2');
      const plugs = await plugInAll(bench().guest, [board]);
      await send(board, plugs, { alternate: '@FSBL /0x01/1*1Me', file: 'mp15.stm32' });
      const { stderr, exitCode } = await dfuUtil('-a', '@Partition3 /0x03/1*16Me', '-D', 'image.bin');
      expect(stderr).toContain('Error sending completion packet (LIBUSB_ERROR_PIPE)');
      expect(exitCode).toBe(IO_ERROR);
      const text = [...'FIP Header check failed'].map((letter) => letter.charCodeAt(0).toString(16)).join(' ');
      expect(await phase('5')).toMatch(new RegExp(`^ff .*${text}`));
    });

    test('is told "Done!" for a layout that U-Boot cannot read; GetPhase alone tells', async () => {
      const board = makeBoard('stm32mp135f-dk');
      const plugs = await plugInAll(bench().guest, [board]);
      for (const step of RECIPES.STM32MP13!.steps) await send(board, plugs, step);
      writeFileSync(join(bench().folder, 'bad.tsv'), 'P\t0x10\tdata\tNonsense\tmmc0\t0x80000\timage.bin\n');
      const { stdout, exitCode } = await dfuUtil('-a', '@FlashLayout/0x00/1*256Ke', '-D', 'bad.tsv');
      expect(stdout).toContain('Done!');
      expect(exitCode).toBe(0);
      expect(await phase('1')).toMatch(/^ff /);
    });
  });
}
