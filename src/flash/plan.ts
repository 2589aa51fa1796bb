import type { ExpectedAlternate } from './alternates-fit.ts';
import type { PlannedFile } from './job.ts';

/** Everything that is decided before the first byte is sent. */
export interface Plan {
  /** As the user named it. */
  readonly layoutPath: string;
  /** By phase: boot files and the files of every partition that the board will ask for. */
  readonly files: ReadonlyMap<number, PlannedFile>;
  /** In the order in which they are sent. */
  readonly planned: readonly PlannedFile[];
  /** Phases that U-Boot asks for, ascending: selected and not empty. */
  readonly storagePhases: readonly number[];
  /** What U-Boot's second enumeration has to look like. */
  readonly alternates: readonly ExpectedAlternate[];
  /** Bytes that D options erase, where the layout tells; for the patience after the layout. */
  readonly eraseBytes: number;
  /** The FlashLayout as it is sent; `wanted` asks for the STM32 header where `--layout-header` leaves it open. */
  layoutFile(headerWanted: boolean): PlannedFile;
  /** The layout's line of a row of the board's; undefined when there is no such row. */
  fileLine(boardLine: number): number | undefined;
  /** Which of how many files, from 1. */
  positionOf(file: PlannedFile): { readonly index: number; readonly count: number };
}
