/** The programs that serve USB one after the other, and `other` for whatever is none of them. */
export type Stage = 'rom' | 'tfa' | 'uboot' | 'other';

/** What a product string (iProduct) says. protocol.md §1.1. */
export interface ProductFacts {
  readonly stage: Stage;
  /** 0x500; undefined when the string carries none. */
  readonly deviceId: number | undefined;
  /** Never to be compared across stages: the ROM counts otherwise than TF-A and U-Boot. */
  readonly revision: number | undefined;
  /** `STM32MP157CAC Rev.Z`; undefined in the ROM and in U-Boot of 2019. */
  readonly name: string | undefined;
}

const DEVICE_ID = /@Device ID \/0x([0-9a-f]{1,8})/i;
const REVISION_ID = /@Revision ID \/0x([0-9a-f]{1,8})/i;
/** `, @Name /TEXT,`; one TF-A of STM32MP25 leaves the word out: `, /TEXT,`. */
const NAME = /,\s*(?:@Name )?\/([^,]+)/;

/**
 * Reads a product string. The stage is told by how it begins, and only a string with a device id
 * belongs to a stage: a plain `USB download gadget` is U-Boot's dfu command or SPL, and
 * `STM32  BOOTLOADER` a microcontroller.
 */
export function parseProduct(product: string): ProductFacts {
  const deviceId = hexOf(DEVICE_ID.exec(product));
  return {
    stage: deviceId === undefined ? 'other' : stageOf(product),
    deviceId,
    revision: hexOf(REVISION_ID.exec(product)),
    name: NAME.exec(product)?.[1]?.trim(),
  };
}

function stageOf(product: string): Stage {
  if (product.startsWith('DFU in ')) return 'rom';
  if (product.startsWith('DFU @')) return 'tfa';
  if (product.startsWith('USB download gadget')) return 'uboot';
  return 'other';
}

function hexOf(match: RegExpExecArray | null): number | undefined {
  return match ? Number.parseInt(match[1] as string, 16) : undefined;
}
