import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Family } from '../stm32/chips.ts';
import type { BoardStorage } from './storage/board-storage.ts';
import type { UsbConnector } from './usb-connector.ts';

/** The chip as its firmware sees it. Data; see profiles.ts. */
export interface SimulatedChip {
  readonly family: Family;
  /** As in the product strings: 0x500. */
  readonly deviceId: number;
  /** What the ROM reports as revision; TF-A and U-Boot report `revision` (protocol.md §1.1). */
  readonly romRevision: number;
  readonly revision: number;
  /** `STM32MP157CAC Rev.Z`. */
  readonly name: string;
  /** U-Boot's CONFIG_SYS_LOAD_ADDR. */
  readonly loadAddress: number;
  readonly dramBase: number;
  readonly dramSize: number;
  /** Bytes of the OTP alternate setting; 0 = absent (closed device). */
  readonly otpSize: number;
  /** Whether U-Boot offers the PMIC alternate setting. */
  readonly pmic: boolean;
}

/** Times and habits that real boards differ in; docs/simulator.md lists them. All times in ms. */
export interface BoardSettings {
  /** Off the bus between ROM and TF-A, TF-A's two sessions, and TF-A and U-Boot. */
  readonly romToTfaMs: number;
  readonly ddrInitMs: number;
  readonly tfaToUbootMs: number;
  /** From DETACH to leaving the bus (FINDINGS §1: 5 to 13 ms). */
  readonly detachMs: number;
  /** Off the bus after the layout's DETACH, beside what erasing takes. */
  readonly layoutMs: number;
  /** TF-A takes a FIP only, or (ST up to v2.4) the FlashLayout first and then `u-boot.stm32` or a FIP. */
  readonly tfaFlavour: 'fip' | 'legacy';
  /** With the legacy flavour: whether U-Boot finds the layout in memory and skips its first enumeration. */
  readonly ubootFindsLayout: boolean;
  /** Write speed of the media, ms per MiB; 0 = at once. */
  readonly writeMsPerMiB: number;
}

/** How a run of U-Boot's stm32prog command ended. */
export type UbootEnd = 'prompt' | 'reset' | 'script' | 'kernel' | 'crash';

/** Everything that a piece of firmware can touch. */
export interface Hardware {
  readonly chip: SimulatedChip;
  /** 24 upper-case hex digits. */
  readonly serial: string;
  readonly usb: UsbConnector;
  readonly storage: BoardStorage;
  readonly clock: Clock;
  readonly settings: BoardSettings;
  readonly log: Log;
  /** Aborted when the board loses power: firmware ends at its next wait. */
  readonly power: AbortSignal;
}
