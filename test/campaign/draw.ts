import type { Extent } from '../../src/base/bytes.ts';
import type { BoardSettings } from '../../src/simulator/hardware.ts';
import { type BoardProfile, boardProfile } from '../../src/simulator/profiles.ts';
import type { StorageSpec } from '../../src/simulator/storage/spec.ts';
import { bootFiles, layoutText, legacyBootFiles } from '../flash/layouts.ts';
import { makePattern } from '../image/make.ts';
import { drawFaults } from './draw-faults.ts';
import type { Random } from './random.ts';

const KIB = 1024;
const MIB = 2 ** 20;

/** An image, and what of it is mapped; all of it when absent. */
export interface DrawnImage {
  readonly data: Uint8Array;
  readonly mapped?: readonly Extent[];
}

/** A row of a partition and its image; rows without one are not written. */
export interface DrawnRow {
  readonly id: number;
  readonly text: string;
  readonly file: string;
  readonly offset: number;
  readonly name: string;
  readonly image?: DrawnImage;
}

/** Everything about one job, from its seed. */
export interface DrawnJob {
  readonly profile: BoardProfile;
  readonly settings: Partial<BoardSettings>;
  readonly layout: string;
  readonly bootImages: Readonly<Record<string, Uint8Array>>;
  readonly rows: readonly DrawnRow[];
  readonly faults: readonly string[];
  readonly window: number;
  /** Another board on the same bus, which is not named. */
  readonly neighbour: boolean;
  /** The ids that a second job writes, with the faults; the first one then has none. */
  readonly only: readonly number[] | undefined;
}

const STORAGE: StorageSpec = {
  mmc: {
    0: { kind: 'sd', sizeBytes: 64 * MIB, bootBytes: 0, eraseGroupBytes: 512 },
    1: { kind: 'emmc', sizeBytes: 64 * MIB, bootBytes: MIB, eraseGroupBytes: 512 * KIB },
  },
  mtd: {},
};

const CHIPS = {
  mp13: 'stm32mp135f-dk',
  mp15: 'stm32mp157c-dk2',
  mp21: 'stm32mp215f-dk',
  mp23: 'stm32mp235f-dk',
  mp25: 'stm32mp257f-ev1',
} as const;

export function drawJob(random: Random): DrawnJob {
  const family = random.pick(['mp13', 'mp15', 'mp21', 'mp23', 'mp25'] as const);
  const legacy = family === 'mp15' && random.chance(40);
  const boot = legacy ? legacyBootFiles() : bootFiles(family);
  const device = random.pick(['mmc0', 'mmc1'] as const);
  const rows = random.chance(25) ? [rawImage(random, device)] : partitions(random, device);
  const written = rows.filter(({ image }) => image);
  return {
    profile: { ...boardProfile(CHIPS[family]), storage: STORAGE },
    settings: legacy ? { tfaFlavour: 'legacy', ubootFindsLayout: random.chance(50) } : {},
    layout: layoutText(...boot.rows, ...rows.map(({ text }) => text)),
    bootImages: boot.images,
    rows,
    faults: drawFaults(random, device, written),
    window: random.pick([1, 2, 7, 16, 64]),
    neighbour: random.chance(30),
    only: rows.length > 1 && written.length > 0 && random.chance(30) ? [random.pick(written).id] : undefined,
  };
}

function rawImage(random: Random, device: string): DrawnRow {
  const option = random.pick(['P', 'P', 'PD']);
  const text = `${option} 0x10 disk RawImage ${device} 0x0 0x10.img`;
  return { id: 0x10, text, file: `${device}.img`, offset: 0, name: '0x10.img', image: drawImage(random, 2 * MIB) };
}

function partitions(random: Random, device: 'mmc0' | 'mmc1'): DrawnRow[] {
  const rows: DrawnRow[] = [];
  if (device === 'mmc1' && random.chance(70)) rows.push(bootPartition(random, 1), bootPartition(random, 2));
  let offset = device === 'mmc0' ? 0x4400 : 0x80000;
  const count = random.int(1, 5);
  for (let index = 0; index < count; index += 1) {
    const id = 0x10 + index;
    const sizeBytes = random.int(1, 4) * 512 * KIB;
    const option = random.pick(['P', 'P', 'P', 'PD', 'PE', 'PED']);
    const type = random.pick(['Binary', 'FileSystem', 'System']);
    const name = `0x${id.toString(16)}.img`;
    const text = `${option} 0x${id.toString(16)} part${index} ${type} ${device} 0x${offset.toString(16)} ${name}`;
    const image = option.includes('E') ? {} : { image: drawImage(random, sizeBytes) };
    rows.push({ id, text, file: `${device}.img`, offset, name, ...image });
    offset += sizeBytes;
  }
  return rows;
}

function bootPartition(random: Random, number: 1 | 2): DrawnRow {
  const id = 3 + number;
  const name = `0x0${id}.img`;
  const text = `P 0x0${id} fsbl${number} Binary mmc1 boot${number} ${name}`;
  const image = { data: makePattern(random.int(1, 100_000), random.int(1, 1e6)) };
  return { id, text, file: `mmc1boot${number}.img`, offset: 0, name, image };
}

/** Mostly small; sizes around blocks, sectors and transfers are more likely than others. */
function drawImage(random: Random, most: number): DrawnImage {
  const size = Math.min(most, random.pick([random.int(1, 20_000), random.int(1, most), edge(random)]));
  const data = makePattern(size, random.int(1, 1e6));
  return random.chance(30) ? { data, mapped: drawExtents(random, data) } : { data };
}

function edge(random: Random): number {
  return Math.max(1, random.pick([512, 4096, 8192, 65_536, 262_144]) + random.int(-1, 1));
}

/** Up to four ranges of whole sectors; what lies outside of them is zero in the image, as its reader would give it. */
function drawExtents(random: Random, data: Uint8Array): readonly Extent[] {
  const sectors = Math.ceil(data.length / 512);
  const cuts = new Set(Array.from({ length: 2 * random.int(1, 4) }, () => random.int(0, sectors)));
  const ends = [...cuts].toSorted((a, b) => a - b);
  const extents: Extent[] = [];
  for (let at = 0; at + 1 < ends.length; at += 2) {
    const offset = (ends[at] as number) * 512;
    extents.push({ offset, length: Math.min(data.length, (ends[at + 1] as number) * 512) - offset });
  }
  let end = 0;
  for (const extent of [...extents, { offset: data.length, length: 0 }]) {
    data.fill(0, end, extent.offset);
    end = extent.offset + extent.length;
  }
  return extents;
}
