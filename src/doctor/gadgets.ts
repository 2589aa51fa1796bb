/** What a board of ST shows itself as on USB, by the pair of ids. */
export interface Gadget {
  readonly vendorId: string;
  readonly productId: string;
  /** Who shows it, and for what. */
  readonly about: string;
  /** How a host reaches it: over the USB device itself, or as a disk. */
  readonly reached: 'usb' | 'block';
}

/** All ids of the ROM, TF-A and U-Boot, in sysfs's spelling (protocol.md §1.1, §8; Q-7). */
export const GADGETS: readonly Gadget[] = [
  {
    vendorId: '0483',
    productId: 'df11',
    about: 'ROM, TF-A and U-Boot in DFU mode (STM32 microcontrollers in DFU mode share these ids)',
    reached: 'usb',
  },
  { vendorId: '0483', productId: '0afb', about: 'U-Boot in fastboot mode', reached: 'usb' },
  {
    vendorId: '0483',
    productId: '5720',
    about: 'every other gadget of U-Boot: mass storage (ums) shows the media of the board as disks',
    reached: 'block',
  },
];

export function idsOf({ vendorId, productId }: Gadget): string {
  return `${vendorId}:${productId}`;
}
