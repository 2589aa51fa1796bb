import type { StageName } from './events.ts';
import type { Awaited } from './follow.ts';

/**
 * How long the host waits, in ms. Sources: FINDINGS §3 (U-Boot answers a GETSTATUS only when 8 MiB
 * are written, and the request after a manifest only when the medium is flushed), protocol.md §1.4.
 * What each is and how it is changed from the command line: deadline-table.ts.
 */
export interface Deadlines {
  /** One control transfer that the stage answers at once. */
  readonly transferMs: Readonly<Record<StageName, number>>;
  /** The transfers of a download: they wait for the medium. */
  readonly downloadMs: Readonly<Record<StageName, number>>;
  /** The first transfers after a manifest: flush, fsbl copies, erase of a UBI tail. */
  readonly manifestMs: Readonly<Record<StageName, number>>;
  /** From DETACH until the device has left the bus. */
  readonly leaveMs: number;
  /** From leaving the bus until the board is there again, as what it is awaited as. */
  readonly comeBackMs: Readonly<Record<Awaited, number>>;
  /** STM32MP15: from the end of the FSBL until TF-A answers in the ROM's USB session. */
  readonly takeOverMs: number;
  /** Added to `comeBackMs.layout` for each MiB that the layout's D options erase, by the kind of medium. */
  readonly eraseMsPerMiB: Readonly<Record<'mmc' | 'nor' | 'nand', number>>;
  /** Before a job says that nothing moves; it ends nothing. */
  readonly stallMs: number;
}

export const DEADLINES: Deadlines = {
  transferMs: { rom: 5_000, tfa: 5_000, uboot: 30_000 },
  downloadMs: { rom: 5_000, tfa: 5_000, uboot: 60_000 },
  manifestMs: { rom: 5_000, tfa: 10_000, uboot: 180_000 },
  leaveMs: 15_000,
  comeBackMs: {
    'rom-tfa': 15_000,
    'tfa-tfa': 15_000,
    'tfa-uboot': 60_000,
    layout: 300_000,
    reset: 30_000,
    replug: 30_000,
    retry: 60_000,
  },
  takeOverMs: 15_000,
  // A NOR flash erases 64 KiB in half a second, in the worst case in two; the others do not wait for the medium.
  eraseMsPerMiB: { mmc: 20, nor: 16_000, nand: 100 },
  stallMs: 10_000,
};

/** What the layout's D options may add to the wait for U-Boot. */
export function erasingMs(
  { eraseMsPerMiB }: Deadlines,
  bytes: Readonly<Record<'mmc' | 'nor' | 'nand', number>>,
): number {
  const kinds = ['mmc', 'nor', 'nand'] as const;
  return kinds.reduce((sum, kind) => sum + (bytes[kind] / 2 ** 20) * eraseMsPerMiB[kind], 0);
}
