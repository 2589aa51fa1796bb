import { PHASE } from '../../stm32/phases.ts';
import { SECTOR } from './gpt.ts';
import { isSelected, type LayoutRow, rowLabel } from './layout-row.ts';
import { blockCount, findGptPartition } from './mmc-blocks.ts';
import type { LayoutDevice, Session } from './session.ts';

const MAX_DEVICES = 5;
/** Sectors of MBR, GPT header and entries. */
const GPT_SECTORS = 34;

/** Sorts the rows into devices. The text of the first error, or undefined. protocol.md §5.3. */
export function collectDevices(session: Session): string | undefined {
  const { rows, devices } = session;
  for (const [index, row] of rows.entries()) {
    row.alternate = -1;
    const id = `0x${row.id.toString(16)}`;
    if (row.target === 'none') {
      if (isSelected(row)) return `Layout: selected none phase = ${id} for part ${row.name}`;
      continue;
    }
    if (row.id === PHASE.FLASHLAYOUT) return `Layout: invalid phase = ${id} for part ${row.name}`;
    const twin = rows.slice(index + 1).find((later) => later.id === row.id);
    if (twin) return `Layout: duplicated phase ${id} for part ${row.name} and ${twin.name}`;
    let device = devices.find((known) => known.target === row.target && known.index === row.deviceIndex);
    if (!device) {
      if (devices.length === MAX_DEVICES) return 'Layout: too many device';
      device = { target: row.target, index: row.deviceIndex, rows: [], fullUpdate: true };
      devices.push(device);
    }
    if (!isSelected(row)) device.fullUpdate = false;
    device.rows.push(row);
  }
  return undefined;
}

/** Where rows may lie on an opened device. Bytes. */
interface Geometry {
  readonly first: bigint;
  /** End of what can be used. */
  readonly last: bigint;
  readonly eraseBytes: number;
  /** Size of a RawImage row. */
  readonly whole: bigint;
}

/** Opens the device and settles place and size of its rows. The text of the first error, or undefined. */
export function openDevice(session: Session, device: LayoutDevice): string | undefined {
  const geometry = findGeometry(session, device);
  if (typeof geometry === 'string') return geometry;
  device.rows.sort(byPlace);
  let nextNumber = 1;
  for (const [index, row] of device.rows.entries()) {
    const error = checkCopies(device, row);
    if (error !== undefined) return error;
    if (row.type === 'RawImage') {
      row.partition = 0;
      row.address = 0n;
      row.size = geometry.whole;
      continue;
    }
    if (row.partition < 0) {
      if (!device.mmc) return `${rowLabel(row)}: hw partition not expected : ${row.partition}`;
      row.size = BigInt(device.mmc.bootBytes);
    } else {
      row.partition = nextNumber;
      nextNumber += 1;
      const misplaced = settleSize(row, device.rows[index + 1], geometry);
      if (misplaced !== undefined) return misplaced;
    }
    const mismatch = checkAlignment(row, geometry) ?? checkAgainstTable(device, row, nextNumber);
    if (mismatch !== undefined) return mismatch;
  }
  return undefined;
}

function findGeometry(session: Session, device: LayoutDevice): Geometry | string {
  const { storage, chip } = session.hw;
  if (device.target === 'ram') {
    const last = BigInt(chip.dramBase) + BigInt(chip.dramSize);
    return { first: BigInt(chip.dramBase), last, eraseBytes: 1, whole: last };
  }
  if (device.target === 'mmc') {
    const mmc = storage.mmc.get(device.index);
    if (!mmc || mmc.defects.absent) return `mmc device ${device.index} not found`;
    device.mmc = mmc;
    const blocks = blockCount(mmc);
    const group = mmc.eraseGroupBytes / SECTOR;
    const large = group > GPT_SECTORS;
    return {
      first: BigInt((large ? group : GPT_SECTORS) * SECTOR),
      last: BigInt((blocks - (large ? group : GPT_SECTORS + 1)) * SECTOR),
      eraseBytes: mmc.eraseGroupBytes,
      whole: BigInt(blocks * SECTOR),
    };
  }
  const name = `${device.target}${device.index}`;
  const mtd = storage.mtd.get(name);
  if (!mtd || mtd.defects.absent) return `MTD device ${name} not found`;
  device.mtd = mtd;
  const size = BigInt(mtd.sizeBytes);
  return { first: 0n, last: size, eraseBytes: mtd.eraseBlockBytes, whole: size };
}

function byPlace(a: LayoutRow, b: LayoutRow): number {
  if (a.partition !== b.partition) return a.partition - b.partition;
  return a.address > b.address ? 1 : a.address < b.address ? -1 : 0;
}

function checkCopies(device: LayoutDevice, row: LayoutRow): string | undefined {
  if (row.copies <= 1) return undefined;
  const isNand = device.target === 'nand' || device.target === 'spi-nand';
  if (isNand && row.id < PHASE.FIRST_USER && row.name.startsWith('fsbl')) return undefined;
  return `${rowLabel(row)}: multiple binary ${row.copies | 0} not supported`;
}

/** Up to the next row, whatever that is; the last one up to the end. */
function settleSize(row: LayoutRow, next: LayoutRow | undefined, { first, last }: Geometry): string | undefined {
  const hex = (value: bigint): string => `0x${value.toString(16)}`;
  if (next) {
    if (row.address >= next.address) {
      return `${rowLabel(row)}: same address : ${hex(row.address)} == ${rowLabel(next)}: ${hex(next.address)}`;
    }
    row.size = next.address - row.address;
  } else {
    if (row.address > last) return `${rowLabel(row)}: invalid address ${hex(row.address)} (max=${hex(last)})`;
    row.size = last - row.address;
  }
  if (row.address < first) return `${rowLabel(row)}: invalid address ${hex(row.address)} (min=${hex(first)})`;
  return undefined;
}

function checkAlignment(row: LayoutRow, { eraseBytes }: Geometry): string | undefined {
  if ((row.address & BigInt(eraseBytes - 1)) === 0n) return undefined;
  return `${rowLabel(row)}: not aligned address : 0x${row.address.toString(16)} on erase size 0x${eraseBytes.toString(16)}`;
}

/** MTD rows must always be what the device tree says, mmc rows what the GPT says when it is not written anew. */
function checkAgainstTable(device: LayoutDevice, row: LayoutRow, nextNumber: number): string | undefined {
  if (device.mmc) {
    if (device.fullUpdate || row.partition < 0) return undefined;
    const entry = findGptPartition(device.mmc, row.partition);
    // The number in this message is the next one, as the real code prints it (protocol.md §5.3).
    if (!entry) return `${rowLabel(row)}:Couldn't find part ${nextNumber} on device mmc ${device.index}`;
    return compare(row, entry.name, entry.first * SECTOR, (entry.last + 1 - entry.first) * SECTOR);
  }
  if (device.mtd) {
    const found = device.mtd.partitions[row.partition - 1];
    if (!found) return `${rowLabel(row)}:Couldn't find part ${row.partition} on device mtd ${device.mtd.name}`;
    return compare(row, found.name, found.offset, found.sizeBytes);
  }
  return undefined;
}

function compare(row: LayoutRow, name: string, address: number, size: number): string | undefined {
  const at = `0x${row.address.toString(16)}`;
  if (row.address !== BigInt(address)) {
    return `${rowLabel(row)}: Bad address for partition ${row.partition} (${name}) = ${at} <> 0x${address.toString(16)} expected`;
  }
  if (row.size !== BigInt(size)) {
    const sizes = `0x${row.size.toString(16)} <> 0x${size.toString(16)} expected`;
    return `${rowLabel(row)}: Bad size for partition ${row.partition} (${name}) at ${at} = ${sizes}`;
  }
  return undefined;
}
