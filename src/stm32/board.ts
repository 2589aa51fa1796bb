import type { DfuAlternate } from '../dfu/descriptors.ts';
import type { DfuInterface } from '../dfu/interface.ts';
import type { UsbDeviceInfo } from '../usb/port.ts';
import { type Family, familiesOf } from './chips.ts';
import { parseProduct, type Stage } from './stage.ts';

/** The DFU devices of ST. Microcontrollers in DFU mode answer to the same pair (protocol.md §1.1). */
const ST_DFU = { vendorId: 0x0483, productId: 0xdf11 } as const;

/** bcdDevice of all stages (protocol.md §1.1). The ROM of most microcontrollers says 22.00. */
const BOARD_VERSION = 0x0200;

/** Whether a device calls itself an ST device in DFU mode: a board, or a microcontroller. */
export function isStDfu(info: UsbDeviceInfo): boolean {
  return info.vendorId === ST_DFU.vendorId && info.productId === ST_DFU.productId;
}

/** Whether it may be a board of ours, by what the bus lists; what it is, identifyBoard tells. Nothing else is opened. */
export function mayBeBoard(info: UsbDeviceInfo): boolean {
  return isStDfu(info) && info.deviceVersion === BOARD_VERSION;
}

/** What a device in DFU mode says about itself. */
export interface Board {
  /** `other` is to be listed and never touched. */
  readonly stage: Stage;
  /** One; two (mp23, mp25) where the stage gives no name; none for `other`. */
  readonly families: readonly Family[];
  readonly deviceId: number | undefined;
  readonly revision: number | undefined;
  /** `STM32MP157CAC Rev.Z`. */
  readonly name: string | undefined;
  /** The same in all stages, unless U-Boot's environment overrides it. */
  readonly serial: string | undefined;
  readonly product: string;
  readonly port: string;
  readonly alternates: readonly DfuAlternate[];
}

/**
 * ST's PRGFW-UTIL (fuses, PMIC, external flash) has the product string of U-Boot, and a GetPhase that moves on
 * with each question (protocol.md §4.1, §8). U-Boot writes no space in front of an id.
 */
const PROGRAMMER_FIRMWARE = /^@FSBL-EXT \/0x03\//i;

/**
 * Says which board this is and how far it has come. A product string of one of our stages with a
 * device id of no known family is `other` as well, and so is ST's programmer firmware.
 */
export function identifyBoard(dfu: DfuInterface): Board {
  const product = dfu.product ?? '';
  const facts = parseProduct(product);
  const families = facts.deviceId === undefined ? [] : familiesOf(facts.deviceId, facts.name);
  const isProgrammer = dfu.alternates.some(({ name }) => name !== undefined && PROGRAMMER_FIRMWARE.test(name));
  const ours = facts.stage !== 'other' && families.length > 0 && !isProgrammer;
  return {
    ...facts,
    stage: ours ? facts.stage : 'other',
    families: ours ? families : [],
    serial: dfu.serial,
    product,
    port: dfu.device.info.port,
    alternates: dfu.alternates,
  };
}
