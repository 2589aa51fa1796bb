import { describe, expect, test } from 'vitest';
import { imagesFor } from '../check/files.ts';
import { type Captured, cli, folderWith, rows } from './harness.ts';

const FSBL = '- 0x01 fsbl-boot Binary none 0x0 fsbl.stm32';
const REST = ['- 0x03 fip-boot FIP none 0x0 fip.bin', 'P 0x10 sdcard RawImage mmc0 0x0 sdcard.img'];

/** The FSBL with one byte of its payload changed. */
function damaged(): Uint8Array {
  const fsbl = imagesFor('mp15')['fsbl.stm32']?.slice() ?? new Uint8Array();
  fsbl[fsbl.length - 1] = ((fsbl[fsbl.length - 1] ?? 0) + 1) % 256;
  return fsbl;
}

function dryRun(files: Readonly<Record<string, string | Uint8Array>>, ...args: readonly string[]): Promise<Captured> {
  const cwd = folderWith({ ...imagesFor('mp15'), 'layout.tsv': rows(FSBL, ...REST), ...files });
  return cli(['flash', 'layout.tsv', '--dry-run', ...args], { cwd });
}

describe('before it sends anything, flash', () => {
  test('ends with exit 4 for an error of a file, 3 for one of the text', async () => {
    const file = await dryRun({ 'fsbl.stm32': damaged() });
    expect(file.exitCode).toBe(4);
    expect(file.stderr).toContain('error stm32-header-checksum');
    const text = await dryRun({ 'fsbl.stm32': damaged(), 'layout.tsv': rows(FSBL.replace('0x01', '5h'), ...REST) });
    expect(text.exitCode).toBe(3);
  });

  test.each([
    [
      'a comment in front of the row',
      {
        'layout.tsv': `# phaseline-disable-next-line stm32-header-checksum\n${rows(FSBL, ...REST)
          .split('\n')
          .slice(1)
          .join('\n')}`,
      },
    ],
    ['phaseline.config.json', { 'phaseline.config.json': '{"rules": {"stm32-header-checksum": "off"}}' }],
  ])('leaves out what is switched off by %s', async (_what, files) => {
    const { exitCode, stderr } = await dryRun({ 'fsbl.stm32': damaged(), ...files });
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  test('refuses a configuration that is none', async () => {
    expect((await dryRun({ 'phaseline.config.json': '{' })).exitCode).toBe(2);
  });
});
