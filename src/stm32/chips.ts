/** The families that phaseline flashes, by the names it uses on its command line. */
export const FAMILIES = ['mp13', 'mp15', 'mp21', 'mp23', 'mp25'] as const;
export type Family = (typeof FAMILIES)[number];

/** What differs between families, as data. Sizes in bytes. */
export interface ChipFamily {
  /** The device id in product strings. STM32MP23 and MP25 share one. protocol.md §1.1. */
  readonly deviceId: number;
  /** How the `@Name` in product strings starts: `STM32MP257FAI Rev.Y`. */
  readonly namePrefix: string;
  /** Header of the files that the ROM takes. protocol.md §7.1. */
  readonly headerVersion: '1.0' | '2.0' | '2.2' | '2.3';
  /** The most that the ROM loads as FSBL, header not counted. protocol.md §2.2. */
  readonly fsblLimit: number;
  /** The ROM starts the FSBL only after a DETACH; otherwise it jumps by itself and keeps its USB session. protocol.md §1.2. */
  readonly romNeedsDetach: boolean;
  /** U-Boot's CONFIG_SYS_LOAD_ADDR, where the FlashLayout goes. protocol.md §13. */
  readonly ubootLoadAddress: number;
}

const KIB = 1024;

export const CHIPS: Readonly<Record<Family, ChipFamily>> = {
  mp13: {
    deviceId: 0x501,
    namePrefix: 'STM32MP13',
    headerVersion: '2.0',
    fsblLimit: 128 * KIB,
    romNeedsDetach: true,
    ubootLoadAddress: 0xc2000000,
  },
  mp15: {
    deviceId: 0x500,
    namePrefix: 'STM32MP15',
    headerVersion: '1.0',
    fsblLimit: 247 * KIB,
    romNeedsDetach: false,
    ubootLoadAddress: 0xc2000000,
  },
  // The limits of STM32MP2 are the size in the name of the ROM's alternate setting; on MP21 and MP23 nobody has measured it.
  mp21: {
    deviceId: 0x503,
    namePrefix: 'STM32MP21',
    headerVersion: '2.3',
    fsblLimit: 256 * KIB,
    romNeedsDetach: true,
    ubootLoadAddress: 0x84000000,
  },
  mp23: {
    deviceId: 0x505,
    namePrefix: 'STM32MP23',
    headerVersion: '2.2',
    fsblLimit: 256 * KIB,
    romNeedsDetach: true,
    ubootLoadAddress: 0x84000000,
  },
  mp25: {
    deviceId: 0x505,
    namePrefix: 'STM32MP25',
    headerVersion: '2.2',
    fsblLimit: 256 * KIB,
    romNeedsDetach: true,
    ubootLoadAddress: 0x84000000,
  },
};

/**
 * The families that a device can be of: by its name where it gives one, else by its device id. Two
 * for 0x505 without a name, none for an id that no STM32 MPU has.
 */
export function familiesOf(deviceId: number, name: string | undefined): readonly Family[] {
  const candidates = FAMILIES.filter((family) => CHIPS[family].deviceId === deviceId);
  const named = candidates.filter((family) => name?.startsWith(CHIPS[family].namePrefix));
  return named.length > 0 ? named : candidates;
}
