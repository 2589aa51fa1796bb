/** Faultless layouts to break in one place; rows with blanks in place of TABs, from line 2 on. */
const BOOT = ['- 0x01 fsbl-boot Binary none 0x0 fsbl.stm32', '- 0x03 fip-boot FIP none 0x0 fip.bin'];

export const BOARDS = {
  sd: [
    ...BOOT,
    'P 0x04 fsbl1 Binary mmc0 0x00004400 fsbl.stm32',
    'P 0x05 fsbl2 Binary mmc0 0x00044400 fsbl.stm32',
    'P 0x06 metadata1 FWU_MDATA mmc0 0x00084400 metadata.bin',
    'P 0x07 metadata2 FWU_MDATA mmc0 0x000C4400 metadata.bin',
    'P 0x08 fip-a FIP mmc0 0x00104400 fip.bin',
    'PED 0x09 fip-b FIP mmc0 0x00504400 none',
    'PED 0x0A u-boot-env ENV mmc0 0x00904400 none',
    'P 0x10 bootfs System mmc0 0x00984400 bootfs.ext4',
    'P 0x11 rootfs FileSystem mmc0 0x04984400 rootfs.ext4',
  ],
  emmc: [
    ...BOOT,
    'P 0x04 fsbl1 Binary mmc1 boot1 fsbl.stm32',
    'P 0x05 fsbl2 Binary mmc1 boot2 fsbl.stm32',
    'P 0x08 fip FIP mmc1 0x00080000 fip.bin',
    'P 0x10 bootfs System mmc1 0x00480000 bootfs.ext4',
    'P 0x11 rootfs FileSystem mmc1 0x04480000 rootfs.ext4',
  ],
  nor: [
    ...BOOT,
    'P 0x04 fsbl1 Binary nor0 0x00000000 fsbl.stm32',
    'P 0x05 fsbl2 Binary nor0 0x00040000 fsbl.stm32',
    'P 0x06 fip FIP nor0 0x00080000 fip.bin',
    'PE 0x07 rest Binary nor0 0x00480000 none',
  ],
  nand: [
    ...BOOT,
    'P 0x04 fsbl Binary(2) nand0 0x00000000 fsbl.stm32',
    'P 0x05 fip FIP nand0 0x00200000 fip.bin',
    'P 0x10 ubi System nand0 0x00600000 rootfs.ubi',
  ],
  raw: [...BOOT, 'P 0x10 sdcard RawImage mmc0 0x0 sdcard.img'],
  ram: [...BOOT, 'P 0x10 kernel System ram0 0xC2000000 uImage', 'P 0x11 dtb FileSystem ram0 0xC4000000 board.dtb'],
} as const satisfies Record<string, readonly string[]>;

export type BoardName = keyof typeof BOARDS;

/** The board's layout with some lines replaced or, where null, deleted. Line 1 is the header. */
export function brokenLayout(board: BoardName, edits: Readonly<Record<number, string | null>> = {}): string {
  const lines = ['#Opt Id Name Type IP Offset Binary', ...BOARDS[board]].map((line, index) =>
    edits[index + 1] === undefined ? line : edits[index + 1],
  );
  const more = Object.entries(edits)
    .filter(([line]) => Number(line) > lines.length)
    .map(([, text]) => text);
  return [...lines, ...more]
    .filter((line) => line !== null && line !== undefined)
    .map((line) => (line.includes('\t') || line.startsWith(' ') ? line : line.replaceAll(' ', '\t')))
    .map((line) => `${line}\n`)
    .join('');
}
