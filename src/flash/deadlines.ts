import type { StageName } from './events.ts';

/**
 * How long the host waits, in ms. Sources: FINDINGS §3 (U-Boot answers a GETSTATUS only when 8 MiB
 * are written, and the request after a manifest only when the medium is flushed), protocol.md §1.4.
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
  /** From leaving the bus until the next stage is there; `replug`: until a pulled cable is back. */
  readonly comeBackMs: Readonly<Record<'rom-tfa' | 'tfa-tfa' | 'tfa-uboot' | 'layout' | 'reset' | 'replug', number>>;
  /** STM32MP15: from the end of the FSBL until TF-A answers in the ROM's USB session. */
  readonly takeOverMs: number;
  /** Added to `comeBackMs.layout` for each MiB that the layout's D options erase. */
  readonly eraseMsPerMiB: number;
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
  },
  takeOverMs: 15_000,
  eraseMsPerMiB: 20,
};
