import { type Device, formatDevice } from './device.ts';

/** What somebody knows about a device of the board; all in bytes. */
export interface DeviceFacts {
  readonly sizeBytes?: number;
  /** Erase group of an mmc, erase block of raw flash. */
  readonly eraseBytes?: number;
  /** Each of an eMMC's two boot partitions. */
  readonly bootBytes?: number;
}

/** By the name in the IP column: `mmc0`. */
export type KnownDevices = ReadonlyMap<string, DeviceFacts>;

export const SECTOR_BYTES = 512;
/** Protective MBR, header and 32 sectors of entries. */
const GPT_SECTORS = 34;
const KIB = 1024;

/** Usual erase sizes: an SD card erases by the sector; the rest as ST's boards have it (protocol.md §5.3). */
const ERASE_BYTES = { emmc: 512 * KIB, nor: 64 * KIB, nand: 256 * KIB, 'spi-nand': 128 * KIB } as const;

/** Where partitions may lie. */
export interface UsableArea {
  readonly first: number;
  /** First byte behind; undefined when the device's size is not known. */
  readonly end: number | undefined;
  /** Addresses are multiples of it. */
  readonly eraseBytes: number;
}

/** What U-Boot's init_device allows on a device (protocol.md §5.3). */
export function usableArea(device: Device, known: KnownDevices): UsableArea {
  const facts = known.get(formatDevice(device)) ?? {};
  const eraseBytes = facts.eraseBytes ?? usualEraseBytes(device);
  const size = facts.sizeBytes;
  if (device.kind !== 'mmc') return { first: 0, end: size, eraseBytes };
  const sectors = size === undefined ? undefined : Math.floor(size / SECTOR_BYTES);
  const behindFirst = eraseBytes / SECTOR_BYTES;
  const [first, behind] = behindFirst > GPT_SECTORS ? [behindFirst, behindFirst] : [GPT_SECTORS, GPT_SECTORS + 1];
  return {
    first: first * SECTOR_BYTES,
    end: sectors === undefined ? undefined : Math.max(0, sectors - behind) * SECTOR_BYTES,
    eraseBytes,
  };
}

/** mmc0 is the SD card and the others are eMMCs, as on ST's boards, until an erase size says otherwise. */
export function isEmmc(device: Device, known: KnownDevices): boolean {
  return device.kind === 'mmc' && usableArea(device, known).eraseBytes / SECTOR_BYTES > GPT_SECTORS;
}

function usualEraseBytes({ kind, index }: Device): number {
  if (kind === 'mmc') return index === 0 ? SECTOR_BYTES : ERASE_BYTES.emmc;
  return kind === 'nor' || kind === 'nand' || kind === 'spi-nand' ? ERASE_BYTES[kind] : 1;
}
