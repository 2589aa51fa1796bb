import type { Family } from '../../stm32/chips.ts';
import { PHASE } from '../../stm32/phases.ts';

/** An alternate setting of ROM or TF-A: its string, and the phase that a download to it is for. */
export interface LoaderAlternate {
  readonly name: string;
  readonly phase: number;
}

const VIRTUAL: LoaderAlternate = { name: '@virtual /0xF1/1*512Ba', phase: PHASE.VIRTUAL };

/** STM32MP15: TF-A shows what the ROM showed, because the session goes on (protocol.md §2.2). */
const MP15_NAMES = [
  '@Partition0 /0x00/1*256Ke',
  '@FSBL /0x01/1*1Me',
  '@Partition2 /0x02/1*1Me',
  '@Partition3 /0x03/1*16Me',
  '@Partition4 /0x04/1*16Me',
] as const;

// An alternate setting that is not used maps to the phase of errors, as usb_dfu_get_phase has it.
function mp15(used: Readonly<Record<number, number>>): readonly LoaderAlternate[] {
  return [...MP15_NAMES.map((name, index) => ({ name, phase: used[index] ?? PHASE.ERROR })), VIRTUAL];
}

const MP2_ROM = [{ name: '@FSBL /0x01/1*256Ke', phase: PHASE.FSBL }, VIRTUAL];
const MP2_TFA = [
  { name: '@DDR FIP /0x02/1*32Ke', phase: PHASE.DDR_FIP },
  { name: '@FIP /0x03/1*16Me', phase: PHASE.SSBL },
  VIRTUAL,
];

/** protocol.md §2.2; MP21 and MP23 are taken to be like MP25 (unverified). */
export const ROM_ALTERNATES: Readonly<Record<Family, readonly LoaderAlternate[]>> = {
  mp13: [{ name: '@FSBL /0x01/1*128Ke', phase: PHASE.FSBL }, VIRTUAL],
  mp15: mp15({ 1: PHASE.FSBL }),
  mp21: MP2_ROM,
  mp23: MP2_ROM,
  mp25: MP2_ROM,
};

/** TF-A's usb_dfu_get_phase by platform (protocol.md §1.2, §3). */
export const TFA_ALTERNATES: Readonly<Record<Family, readonly LoaderAlternate[]>> = {
  mp13: [{ name: '@SSBL /0x03/1*16Me', phase: PHASE.SSBL }, VIRTUAL],
  mp15: mp15({ 3: PHASE.SSBL }),
  mp21: MP2_TFA,
  mp23: MP2_TFA,
  mp25: MP2_TFA,
};

/** ST's TF-A up to v2.4 on STM32MP15: the FlashLayout goes to alternate setting 0. */
export const LEGACY_TFA_ALTERNATES: readonly LoaderAlternate[] = mp15({ 0: PHASE.FLASHLAYOUT, 3: PHASE.SSBL });
