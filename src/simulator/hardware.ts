import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Family } from '../stm32/chips.ts';
import type { LoaderAlternate } from './loader/alternates.ts';
import type { LoaderConfiguration } from './loader/dfu-gadget.ts';
import type { TfaMemory } from './loader/tfa-memory.ts';
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

/**
 * Times and habits that real boards differ in, or that nobody has measured (the table of docs/simulator.md);
 * settings.ts gives the usual ones. All times in ms.
 */
export interface BoardSettings {
  /** From power or reset to the ROM's appearance on the bus. */
  readonly resetToRomMs: number;
  /** Off the bus (STM32MP15: on it, without answers) between ROM and TF-A, TF-A's two sessions, and TF-A and U-Boot. */
  readonly romToTfaMs: number;
  readonly ddrInitMs: number;
  readonly tfaToUbootMs: number;
  /** From DETACH to leaving the bus, in U-Boot (FINDINGS §1: 5 to 13 ms) and in the ROM (unverified). */
  readonly detachMs: number;
  /** The same in TF-A: 100 more turns of its loop (protocol.md §6.2). */
  readonly tfaDetachMs: number;
  /** Off the bus after the layout's DETACH, beside what erasing takes. */
  readonly layoutMs: number;
  /** TF-A takes a FIP only, or (ST up to v2.4) the FlashLayout first and then `u-boot.stm32` or a FIP. */
  readonly tfaFlavour: 'fip' | 'legacy';
  /** Whose product string TF-A shows: its own, or (ST up to v2.2, legacy flavour) the ROM's to the letter. */
  readonly tfaProduct: 'own' | 'rom';
  /** With the legacy flavour: whether U-Boot finds the layout in memory and skips its first enumeration. */
  readonly ubootFindsLayout: boolean;
  /** Write speed of the media, ms per MiB; 0 = at once. */
  readonly writeMsPerMiB: number;
  /** What a block of a download takes in U-Boot at the least, ms; 0 = nothing. */
  readonly blockMs: number;
  /** What the ROM's GetPhase says while it waits for the FSBL (unverified, protocol.md §12). */
  readonly romPhase: number;
  readonly romAddress: number;
  /** What it says when the FSBL is there and the host has to DETACH; STM32MP13 and MP2 (unverified). */
  readonly romDonePhase: number;
  readonly romDoneAddress: number;
  /** Whether its byte needDetach goes with that; in phase 0 only (unverified). */
  readonly romNeedDetach: boolean;
  /** Whether a download from its start replaces the one before; TF-A's write pointer never goes back (unverified). */
  readonly romRewinds: boolean;
  /** bmAttributes and wDetachTimeOut of the ROM's DFU functional descriptor (unverified). */
  readonly romAttributes: number;
  readonly romDetachTimeoutMs: number;
  /** The rest of the ROM's configuration descriptor (unverified). */
  readonly romConfiguration: LoaderConfiguration;
  /** Alternate settings of the ROM; undefined = the family's (unverified: MP21, MP23, and `@virtual` of MP13 and MP2). */
  readonly romAlternates: readonly LoaderAlternate[] | undefined;
  /** The largest FSBL, header not counted, in bytes; undefined = the family's (unverified on MP2). */
  readonly fsblLimit: number | undefined;
  /** What the ROM does with a DETACH before it has an FSBL: nothing, or it leaves the bus and starts over (unverified). */
  readonly romEarlyDetach: 'ignored' | 'restart';
  /** Alternate settings of TF-A; undefined = the family's (unverified on MP21 and MP23). Not of the legacy flavour. */
  readonly tfaAlternates: readonly LoaderAlternate[] | undefined;
  /** Where TF-A puts what it loads, instead of the family's places (unverified: legacy layout; DDR firmware on MP21). */
  readonly tfaMemory: Partial<TfaMemory>;
  /** TF-A's answer to the manifest of a FIP that is none: both are queued, nobody saw which one wins (unverified). */
  readonly badFipAnswer: 'stall' | 'ack';
}

/** How a run of U-Boot's stm32prog command ended. */
export type UbootEnd = 'prompt' | 'reset' | 'script' | 'kernel' | 'crash';

/** What firmware lets the outside know while it runs; for faults and tests, without effect on the firmware. */
export type FirmwareEvent =
  /** It appears on the bus; alternate settings by name, in order. */
  | { readonly kind: 'enumeration'; readonly alternates: readonly string[] }
  /** It wants another phase than before, as GetPhase will say. */
  | { readonly kind: 'phase'; readonly phase: number }
  /** A DNLOAD with data came: how many bytes this download has now, and the phase of its alternate setting. */
  | { readonly kind: 'block'; readonly phase: number; readonly block: number; readonly bytes: number };

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
  readonly observe?: ((event: FirmwareEvent) => void) | undefined;
}
