/** What a layout is for: who reads it, and what of it is to be there. */
export const PROFILES = ['uboot', 'prgfw-util', 'bare-metal', 'template'] as const;
export type Profile = (typeof PROFILES)[number];

/** The rules that have nothing to say under a profile. */
export const SILENT: Readonly<Record<Profile, ReadonlySet<string>>> = {
  uboot: new Set(),
  // ST's helper firmware and external loaders: no U-Boot, no GPT, and selected rows without a device (layout-grammar.md §6).
  'prgfw-util': new Set([
    'ip-none-selected',
    'missing-ssbl-phase',
    'missing-ddr-phase',
    'offset-below-gpt',
    'emmc-first-offset',
    'offset-duplicate',
    'fip-missing',
    'fip-magic',
    'fsbl-single-copy',
    'fip-beyond-tfa-gpt-window',
  ]),
  // A program in place of the FSBL, which starts nothing else.
  'bare-metal': new Set([
    'missing-ssbl-phase',
    'missing-ddr-phase',
    'fip-missing',
    'fsbl-single-copy',
    'nand-single-fsbl',
    'boot-file-usb-variant',
  ]),
  // Cells with tokens count as unknown (subject.ts).
  template: new Set(),
};
