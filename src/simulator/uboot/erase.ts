import type { HardwarePartition } from '../storage/mmc-device.ts';
import { isErased, type LayoutRow, rowLabel } from './layout-row.ts';
import { fail, type LayoutDevice, type Session, spendErasing } from './session.ts';

/** Erases the rows with `D` that are RawImage, or those that are not. False after a failure. protocol.md §5.5. */
export function eraseRows(session: Session, which: 'raw' | 'partitions'): boolean {
  const rows = session.rows.filter((row) => isErased(row) && (row.type === 'RawImage') === (which === 'raw'));
  return rows.every((row) => eraseRow(session, row));
}

function eraseRow(session: Session, row: LayoutRow): boolean {
  const device = session.devices.find((candidate) => candidate.rows.includes(row));
  const address = Number(row.address);
  const size = Number(row.size);
  if (device?.mmc) {
    const part = (row.partition < 0 ? -row.partition : 0) as HardwarePartition;
    // A card has no boot partition to switch to: stops here without a message of its own.
    if (device.mmc.medium(part) === undefined) return false;
    spendErasing(session, size, device.mmc.defects.eraseMsPerMiB);
    if (device.mmc.erase(part, address, size)) return true;
    fail(session, `${rowLabel(row)}: MMC erase failed`);
    return false;
  }
  if (device?.mtd) {
    spendErasing(session, size, device.mtd.defects.eraseMsPerMiB);
    if (eraseBlocks(device, address, size)) return true;
    const command = `mtd erase ${device.mtd.name} 0x${row.address.toString(16)} 0x${row.size.toString(16)}`;
    fail(session, `${rowLabel(row)}: MTD erase commands failed (${command})`);
    return false;
  }
  session.dram.clear(address, size);
  return true;
}

/** `mtd erase`: blocks of a NAND that are bad or will not erase are passed over. */
function eraseBlocks({ mtd }: LayoutDevice, address: number, size: number): boolean {
  if (!mtd || mtd.defects.absent || size % mtd.eraseBlockBytes !== 0) return false;
  for (let at = address; at < address + size; at += mtd.eraseBlockBytes) {
    if (!mtd.erase(at) && !mtd.isNand) return false;
  }
  return true;
}
