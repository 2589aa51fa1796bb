import { describe, expect, test } from 'vitest';
import type { BoardSettings } from '../../src/simulator/hardware.ts';
import { makeExt4, makeFip, makeFsbl, makeFwuMetadata, makePattern } from '../image/make.ts';
import { type Bench, flash, makeBench } from './harness.ts';
import { type BootFiles, bootFiles, layoutText, legacyBootFiles } from './layouts.ts';

const KIB = 1024;
const MIB = 2 ** 20;

/** What one file of a layout becomes on a medium. */
interface Landing {
  readonly medium: string;
  readonly offset: number;
  readonly file: string;
}

interface Case {
  readonly title: string;
  readonly profile: string;
  readonly boot: BootFiles;
  readonly settings?: Partial<BoardSettings>;
  readonly rows: readonly string[];
  readonly images: Readonly<Record<string, Uint8Array>>;
  readonly landings: readonly Landing[];
}

/** Longer than the 8 MiB that U-Boot gathers, and no multiple of a block or a sector. */
const CARD = makePattern(9 * MIB + 4097, 11);
const FSBL_MP15 = makeFsbl({ family: 'mp15', payloadBytes: 20_001 });
const STORAGE = {
  'fsbl.bin': FSBL_MP15,
  'metadata.bin': makeFwuMetadata(),
  'fip-a.bin': makeFip(),
  'bootfs.ext4': makeExt4(300 * KIB),
  'rootfs.ext4': makePattern(2 * MIB + 700, 12),
};

const RAW = {
  rows: ['P 0x10 sdcard RawImage mmc0 0x0 card.img'],
  images: { 'card.img': CARD },
  landings: [{ medium: 'mmc0', offset: 0, file: 'card.img' }],
};
const SD_PARTITIONS = {
  rows: [
    'P 0x04 fsbl1 Binary mmc0 0x4400 fsbl.bin',
    'P 0x05 fsbl2 Binary mmc0 0x44400 fsbl.bin',
    'P 0x06 metadata1 FWU_MDATA mmc0 0x84400 metadata.bin',
    'P 0x07 metadata2 FWU_MDATA mmc0 0xC4400 metadata.bin',
    'P 0x08 fip-a FIP mmc0 0x104400 fip-a.bin',
    'PED 0x09 fip-b FIP mmc0 0x504400 none',
    'PED 0x0A u-boot-env ENV mmc0 0x904400 none',
    'P 0x10 bootfs System mmc0 0x984400 bootfs.ext4',
    'P 0x11 rootfs FileSystem mmc0 0x4984400 rootfs.ext4',
  ],
  images: STORAGE,
  landings: [
    { medium: 'mmc0', offset: 0x4400, file: 'fsbl.bin' },
    { medium: 'mmc0', offset: 0x44400, file: 'fsbl.bin' },
    { medium: 'mmc0', offset: 0x84400, file: 'metadata.bin' },
    { medium: 'mmc0', offset: 0xc4400, file: 'metadata.bin' },
    { medium: 'mmc0', offset: 0x104400, file: 'fip-a.bin' },
    { medium: 'mmc0', offset: 0x984400, file: 'bootfs.ext4' },
    { medium: 'mmc0', offset: 0x4984400, file: 'rootfs.ext4' },
  ],
};
const EMMC = {
  rows: [
    'P 0x04 fsbl1 Binary mmc1 boot1 fsbl.bin',
    'P 0x05 fsbl2 Binary mmc1 boot2 fsbl.bin',
    'P 0x08 fip-a FIP mmc1 0x80000 fip-a.bin',
    'P 0x10 bootfs System mmc1 0x480000 bootfs.ext4',
    'P 0x11 rootfs FileSystem mmc1 0x4480000 rootfs.ext4',
  ],
  images: STORAGE,
  landings: [
    { medium: 'mmc1boot1', offset: 0, file: 'fsbl.bin' },
    { medium: 'mmc1boot2', offset: 0, file: 'fsbl.bin' },
    { medium: 'mmc1', offset: 0x80000, file: 'fip-a.bin' },
    { medium: 'mmc1', offset: 0x480000, file: 'bootfs.ext4' },
    { medium: 'mmc1', offset: 0x4480000, file: 'rootfs.ext4' },
  ],
};
const NOR = {
  rows: [
    'P 0x04 fsbl1 Binary nor0 0x0 fsbl.bin',
    'P 0x05 fsbl2 Binary nor0 0x40000 fsbl.bin',
    'P 0x06 metadata1 FWU_MDATA nor0 0x80000 metadata.bin',
    'P 0x07 metadata2 FWU_MDATA nor0 0xC0000 metadata.bin',
    'P 0x08 fip-a FIP nor0 0x100000 fip-a.bin',
    'PE 0x09 fip-b FIP nor0 0x500000 none',
    'PED 0x0A u-boot-env ENV nor0 0x900000 none',
    'PE 0x0B nor_user FileSystem nor0 0x980000 none',
    'P 0x10 sdcard RawImage mmc0 0x0 card.img',
  ],
  images: { ...STORAGE, 'card.img': makePattern(MIB + 3, 13) },
  landings: [
    { medium: 'nor0', offset: 0, file: 'fsbl.bin' },
    { medium: 'nor0', offset: 0x40000, file: 'fsbl.bin' },
    { medium: 'nor0', offset: 0x80000, file: 'metadata.bin' },
    { medium: 'nor0', offset: 0xc0000, file: 'metadata.bin' },
    { medium: 'nor0', offset: 0x100000, file: 'fip-a.bin' },
    { medium: 'mmc0', offset: 0, file: 'card.img' },
  ],
};
const NAND = {
  rows: [
    'P 0x04 fsbl Binary(2) nand0 0x0 fsbl.bin',
    'P 0x05 fip-a1 FIP nand0 0x200000 fip-a.bin',
    'P 0x06 fip-a2 FIP nand0 0x600000 fip-a.bin',
    'P 0x10 UBI System nand0 0xA00000 ubi.img',
  ],
  images: { ...STORAGE, 'ubi.img': makePattern(3 * MIB + 2048, 14) },
  landings: [
    { medium: 'nand0', offset: 0, file: 'fsbl.bin' },
    { medium: 'nand0', offset: 0x20000, file: 'fsbl.bin' },
    { medium: 'nand0', offset: 0x200000, file: 'fip-a.bin' },
    { medium: 'nand0', offset: 0x600000, file: 'fip-a.bin' },
    { medium: 'nand0', offset: 0xa00000, file: 'ubi.img' },
  ],
};
/** The MTD partitions of the simulated evaluation board of STM32MP25. */
const NOR_MP2 = {
  rows: [
    'P 0x04 fsbla1 Binary nor1 0x0 fsbl.bin',
    'P 0x05 fsbla2 Binary nor1 0x40000 fsbl.bin',
    'P 0x06 metadata1 FWU_MDATA nor1 0x80000 metadata.bin',
    'P 0x07 metadata2 FWU_MDATA nor1 0xC0000 metadata.bin',
    'P 0x08 fip-a FIP nor1 0x100000 fip-a.bin',
    'PE 0x09 fip-b FIP nor1 0x500000 none',
    'PE 0x0A u-boot-env ENV nor1 0x900000 none',
    'PE 0x0B nor-user FileSystem nor1 0x980000 none',
  ],
  images: { ...STORAGE, 'fsbl.bin': makeFsbl({ family: 'mp25' }) },
  landings: [
    { medium: 'nor1', offset: 0, file: 'fsbl.bin' },
    { medium: 'nor1', offset: 0x100000, file: 'fip-a.bin' },
  ],
};

const DK2 = 'stm32mp157c-dk2';
const EV1 = 'stm32mp157c-ev1';
const legacy = (ubootFindsLayout: boolean) => ({ tfaFlavour: 'legacy', ubootFindsLayout }) as const;

const CASES: readonly Case[] = [
  { title: 'MP15 with a FIP, a raw card', profile: DK2, boot: bootFiles('mp15'), ...RAW },
  { title: 'MP15 with a FIP, a card in partitions', profile: DK2, boot: bootFiles('mp15'), ...SD_PARTITIONS },
  { title: 'MP15, eMMC with both boot partitions', profile: EV1, boot: bootFiles('mp15'), ...EMMC },
  { title: 'MP15, NOR and a card', profile: EV1, boot: bootFiles('mp15'), ...NOR },
  { title: 'MP15, NAND', profile: EV1, boot: bootFiles('mp15'), ...NAND },
  {
    title: 'MP15 the older way, U-Boot finds the layout',
    profile: DK2,
    boot: legacyBootFiles(),
    settings: legacy(true),
    ...RAW,
  },
  {
    title: 'MP15 the older way, U-Boot asks for the layout again',
    profile: DK2,
    boot: legacyBootFiles(),
    settings: legacy(false),
    ...SD_PARTITIONS,
  },
  {
    title: 'MP15 the older way with a FIP',
    profile: DK2,
    boot: bootFiles('mp15'),
    settings: legacy(true),
    ...SD_PARTITIONS,
  },
  { title: 'MP13, a raw card', profile: 'stm32mp135f-dk', boot: bootFiles('mp13'), ...RAW },
  { title: 'MP13, a card in partitions', profile: 'stm32mp135f-dk', boot: bootFiles('mp13'), ...SD_PARTITIONS },
  { title: 'MP21, a raw card', profile: 'stm32mp215f-dk', boot: bootFiles('mp21'), ...RAW },
  { title: 'MP23, eMMC', profile: 'stm32mp235f-dk', boot: bootFiles('mp23'), ...EMMC },
  { title: 'MP25, a raw card', profile: 'stm32mp257f-ev1', boot: bootFiles('mp25'), ...RAW },
  { title: 'MP25, eMMC', profile: 'stm32mp257f-ev1', boot: bootFiles('mp25'), ...EMMC },
  { title: 'MP25, NOR', profile: 'stm32mp257f-ev1', boot: bootFiles('mp25'), ...NOR_MP2 },
];

function landed({ board }: Bench, { medium, offset }: Landing, length: number): Uint8Array | undefined {
  const card = /^mmc(\d)(?:boot([12]))?$/.exec(medium);
  if (!card) return board.storage.mtd.get(medium)?.read(offset, length);
  const partition = card[2] === undefined ? 0 : (Number(card[2]) as 1 | 2);
  return board.storage.mmc.get(Number(card[1]))?.read(partition, offset, length);
}

describe('a complete flash ends with equal bytes', () => {
  test.each(CASES)('$title', async ({ profile, boot, settings = {}, rows, images, landings }) => {
    const bench = makeBench(profile, { settings });
    const files = { ...boot.images, ...images };
    const { result } = await flash(bench, { layout: layoutText(...boot.rows, ...rows), images: files });
    expect(result).toMatchObject({ ok: true, exitCode: 0, code: 'ok' });
    expect(result.phases.every(({ complete, bytes, bytesDone }) => complete && bytes === bytesDone)).toBe(true);
    expect(bench.board.stage).toBe('prompt');
    for (const landing of landings) {
      const image = files[landing.file] as Uint8Array;
      // Compared as buffers: thousands of times faster than element by element.
      const equal = Buffer.from(landed(bench, landing, image.length) ?? []).equals(image);
      expect(`${landing.medium} at ${landing.offset}: ${equal ? 'equal' : 'different'}`).toMatch(/equal$/);
    }
  });
});

describe('what the board is left with', () => {
  test('eMMC: the boot partition that was written last is the one that boots', async () => {
    const bench = makeBench(EV1);
    const boot = bootFiles('mp15');
    await flash(bench, { layout: layoutText(...boot.rows, ...EMMC.rows), images: { ...boot.images, ...EMMC.images } });
    expect(bench.board.storage.mmc.get(1)?.extCsd.PARTITION_CONFIG_179).toBe(0x50);
  });

  test('NAND: without a number of copies there is one', async () => {
    const bench = makeBench(EV1);
    const boot = bootFiles('mp15');
    const once = { ...NAND, rows: NAND.rows.map((row) => row.replace('Binary(2)', 'Binary')) };
    await flash(bench, { layout: layoutText(...boot.rows, ...once.rows), images: { ...boot.images, ...once.images } });
    const second = bench.board.storage.mtd.get('nand0')?.read(0x20000, 256);
    expect(second).toEqual(new Uint8Array(256).fill(0xff));
  });

  test('a row that is empty is created and not written', async () => {
    const bench = makeBench(DK2);
    bench.board.storage.mmc.get(0)?.write(0, 0x504400, makePattern(512));
    const boot = bootFiles('mp15');
    const { result } = await flash(bench, {
      layout: layoutText(...boot.rows, ...SD_PARTITIONS.rows),
      images: { ...boot.images, ...SD_PARTITIONS.images },
    });
    expect(result.phases.map(({ id }) => id)).not.toContain('0x09');
    expect(bench.board.storage.mmc.get(0)?.read(0, 0x504400, 512)).toEqual(new Uint8Array(512)); // its D erased it
  });
});
