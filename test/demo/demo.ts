/**
 * `npm run demo`: a simulated STM32MP157C-DK2 on USB/IP, a small SD card image, one flash through the
 * real command line, and the card compared with the image.
 */
import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { makeFip, makeFsbl, makeGptImage } from '../image/make.ts';
import { startSimulator } from '../suites/phaseline.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const MIB = 2 ** 20;

const folder = mkdtempSync(join(tmpdir(), 'phaseline-demo-'));
const say = (text: string) => process.stdout.write(`${text}\n`);

function sha256(path: string, length: number): string {
  const file = openSync(path, 'r');
  const data = new Uint8Array(length);
  const read = readSync(file, data, 0, length, 0);
  closeSync(file);
  return createHash('sha256').update(data.subarray(0, read)).digest('hex');
}

try {
  const card = makeGptImage({
    diskBytes: 24 * MIB,
    partitions: [
      { name: 'fsbl1', offset: 17 * 1024, data: makeFsbl({ family: 'mp15', payloadBytes: 120_000 }) },
      { name: 'fip', offset: 529 * 1024, data: makeFip() },
      {
        name: 'rootfs',
        offset: 5 * MIB,
        data: Uint8Array.from({ length: 18 * MIB }, (_, i) => (i * 2654435761) >>> 24),
      },
    ],
  });
  writeFileSync(join(folder, 'fsbl.stm32'), makeFsbl({ family: 'mp15', payloadBytes: 120_000 }));
  writeFileSync(join(folder, 'fip.bin'), makeFip());
  writeFileSync(join(folder, 'sdcard.img'), card);

  const simulator = await startSimulator(['stm32mp157c-dk2', '--storage', join(folder, 'board')]);
  say(`a simulated STM32MP157C-DK2 listens on ${simulator.bus}`);
  const layout = join('layouts', 'stm32mp157c-dk2-sdcard.tsv');
  const args = ['flash', layout, '--images', folder, '--bus', simulator.bus];
  say(`phaseline ${args.join(' ')}\n`);
  const flash = await execa(process.execPath, [join('bin', 'phaseline.js'), ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    reject: false,
  });
  await simulator.stop();

  const image = sha256(join(folder, 'sdcard.img'), card.length);
  const landed = sha256(join(folder, 'board', 'mmc0.img'), card.length);
  say(`\nsha256 of the image          ${image}`);
  say(`sha256 of the simulated card ${landed}`);
  const same = flash.exitCode === 0 && image === landed;
  say(same ? 'They are equal.' : 'THEY DIFFER.');
  process.exitCode = same ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
