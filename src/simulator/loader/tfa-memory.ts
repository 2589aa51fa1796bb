import type { Family } from '../../stm32/chips.ts';

interface Place {
  readonly base: number;
  readonly bytes: number;
}

/** Where TF-A puts what it loads over USB. */
export interface TfaMemory {
  /** DWL_BUFFER_BASE and _SIZE. */
  readonly fip: Place;
  /** DWL_DDR_BUFFER_BASE and _SIZE: in SYSRAM, STM32MP2 only. */
  readonly ddrFip: Place;
  /** FLASHLAYOUT_BASE; ST's TF-A up to v2.4 only. The address is unverified, the size is the alternate setting's. */
  readonly layout: Place;
}

const MP1: TfaMemory = {
  fip: { base: 0xc7000000, bytes: 0x01000000 },
  ddrFip: { base: 0, bytes: 0 },
  layout: { base: 0xc0000000, bytes: 0x40000 },
};

const MP2: TfaMemory = {
  fip: { base: 0x87000000, bytes: 0x01000000 },
  ddrFip: { base: 0x0e000000, bytes: 0xa000 },
  layout: { base: 0, bytes: 0 },
};

/** protocol.md §6.2, §13. */
export const TFA_MEMORY: Readonly<Record<Family, TfaMemory>> = {
  mp13: MP1,
  mp15: MP1,
  mp21: MP2,
  mp23: MP2,
  mp25: MP2,
};
