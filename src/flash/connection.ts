import type { Clock } from '../base/clock.ts';
import { type DfuInterface, openDfu } from '../dfu/interface.ts';
import { findAlternate } from '../stm32/alternates.ts';
import { type Board, identifyBoard } from '../stm32/board.ts';
import { CHIPS } from '../stm32/chips.ts';
import { PHASE } from '../stm32/phases.ts';
import type { UsbBus, UsbDevice, UsbDeviceInfo } from '../usb/port.ts';
import type { StageName } from './events.ts';

/** An open board in one of its stages. */
export interface Connection {
  readonly device: UsbDevice;
  readonly dfu: DfuInterface;
  readonly board: Board & { readonly stage: StageName };
}

/** Short: whoever lists a bus must not hang on a device that does not answer. */
const IDENTIFY_MS = 5_000;

/** Opens a device and reads what it is; undefined (and closed again) when it is no board of ours. */
export async function connect(bus: UsbBus, info: UsbDeviceInfo, clock: Clock): Promise<Connection | undefined> {
  const device = await bus.open(info);
  try {
    const connection = await identify(device, clock);
    if (!connection) await device.close();
    return connection;
  } catch (error) {
    await device.close();
    throw error;
  }
}

/** Reads anew what an open device is. STM32MP15's TF-A answers in the session that the ROM began. */
export async function identify(device: UsbDevice, clock: Clock): Promise<Connection | undefined> {
  const dfu = await openDfu(device, { clock, timeoutMs: IDENTIFY_MS });
  if (!dfu) return undefined;
  const board = identifyBoard(dfu);
  return isOurs(board) ? { device, dfu, board } : undefined;
}

function isOurs(board: Board): board is Connection['board'] {
  return board.stage !== 'other';
}

/** Whether the ROM of this board starts the FSBL only after a DETACH. */
export function romNeedsDetach(board: Connection['board']): boolean {
  return board.families.every((family) => CHIPS[family].romNeedsDetach);
}

/** Whether the board offers to take a FlashLayout: U-Boot's first enumeration, or what shows itself after an error (FINDINGS §1). */
export function takesLayout({ alternates }: Connection['board']): boolean {
  return findAlternate(alternates, PHASE.FLASHLAYOUT) !== undefined;
}

/** Whether it came to be on the bus by leaving it: STM32MP15's TF-A has the ROM's enumeration. */
export function hasReenumerated({ stage, ...board }: Connection['board']): boolean {
  return stage === 'uboot' || (stage === 'tfa' && romNeedsDetach({ stage, ...board }));
}
