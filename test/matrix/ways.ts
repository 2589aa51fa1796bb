import type { BoardSettings } from '../../src/simulator/hardware.ts';
import { type BoardProfile, boardProfile } from '../../src/simulator/profiles.ts';
import type { MmcSpec, MtdSpec } from '../../src/simulator/storage/spec.ts';
import { type BootFiles, bootFiles, layoutText, legacyBootFiles } from '../flash/layouts.ts';
import { makeFip, makeFsbl, makeFwuMetadata, makePattern } from '../image/make.ts';
import type { Landing } from './landed.ts';

const KIB = 1024;
const MIB = 2 ** 20;

/** One family's way from its ROM to a written medium, small enough to be gone thousands of times. */
export interface Way {
  readonly name: string;
  readonly profile: BoardProfile;
  readonly settings: Partial<BoardSettings>;
  /** The layout's text. */
  readonly layout: string;
  readonly images: Readonly<Record<string, Uint8Array>>;
  readonly landings: readonly Landing[];
  /** A medium that the layout writes, as faults name it. */
  readonly medium: string;
}

const SD: MmcSpec = { kind: 'sd', sizeBytes: 64 * MIB, bootBytes: 0, eraseGroupBytes: 512 };
const EMMC: MmcSpec = { kind: 'emmc', sizeBytes: 64 * MIB, bootBytes: MIB, eraseGroupBytes: 512 * KIB };
const NOR: MtdSpec = {
  kind: 'nor',
  sizeBytes: MIB,
  eraseBlockBytes: 64 * KIB,
  pageBytes: 256,
  partitions: '256k(fsbl1),256k(fip-a),-(nor_user)',
};
const NAND: MtdSpec = {
  kind: 'nand',
  sizeBytes: 2 * MIB,
  eraseBlockBytes: 128 * KIB,
  pageBytes: 2 * KIB,
  partitions: '512k(fsbl),512k(fip-a1),-(UBI)',
};

const CARD = makePattern(20_000, 41);
const DATA = makePattern(9_001, 42);

const SD_RAW = {
  rows: ['P 0x10 card RawImage mmc0 0x0 card.img'],
  images: { 'card.img': CARD },
  landings: [{ file: 'mmc0.img', offset: 0, image: 'card.img' }],
  medium: 'mmc0',
};
const SD_PARTITIONS = {
  rows: [
    'P 0x04 fsbl1 Binary mmc0 0x4400 fsbl.bin',
    'P 0x06 metadata1 FWU_MDATA mmc0 0x44400 metadata.bin',
    'PED 0x09 u-boot-env ENV mmc0 0x84400 none',
    'PD 0x10 rootfs FileSystem mmc0 0x104400 card.img',
  ],
  images: { 'fsbl.bin': makeFsbl({ family: 'mp15' }), 'metadata.bin': makeFwuMetadata(), 'card.img': CARD },
  landings: [
    { file: 'mmc0.img', offset: 0x4400, image: 'fsbl.bin' },
    { file: 'mmc0.img', offset: 0x44400, image: 'metadata.bin' },
    { file: 'mmc0.img', offset: 0x104400, image: 'card.img' },
  ],
  medium: 'mmc0',
};
const EMMC_BOOT = {
  rows: [
    'P 0x04 fsbl1 Binary mmc1 boot1 fsbl.bin',
    'P 0x05 fsbl2 Binary mmc1 boot2 fsbl.bin',
    'PD 0x10 rootfs FileSystem mmc1 0x80000 card.img',
  ],
  images: { 'fsbl.bin': makeFsbl({ family: 'mp25' }), 'card.img': CARD },
  landings: [
    { file: 'mmc1boot1.img', offset: 0, image: 'fsbl.bin' },
    { file: 'mmc1boot2.img', offset: 0, image: 'fsbl.bin' },
    { file: 'mmc1.img', offset: 0x80000, image: 'card.img' },
  ],
  medium: 'mmc1',
};
const NOR_ONLY = {
  rows: [
    'P 0x04 fsbl1 Binary nor0 0x0 fsbl.bin',
    'P 0x08 fip-a FIP nor0 0x40000 fip-a.bin',
    'PED 0x10 nor_user FileSystem nor0 0x80000 none',
  ],
  images: { 'fsbl.bin': makeFsbl({ family: 'mp15' }), 'fip-a.bin': makeFip() },
  landings: [
    { file: 'nor0.img', offset: 0, image: 'fsbl.bin' },
    { file: 'nor0.img', offset: 0x40000, image: 'fip-a.bin' },
  ],
  medium: 'nor0',
};
const NAND_ONLY = {
  rows: [
    'P 0x04 fsbl Binary(2) nand0 0x0 fsbl.bin',
    'P 0x08 fip-a1 FIP nand0 0x80000 data.bin',
    'P 0x10 UBI System nand0 0x100000 card.img',
  ],
  images: { 'fsbl.bin': makeFsbl({ family: 'mp15' }), 'data.bin': DATA, 'card.img': CARD },
  landings: [
    { file: 'nand0.img', offset: 0, image: 'fsbl.bin' },
    { file: 'nand0.img', offset: 0x20000, image: 'fsbl.bin' },
    { file: 'nand0.img', offset: 0x80000, image: 'data.bin' },
    { file: 'nand0.img', offset: 0x100000, image: 'card.img' },
  ],
  medium: 'nand0',
};

interface Storage {
  readonly rows: readonly string[];
  readonly images: Readonly<Record<string, Uint8Array>>;
  readonly landings: readonly Landing[];
  readonly medium: string;
}

/** A board with the chip of `name` and small media. */
function board(name: string): BoardProfile {
  const storage = { mmc: { 0: SD, 1: EMMC }, mtd: {} };
  return { ...boardProfile(name), storage };
}

function flashBoard(name: string): BoardProfile {
  return { ...boardProfile(name), storage: { mmc: {}, mtd: { nor0: NOR, nand0: NAND } } };
}

function way(
  name: string,
  profile: BoardProfile,
  boot: BootFiles,
  storage: Storage,
  settings: Partial<BoardSettings> = {},
): Way {
  const { rows, images, landings, medium } = storage;
  const layout = layoutText(...boot.rows, ...rows);
  return { name, profile, settings, layout, images: { ...boot.images, ...images }, landings, medium };
}

const DK2 = 'stm32mp157c-dk2';
const legacy = (ubootFindsLayout: boolean) => ({ tfaFlavour: 'legacy', ubootFindsLayout }) as const;

export const WAYS: readonly Way[] = [
  way('mp13', board('stm32mp135f-dk'), bootFiles('mp13'), SD_PARTITIONS),
  way('mp15', board(DK2), bootFiles('mp15'), SD_PARTITIONS),
  way('mp15-emmc', board(DK2), bootFiles('mp15'), EMMC_BOOT),
  way('mp15-nor', flashBoard(DK2), bootFiles('mp15'), NOR_ONLY),
  way('mp15-nand', flashBoard(DK2), bootFiles('mp15'), NAND_ONLY),
  way('mp15-legacy', board(DK2), legacyBootFiles(), SD_RAW, legacy(true)),
  way('mp15-legacy-twice', board(DK2), legacyBootFiles(), SD_RAW, legacy(false)),
  way('mp21', board('stm32mp215f-dk'), bootFiles('mp21'), SD_RAW),
  way('mp23', board('stm32mp235f-dk'), bootFiles('mp23'), EMMC_BOOT),
  way('mp25', board('stm32mp257f-ev1'), bootFiles('mp25'), EMMC_BOOT),
];
