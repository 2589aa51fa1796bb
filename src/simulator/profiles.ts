import { PhaselineError } from '../base/errors.ts';
import type { SimulatedChip } from './hardware.ts';
import type { MmcSpec, MtdSpec, StorageSpec } from './storage/spec.ts';

/** A board that can be simulated: its chip and its media. */
export interface BoardProfile {
  readonly name: string;
  readonly chip: SimulatedChip;
  readonly storage: StorageSpec;
}

const MIB = 2 ** 20;
const GIB = 2 ** 30;

const SD: MmcSpec = { kind: 'sd', sizeBytes: 4 * GIB, bootBytes: 0, eraseGroupBytes: 512 };
const EMMC: MmcSpec = { kind: 'emmc', sizeBytes: 4 * GIB, bootBytes: 4 * MIB, eraseGroupBytes: 512 * 1024 };

/** U-Boot's tables on STM32MP15; NOR as TF-A is built with it: fip-a at 1 MiB, fip-b at 5 MiB. */
const MP15_NOR_PARTITIONS =
  '256k(fsbl1),256k(fsbl2),256k(metadata1),256k(metadata2),4m(fip-a),4m(fip-b),512k(u-boot-env),-(nor_user)';
const MP15_NAND_PARTITIONS = '2m(fsbl),4m(fip-a1),4m(fip-a2),-(UBI)';
/** As on STM32MP15, with the names of MP2's first-stage loaders (unverified). */
const MP2_NOR_PARTITIONS =
  '256k(fsbla1),256k(fsbla2),256k(metadata1),256k(metadata2),4m(fip-a),4m(fip-b),512k(u-boot-env),-(nor-user)';

const nor = (partitions: string): MtdSpec => ({
  kind: 'nor',
  sizeBytes: 64 * MIB,
  eraseBlockBytes: 64 * 1024,
  pageBytes: 256,
  partitions,
});

/** Smaller than the evaluation board's, which nobody wants to see erased into a file at each start. */
const NAND: MtdSpec = {
  kind: 'nand',
  sizeBytes: 128 * MIB,
  eraseBlockBytes: 128 * 1024,
  pageBytes: 2048,
  partitions: MP15_NAND_PARTITIONS,
};

/** Device ids, revisions and addresses: protocol.md §1.1, §1.3; OTP sizes: §5.8. */
const MP15: SimulatedChip = {
  family: 'mp15',
  deviceId: 0x500,
  romRevision: 0x0000,
  revision: 0x2001,
  name: 'STM32MP157CAC Rev.Z',
  loadAddress: 0xc2000000,
  dramBase: 0xc0000000,
  dramSize: 512 * MIB,
  otpSize: 776,
  pmic: true,
};
// The upstream defconfig of STM32MP13 has no PMIC driver: no PMIC alternate setting (FINDINGS §1).
const MP13: SimulatedChip = {
  ...MP15,
  family: 'mp13',
  deviceId: 0x501,
  romRevision: 0x1003,
  revision: 0x1003,
  name: 'STM32MP135F Rev.Y',
  pmic: false,
};
const MP25: SimulatedChip = {
  family: 'mp25',
  deviceId: 0x505,
  romRevision: 0x2000,
  revision: 0x0011,
  name: 'STM32MP257FAI Rev.Y',
  loadAddress: 0x84000000,
  dramBase: 0x80000000,
  dramSize: 4 * GIB,
  otpSize: 2952,
  pmic: false,
};
const MP23: SimulatedChip = { ...MP25, family: 'mp23', name: 'STM32MP235FAK Rev.Y', dramSize: 2 * GIB };
const MP21: SimulatedChip = {
  ...MP25,
  family: 'mp21',
  deviceId: 0x503,
  revision: 0x0008,
  name: 'STM32MP215FAN Rev.A',
  dramSize: 2 * GIB,
};

export const BOARD_PROFILES: readonly BoardProfile[] = [
  { name: 'stm32mp157c-dk2', chip: MP15, storage: { mmc: { 0: SD }, mtd: {} } },
  { name: 'stm32mp157f-dk2', chip: { ...MP15, name: 'STM32MP157FAC Rev.Z' }, storage: { mmc: { 0: SD }, mtd: {} } },
  {
    name: 'stm32mp157c-ev1',
    chip: { ...MP15, name: 'STM32MP157CAA Rev.Z', dramSize: GIB },
    storage: { mmc: { 0: SD, 1: EMMC }, mtd: { nor0: nor(MP15_NOR_PARTITIONS), nand0: NAND } },
  },
  { name: 'stm32mp135f-dk', chip: MP13, storage: { mmc: { 0: SD }, mtd: {} } },
  {
    name: 'stm32mp257f-ev1',
    chip: MP25,
    storage: { mmc: { 0: SD, 1: EMMC }, mtd: { nor1: nor(MP2_NOR_PARTITIONS) } },
  },
  { name: 'stm32mp235f-dk', chip: MP23, storage: { mmc: { 0: SD, 1: EMMC }, mtd: {} } },
  { name: 'stm32mp215f-dk', chip: MP21, storage: { mmc: { 0: SD }, mtd: {} } },
];

/** The profile of that name; usage/arguments with the names that exist when there is none. */
export function boardProfile(name: string): BoardProfile {
  const profile = BOARD_PROFILES.find((candidate) => candidate.name === name);
  if (profile) return profile;
  const names = BOARD_PROFILES.map((candidate) => candidate.name).join(', ');
  throw new PhaselineError('usage/arguments', `there is no simulated board ${name}; there are ${names}`, { name });
}
