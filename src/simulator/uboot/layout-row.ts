/** The Opt column as bits. */
export const OPTION = { SELECT: 1, EMPTY: 2, DELETE: 4 } as const;

export type RowType = 'Binary' | 'FIP' | 'FWU_MDATA' | 'ENV' | 'System' | 'FileSystem' | 'ESP' | 'RawImage';
export type Target = 'none' | 'mmc' | 'nor' | 'nand' | 'spi-nand' | 'ram';

/**
 * One row of the FlashLayout as the board keeps it. Parsed first; place and size are settled when the
 * devices are opened. Texts hold one byte a character.
 */
export interface LayoutRow {
  option: number;
  id: number;
  name: string;
  type: RowType;
  /** N of Binary(N); 0 for all other types. */
  copies: number;
  target: Target;
  /** The digit of `mmc0`. */
  deviceIndex: number;
  /** GPT or MTD partition from 1; -1 and -2 = boot1 and boot2; 0 = the whole device. */
  partition: number;
  /** Bytes; 64 bits, because the layout may say anything. */
  address: bigint;
  size: bigint;
  /** Position among the alternate settings; -1 = none. 0 until the devices are opened, as calloc leaves it. */
  alternate: number;
}

export function newRow(): LayoutRow {
  return {
    option: 0,
    id: 0,
    name: '',
    type: 'Binary',
    copies: 0,
    target: 'none',
    deviceIndex: 0,
    partition: 0,
    address: 0n,
    size: 0n,
    alternate: 0,
  };
}

export function isSelected(row: LayoutRow): boolean {
  return (row.option & OPTION.SELECT) !== 0;
}

/** Selected and to be filled by the host: a phase of its own. */
export function isProgrammed(row: LayoutRow): boolean {
  return isSelected(row) && (row.option & OPTION.EMPTY) === 0;
}

export function isErased(row: LayoutRow): boolean {
  return isSelected(row) && (row.option & OPTION.DELETE) !== 0;
}

/** `fsbl1 (0x4)`, as the messages name a row. */
export function rowLabel(row: LayoutRow): string {
  return `${row.name} (0x${row.id.toString(16)})`;
}
