import { PHASE } from '../../stm32/phases.ts';
import type { HardwarePartition } from '../storage/mmc-device.ts';
import { type DfuEntity, type DfuMedium, newEntity } from './dfu-entity.ts';
import { SECTOR } from './gpt.ts';
import { isProgrammed, type LayoutRow } from './layout-row.ts';
import { mmcMedium } from './medium-mmc.ts';
import { mtdMedium } from './medium-mtd.ts';
import { ramMedium } from './medium-ram.ts';
import { COMMAND_BYTES, commandMedium, otpMedium, pmicMedium } from './medium-virtual.ts';
import { findGptPartition } from './mmc-blocks.ts';
import { fail, type LayoutDevice, type Session } from './session.ts';

/** The alternate settings of one enumeration. */
export interface AlternateSet {
  /** How many the descriptors announce; the last of them have no entity when one could not be made. */
  readonly announced: number;
  readonly entities: readonly DfuEntity[];
}

/** DFU_NAME_SIZE less its NUL. */
const NAME_BYTES = 31;
/** Size of the FlashLayout alternate. protocol.md §5.1. */
const LAYOUT_BYTES = 0x40000;
const PMIC_BYTES = 8;

/** One alternate a row in order of id, or the FlashLayout's; then virtual, OTP, PMIC. protocol.md §5.6. */
export function makeAlternates(session: Session): AlternateSet {
  const wanted = session.rows.length > 0 ? rowAlternates(session) : [layoutAlternate(session)];
  wanted.push(virtualAlternate('virtual', PHASE.VIRTUAL, COMMAND_BYTES, () => commandMedium(session)));
  const { otpSize, pmic } = session.hw.chip;
  if (otpSize > 0) wanted.push(virtualAlternate('OTP', PHASE.OTP, otpSize, () => otpMedium(session, otpSize)));
  if (pmic) wanted.push(virtualAlternate('PMIC', PHASE.PMIC, PMIC_BYTES, () => pmicMedium(session)));

  const entities: DfuEntity[] = [];
  for (const alternate of wanted) {
    // DFU takes its arguments from behind the first blank: in a name, it hides them.
    const medium = /[ \t]/.test(alternate.name) ? undefined : alternate.open();
    if (!medium) {
      fail(session, 'dfu init failed: -1');
      break;
    }
    entities.push(newEntity(entities.length, alternate.phase, alternate.name.slice(0, NAME_BYTES), medium));
  }
  const hidden = session.rows.filter((row) => row.target !== 'none' && row.alternate < 0).length;
  return { announced: wanted.length + hidden, entities };
}

interface Wanted {
  readonly phase: number;
  readonly name: string;
  /** Undefined when there is nothing to open. */
  readonly open: () => DfuMedium | undefined;
}

function layoutAlternate(session: Session): Wanted {
  return {
    phase: PHASE.FLASHLAYOUT,
    name: '@FlashLayout/0x00/1*256Ke',
    open: () => ramMedium(session, session.hw.chip.loadAddress, LAYOUT_BYTES),
  };
}

function virtualAlternate(name: string, phase: number, size: number, open: () => DfuMedium): Wanted {
  return { phase, name: `@${name}/0x${phase.toString(16)}/1*${size}Be`, open };
}

/** The first row with an id counts, also one whose IP is none: it hides a later one. */
function rowAlternates(session: Session): Wanted[] {
  const wanted: Wanted[] = [];
  for (let id = 1; id <= PHASE.LAST_USER; id += 1) {
    const row = session.rows.find((candidate) => candidate.id === id);
    if (!row || row.target === 'none') continue;
    row.alternate = wanted.length;
    wanted.push({ phase: id, name: rowName(row), open: () => openRow(session, row) });
  }
  return wanted;
}

function rowName(row: LayoutRow): string {
  const units = [
    ['G', 30n],
    ['M', 20n],
    ['K', 10n],
  ] as const;
  const [unit, shift] = units.find(([, bits]) => row.size > 1n << bits) ?? ['B', 0n];
  const id = row.id.toString(16).padStart(2, '0');
  return `@${row.name}/0x${id}/1*${row.size >> shift}${unit}${isProgrammed(row) ? 'e' : 'a'}`;
}

function openRow(session: Session, row: LayoutRow): DfuMedium | undefined {
  const device = session.devices.find((candidate) => candidate.rows.includes(row));
  if (row.target === 'ram') return ramMedium(session, Number(row.address), Number(row.size));
  if (device?.mmc) return openMmcRow(session, device, row);
  return device?.mtd && openMtdRow(session, device, row);
}

function openMmcRow(session: Session, { mmc }: LayoutDevice, row: LayoutRow): DfuMedium | undefined {
  if (!mmc) return undefined;
  if (row.type === 'RawImage' || row.partition < 0) {
    const partition = (row.partition < 0 ? -row.partition : 0) as HardwarePartition;
    return mmcMedium(session, { mmc, partition, first: 0, count: Number(row.size) / SECTOR });
  }
  const entry = findGptPartition(mmc, row.partition);
  return entry && mmcMedium(session, { mmc, partition: 0, first: entry.first, count: entry.last + 1 - entry.first });
}

function openMtdRow(session: Session, { mtd }: LayoutDevice, row: LayoutRow): DfuMedium | undefined {
  if (!mtd) return undefined;
  const whole = { offset: 0, sizeBytes: Number(row.size) };
  const found = row.type === 'RawImage' ? whole : mtd.partitions[row.partition - 1];
  const block = mtd.eraseBlockBytes;
  if (!found || found.offset % block !== 0 || found.sizeBytes % block !== 0) return undefined;
  return mtdMedium(session, { mtd, start: found.offset, sizeBytes: found.sizeBytes, ubi: row.type === 'System' });
}
