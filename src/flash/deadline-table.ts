import type { Deadlines } from './deadlines.ts';

interface DeadlineRow {
  readonly meaning: string;
  /** Where it is in Deadlines. */
  readonly at: readonly [group: keyof Deadlines, key?: string];
}

const row = (meaning: string, ...at: DeadlineRow['at']): DeadlineRow => ({ meaning, at });

/** Every wait of a flash job, by the name that `--deadline NAME=SECONDS` knows; docs/deadlines.md is made of it. */
export const DEADLINE_TABLE: Readonly<Record<string, DeadlineRow>> = {
  'rom-transfer': row('one request to the ROM', 'transferMs', 'rom'),
  'tfa-transfer': row('one request to TF-A', 'transferMs', 'tfa'),
  'uboot-transfer': row('one request to U-Boot that it answers at once', 'transferMs', 'uboot'),
  'rom-block': row('a block to the ROM, and its status', 'downloadMs', 'rom'),
  'tfa-block': row('a block to TF-A, and its status', 'downloadMs', 'tfa'),
  'uboot-block': row(
    'a block to U-Boot, and its status: every 8 MiB are written meanwhile; 0.1 s more for each block ahead of it',
    'downloadMs',
    'uboot',
  ),
  'rom-manifest': row('the end of the FSBL', 'manifestMs', 'rom'),
  'tfa-manifest': row('the end of an image in TF-A', 'manifestMs', 'tfa'),
  'uboot-manifest': row(
    'the end of an image in U-Boot and the GetPhase behind it: the rest is written, a UBI tail erased, copies made',
    'manifestMs',
    'uboot',
  ),
  leave: row('from DETACH until the board has left the bus', 'leaveMs'),
  'take-over': row('STM32MP15: from the end of the FSBL until TF-A answers', 'takeOverMs'),
  'come-back-tfa': row('from the ROM to TF-A', 'comeBackMs', 'rom-tfa'),
  'come-back-ddr': row('STM32MP2: TF-A with the DDR firmware', 'comeBackMs', 'tfa-tfa'),
  'come-back-uboot': row('from TF-A to U-Boot', 'comeBackMs', 'tfa-uboot'),
  'come-back-layout': row(
    'U-Boot behind the FlashLayout; longer by what its D options erase, see below',
    'comeBackMs',
    'layout',
  ),
  'come-back-reset': row('the ROM, after the board was told to reset', 'comeBackMs', 'reset'),
  replug: row('until a cable that fell out is back', 'comeBackMs', 'replug'),
  retry: row('until a board that failed is in its ROM again (`--retries`)', 'comeBackMs', 'retry'),
  'erase-mmc': row('for each MiB that is erased on a card or eMMC', 'eraseMsPerMiB', 'mmc'),
  'erase-nor': row('for each MiB that is erased on NOR', 'eraseMsPerMiB', 'nor'),
  'erase-nand': row('for each MiB that is erased on NAND', 'eraseMsPerMiB', 'nand'),
  stall: row('without progress before a job says so; it ends nothing', 'stallMs'),
};

/** That wait in `deadlines`, in ms. */
export function deadlineMs(deadlines: Deadlines, { at: [group, key] }: DeadlineRow): number {
  const value = deadlines[group];
  return typeof value === 'number' ? value : ((value as Readonly<Record<string, number>>)[key ?? ''] ?? 0);
}

/** The same waits, all of them `patience` times as long, and some set anew; names are those of the table. */
export function changedDeadlines(
  deadlines: Deadlines,
  patience: number,
  seconds: ReadonlyMap<string, number>,
): Deadlines {
  const changed = structuredClone(deadlines) as unknown as Record<string, number | Record<string, number>>;
  for (const [name, entry] of Object.entries(DEADLINE_TABLE)) {
    const own = seconds.get(name);
    const ms = own === undefined ? deadlineMs(deadlines, entry) * patience : own * 1000;
    const [group, key] = entry.at;
    if (key === undefined) changed[group] = ms;
    else (changed[group] as Record<string, number>)[key] = ms;
  }
  return changed as unknown as Deadlines;
}
