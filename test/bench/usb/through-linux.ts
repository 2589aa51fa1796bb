import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makePattern } from '../../image/make.ts';
import {
  IMAGE_OFFSET,
  makeBoard,
  makeImages,
  plugInAll,
  pullAll,
  type UsbBench,
} from '../../interop/usb-stack/bench.ts';
import { bootGuest } from '../../vm/guest.ts';
import { dfuUtil, type GuestHost, phaselineWith } from './guest-hosts.ts';
import { type WatchedDownload, watchDownload } from './watch-download.ts';

const IMAGE = makePattern(2 ** 20, 11);
/** The board takes twice what the slowest host needs for a block by itself, and this at the least: all can follow. */
const LEAST_BLOCK_MS = 12;
const HOSTS: readonly (readonly [name: string, host: GuestHost])[] = [
  ['dfu-util', dfuUtil],
  ['phaseline --window 1', phaselineWith('--window', '1')],
  ['phaseline', phaselineWith()],
];

export interface GuestRow {
  readonly host: string;
  /** From block to block when the board takes no time: what this host needs by itself. */
  readonly hostMs: number;
  readonly blockMs: number;
  readonly seconds: number;
  readonly ratioToFloor: number;
  readonly idlePercent: number;
}

/** Flashes the same partition with one host after the other, in one boot, the board served from outside the guest. */
export async function throughLinux(): Promise<readonly GuestRow[]> {
  const images = makeImages();
  writeFileSync(join(images.folder, 'image.bin'), IMAGE);
  const guest = await bootGuest();
  const bench = { guest, folder: images.folder };
  try {
    const unpaced = new Map<string, number>();
    for (const [name, host] of HOSTS) {
      const { elapsedMs, blocks } = await flashOnce(bench, host, 0);
      unpaced.set(name, elapsedMs / blocks);
    }
    const blockMs = Math.max(LEAST_BLOCK_MS, Math.ceil(2 * Math.max(...unpaced.values())));
    const rows: GuestRow[] = [];
    for (const [name, host] of HOSTS) {
      const { blocks, elapsedMs, idleMs } = await flashOnce(bench, host, blockMs);
      rows.push({
        host: name,
        hostMs: unpaced.get(name) ?? Number.NaN,
        blockMs,
        seconds: elapsedMs / 1000,
        ratioToFloor: elapsedMs / (blocks * blockMs),
        idlePercent: (100 * idleMs) / elapsedMs,
      });
    }
    return rows;
  } finally {
    await pullAll();
    await guest.close();
    images.remove();
  }
}

async function flashOnce(bench: UsbBench, host: GuestHost, blockMs: number): Promise<WatchedDownload> {
  const board = makeBoard('stm32mp157c-dk2', { settings: { blockMs } });
  const watched = watchDownload(board, IMAGE.length);
  const plugs = await plugInAll(bench.guest, [board]);
  await host(bench, { board, plugs });
  const landed = board.storage.mmc.get(0)?.read(0, IMAGE_OFFSET, IMAGE.length);
  const download = watched();
  await pullAll();
  if (!download) throw new Error('the board saw no download of the image');
  if (!landed || Buffer.compare(landed, IMAGE) !== 0) throw new Error('the image did not land on the card');
  return download;
}
