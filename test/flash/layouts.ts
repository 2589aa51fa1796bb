import { CHIPS, type Family } from '../../src/stm32/chips.ts';
import { makeDdrFip, makeFip, makeFsbl, makeSsbl } from '../image/make.ts';

/** The text of a layout: one row a line, its columns set apart by blanks. */
export function layoutText(...rows: readonly string[]): string {
  return rows.map((row) => `${row.trim().split(/\s+/).join('\t')}\n`).join('');
}

/** A layout with the boot files that ROM and TF-A of a family ask for, and what they contain. */
export interface BootFiles {
  readonly rows: readonly string[];
  readonly images: Readonly<Record<string, Uint8Array>>;
}

export function bootFiles(family: Family): BootFiles {
  const isMp2 = CHIPS[family].ubootLoadAddress === CHIPS.mp25.ubootLoadAddress;
  return {
    rows: [
      '- 0x01 fsbl-boot Binary none 0x0 tf-a.stm32',
      ...(isMp2 ? ['- 0x02 fip-ddr FIP none 0x0 fip-ddr.bin'] : []),
      '- 0x03 fip-boot FIP none 0x0 fip.bin',
    ],
    images: {
      'tf-a.stm32': makeFsbl({ family }),
      ...(isMp2 ? { 'fip-ddr.bin': makeDdrFip() } : {}),
      'fip.bin': makeFip(),
    },
  };
}

/** The older way on STM32MP15: `u-boot.stm32` in place of the FIP. */
export function legacyBootFiles(): BootFiles {
  return {
    rows: ['- 0x01 fsbl-boot Binary none 0x0 tf-a.stm32', '- 0x03 ssbl-boot Binary none 0x0 u-boot.stm32'],
    images: { 'tf-a.stm32': makeFsbl({ family: 'mp15' }), 'u-boot.stm32': makeSsbl() },
  };
}
