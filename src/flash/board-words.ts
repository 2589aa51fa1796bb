/** What is behind an error text of the board, for advice and for finding the row that it is about. */
export type BoardCause =
  | 'row'
  | 'medium-missing'
  | 'medium-small'
  | 'alignment'
  | 'other-partitions'
  | 'partition-table'
  | 'erase'
  | 'write'
  | 'fsbl-copy'
  | 'fip'
  | 'stale-layout';

export interface BoardWords {
  /** Undefined for words that are not known. */
  readonly cause: BoardCause | undefined;
  /** The row by its number as U-Boot counts, by its id, or by its device (`mmc1`). */
  readonly boardLine?: number;
  readonly id?: number;
  readonly device?: string;
}

/** The messages of U-Boot's stm32prog and of TF-A. protocol.md §5.2, §5.3, §6.2. */
const MESSAGES: readonly (readonly [said: RegExp, cause: BoardCause])[] = [
  [/^Layout line (?<line>\d+):/, 'row'],
  [/^mmc device (?<mmc>\d+) not (found|probed)/, 'medium-missing'],
  [/^MTD device (?<device>\S+) not found/, 'medium-missing'],
  [/\(0x(?<id>[0-9a-f]+)\): invalid address 0x[0-9a-f]+ \(max=/, 'medium-small'],
  [/\(0x(?<id>[0-9a-f]+)\): invalid address 0x[0-9a-f]+ \(min=/, 'alignment'],
  [/\(0x(?<id>[0-9a-f]+)\): not aligned address/, 'alignment'],
  [/\(0x(?<id>[0-9a-f]+)\): ?(Couldn't find part|Bad address|Bad size)/, 'other-partitions'],
  [/^GPT partition/, 'partition-table'],
  [/\(0x(?<id>[0-9a-f]+)\): (MMC erase failed|MTD erase commands failed|erase invalid)/, 'erase'],
  [/DFU write error/, 'write'],
  [/\(0x(?<id>[0-9a-f]+)\): copy of fsbl failed/, 'fsbl-copy'],
  [/^FIP Header check failed/, 'fip'],
  [/^Layout: invalid checksum/, 'stale-layout'],
  [/\(0x(?<id>[0-9a-f]+)\):/, 'row'],
  [/phase = 0x(?<id>[0-9a-f]+) for part/, 'row'],
  [/^Layout: duplicated phase 0x(?<id>[0-9a-f]+)/, 'row'],
];

/** Reads an error text as it came with phase 0xFF. */
export function readBoardWords(text: string): BoardWords {
  for (const [said, cause] of MESSAGES) {
    const match = said.exec(text);
    if (!match) continue;
    const { line, id, mmc, device } = match.groups ?? {};
    return {
      cause,
      ...(line !== undefined && { boardLine: Number(line) }),
      ...(id !== undefined && { id: Number.parseInt(id, 16) }),
      ...(mmc !== undefined && { device: `mmc${mmc}` }),
      ...(device !== undefined && { device }),
    };
  }
  return { cause: undefined };
}
