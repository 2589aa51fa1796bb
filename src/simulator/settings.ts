import type { BoardSettings } from './hardware.ts';
import { LOADER_CONFIGURATION } from './loader/dfu-gadget.ts';

/** A board whose stages follow at once where nothing was measured, and whose media take no time. */
export const DEFAULT_SETTINGS: BoardSettings = {
  resetToRomMs: 100,
  romToTfaMs: 300,
  ddrInitMs: 300,
  tfaToUbootMs: 500,
  detachMs: 8,
  tfaDetachMs: 0.125, // about 100 µs, in a binary fraction: times of a virtual clock stay exact
  layoutMs: 300,
  tfaFlavour: 'fip',
  tfaProduct: 'own',
  ubootFindsLayout: true,
  writeMsPerMiB: 0,
  blockMs: 0,
  romPhase: 0x01,
  romAddress: 0xffffffff,
  romDonePhase: 0x00,
  romDoneAddress: 0xffffffff,
  romNeedDetach: true,
  romRewinds: true,
  romAttributes: 0x0b,
  romDetachTimeoutMs: 255,
  romConfiguration: LOADER_CONFIGURATION,
  romAlternates: undefined,
  fsblLimit: undefined,
  romEarlyDetach: 'ignored',
  tfaAlternates: undefined,
  tfaMemory: {},
  badFipAnswer: 'stall',
};

/** The times of a board on a bench: protocol.md §11, and 2.06 ms measured for a 4 KiB block. */
export const REAL_SPEED: Partial<BoardSettings> = {
  resetToRomMs: 1_000,
  romToTfaMs: 1_000,
  ddrInitMs: 1_000,
  tfaToUbootMs: 4_000,
  layoutMs: 1_500,
  blockMs: 2.06,
};
