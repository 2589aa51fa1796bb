import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CommandResult } from '../../vm/guest.ts';
import { appeared, IMAGE, IMAGE_OFFSET, landed, makeBoard, plugInAll, reached, type UsbBench } from './bench.ts';

const HOST = resolve(import.meta.dirname, '../guest/webdfu.mjs');

const LAYOUT = '@FlashLayout/0x00/1*256Ke';
/** Each file with the alternate setting that takes it, up to the layout; each stage ends with a DETACH. */
const STAGES = [
  ['@FSBL /0x01/1*128Ke', 'mp13.stm32'],
  ['@SSBL /0x03/1*16Me', 'fip.bin'],
  [LAYOUT, 'mp13.tsv'],
] as const;
/** Their numbers in U-Boot's second enumeration. */
const PARTITION = '0';
const VIRTUAL = '1';

export function webdfuSuite(bench: () => UsbBench): void {
  describe('webdfu, an npm package for browsers', () => {
    const webdfu = (...args: readonly string[]): Promise<CommandResult> =>
      bench().guest.run([process.execPath, HOST, ...args], { cwd: bench().folder });

    test('takes an STM32MP13 through all its stages, and writes a partition', async () => {
      const board = makeBoard('stm32mp135f-dk');
      const plugs = await plugInAll(bench().guest, [board]);
      for (const [alternate, file] of STAGES) {
        const next = appeared(board);
        const sent = await webdfu('send', alternate, file, 'detach', alternate);
        expect(sent, sent.stderr).toMatchObject({ exitCode: 0 });
        await next;
        await plugs.settled();
      }
      const over = reached(board, 'prompt');
      const written = await webdfu('send', PARTITION, 'image.bin', 'read', VIRTUAL, 'detach', PARTITION);
      expect(written, written.stderr).toMatchObject({ exitCode: 0 });
      expect(written.stdout).toMatch(/^read fe/m);
      await over;
      expect(Buffer.compare(landed(board, IMAGE_OFFSET), IMAGE)).toBe(0);
    });

    test('fails where the ROM refuses its file, at the status after the manifest', async () => {
      const board = makeBoard('stm32mp135f-dk');
      await plugInAll(bench().guest, [board]);
      const { exitCode, stderr } = await webdfu('send', '@FSBL /0x01/1*128Ke', 'image.bin');
      expect(exitCode).toBe(1);
      // It meant to report dfuERROR there: its handling of that takes an error for a text.
      expect(stderr).toContain('error.endsWith');
      expect(board.stage).toBe('rom');
    });
  });
}
