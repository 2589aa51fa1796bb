import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { storageDevices } from '../../src/layout/geometry.ts';
import { parseLayout } from '../../src/layout/parse.ts';
import { isProgrammed } from '../../src/layout/phases.ts';
import { BOARD_PROFILES } from '../../src/simulator/profiles.ts';
import { imagesFor } from '../check/files.ts';
import { type Bench, flash, makeBench } from './harness.ts';

const FOLDER = new URL('../../layouts/', import.meta.url);
const NAMES = readdirSync(FOLDER).filter((name) => name.endsWith('.tsv'));

function landed(
  { board }: Bench,
  device: string,
  boot: 0 | 1 | 2,
  offset: number,
  length: number,
): Uint8Array | undefined {
  const card = /^mmc(\d)$/.exec(device)?.[1];
  if (card === undefined) return board.storage.mtd.get(device)?.read(offset, length);
  return board.storage.mmc.get(Number(card))?.read(boot, offset, length);
}

test('there are layouts for each board that the documentation names', () => {
  expect(NAMES.length).toBeGreaterThanOrEqual(8);
});

test.each(NAMES)('%s flashes its simulated board, and its files are on the media', async (name) => {
  const profile = BOARD_PROFILES.find((board) => name.startsWith(board.name));
  const family = profile?.chip.family;
  if (!profile || (family !== 'mp13' && family !== 'mp15' && family !== 'mp25'))
    throw new Error(`no board for ${name}`);
  const text = readFileSync(new URL(name, FOLDER), 'utf8');
  const images = imagesFor(family);
  const bench = makeBench(profile.name);
  const { result } = await flash(bench, { layout: text, images });
  expect(result).toMatchObject({ ok: true, code: 'ok' });

  const placements = storageDevices(parseLayout(text).rows).flatMap((device) =>
    device.placements.map((placement) => ({ ...placement, device: device.name })),
  );
  const written = placements.filter(({ row }) => isProgrammed(row));
  expect(written.length).toBeGreaterThan(0);
  for (const { row, device, address } of written) {
    const image = images[row.binary ?? ''] as Uint8Array;
    const boot = row.offset === 'boot1' ? 1 : row.offset === 'boot2' ? 2 : 0;
    const there = landed(bench, device, boot, address ?? 0, image.length);
    expect(Buffer.compare(there ?? new Uint8Array(0), image), `${row.name} on ${device}`).toBe(0);
  }
});
