import type { DeviceFacts } from '../layout/usable-area.ts';
import type { Family } from '../stm32/chips.ts';

/** What a board has, as far as that is certain: nobody knows how large the SD card is. */
export interface ReferenceBoard {
  readonly name: string;
  readonly family: Family;
  /** All devices that a layout can name, by their name in the IP column. */
  readonly devices: Readonly<Record<string, DeviceFacts>>;
}

const SD = { mmc0: {} } as const;
const SD_AND_EMMC = { mmc0: {}, mmc1: {} } as const;
const MIB = 2 ** 20;

/**
 * ST's boards with the memories of ST's wiki (STM32 MPU Flash mapping); the NOR flash of the STM32MP157C-EV1
 * is an mx66l51235l (its device tree): 64 MiB.
 */
export const REFERENCE_BOARDS: readonly ReferenceBoard[] = [
  { name: 'stm32mp135f-dk', family: 'mp13', devices: SD },
  { name: 'stm32mp157c-dk2', family: 'mp15', devices: SD },
  { name: 'stm32mp157f-dk2', family: 'mp15', devices: SD },
  {
    name: 'stm32mp157c-ev1',
    family: 'mp15',
    devices: { ...SD_AND_EMMC, nor0: { sizeBytes: 64 * MIB }, nand0: {} },
  },
  { name: 'stm32mp215f-dk', family: 'mp21', devices: SD },
  { name: 'stm32mp235f-dk', family: 'mp23', devices: SD_AND_EMMC },
  { name: 'stm32mp257f-dk', family: 'mp25', devices: SD_AND_EMMC },
  { name: 'stm32mp257f-ev1', family: 'mp25', devices: { ...SD_AND_EMMC, nor1: {} } },
];
