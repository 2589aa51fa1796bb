import { isStorageRow } from '../layout/phases.ts';
import type { LayoutRow } from '../layout/row.ts';

/** Ids of the boot stages, and the first that a partition may have (protocol.md §3). */
export const BOOT_ID = { FSBL: 0x01, DDR: 0x02, SSBL: 0x03 } as const;
export const FIRST_PARTITION_ID = 0x04;
export const FIRST_USER_ID = 0x10;
export const LAST_ID = 0xf0;

/** A partition that the ROM starts from: it goes by the beginning of the name. */
export function isFsblPartition(row: LayoutRow): boolean {
  return isStorageRow(row) && row.type?.kind !== 'RawImage' && row.name?.startsWith('fsbl') === true;
}

/** `fip`, `fip-a`, `fip-b`, `fip-a1`… */
export function isFipName(name: string | undefined): boolean {
  return name !== undefined && /^fip(?:\d|-[ab]\d?)?$/.test(name);
}

export function isFipPartition(row: LayoutRow): boolean {
  return isStorageRow(row) && row.type?.kind !== 'RawImage' && (row.type?.kind === 'FIP' || isFipName(row.name));
}

/** `metadata1`, `metadata2`: what TF-A picks its bank by. */
export function isMetadataPartition(row: LayoutRow): boolean {
  return isStorageRow(row) && (row.type?.kind === 'FWU_MDATA' || /^metadata\d?$/.test(row.name ?? ''));
}

/** Where U-Boot keeps its environment. */
export function isEnvPartition(row: LayoutRow): boolean {
  return isStorageRow(row) && (row.type?.kind === 'ENV' || row.name === 'u-boot-env');
}

/** A row whose file the ROM is to start: it needs an STM32 header. */
export function wantsStm32Image(row: LayoutRow): boolean {
  return isFsblPartition(row) || (row.ip?.kind === 'none' && row.id === BOOT_ID.FSBL);
}

/** A row whose file TF-A opens as a FIP. */
export function wantsFip(row: LayoutRow): boolean {
  if (row.ip?.kind === 'none') return row.id === BOOT_ID.DDR || (row.id === BOOT_ID.SSBL && row.type?.kind === 'FIP');
  return isStorageRow(row) && row.type?.kind === 'FIP';
}
