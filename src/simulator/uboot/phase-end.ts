import { PHASE } from '../../stm32/phases.ts';
import type { DfuCallbacks, DfuCore } from './dfu-core.ts';
import type { DfuEntity } from './dfu-entity.ts';
import { copyFsbl } from './fsbl-copies.ts';
import { parseFlashLayout } from './layout-parser.ts';
import { type LayoutRow, rowLabel } from './layout-row.ts';
import { burnOtp, burnPmic } from './medium-virtual.ts';
import { currentRow, fail, nextPhase, type Session, setPhase } from './session.ts';
import { isLegacyImage, recognizeStm32Image, STM32_HEADER_READ_BYTES } from './stm32-image.ts';

/** What stm32prog does when the DFU core starts, ends or fails a transaction. protocol.md §5.7. */
export function phaseCallbacks(session: Session, core: () => DfuCore): DfuCallbacks {
  return {
    started(entity) {
      if (currentRow(session)?.alternate === entity.alternate) entity.offset = session.offset;
    },
    failed(entity, text) {
      if (currentRow(session)?.alternate === entity.alternate) fail(session, text);
    },
    flushed(entity) {
      if (entity.medium.owner === 'virtual') {
        if (entity.phase === PHASE.OTP) burnOtp(session);
        if (entity.phase === PHASE.PMIC) burnPmic(session);
        return;
      }
      if (entity.medium.owner === 'ram' && entity.alternate === 0 && session.phase === PHASE.FLASHLAYOUT) {
        takeLayout(session, entity.offset);
      }
      const row = currentRow(session);
      if (row?.alternate !== entity.alternate) return;
      endRow(session, core(), entity, row);
      nextPhase(session);
    },
  };
}

/** What was loaded as FlashLayout: a script, or a layout of `size` bytes to parse. protocol.md §5.1. */
function takeLayout(session: Session, size: number): void {
  const { dram, hw } = session;
  const { loadAddress } = hw.chip;
  if (isLegacyImage(dram.read(loadAddress, 4))) {
    session.script = loadAddress;
    setPhase(session, PHASE.END);
    return;
  }
  parseLayout(session, size);
  if (session.rows.length === 0) fail(session, 'Layout: invalid FlashLayout');
}

/** No layout is longer; what a broken header claims beyond is not looked at. */
const LAYOUT_LIMIT = 16 * 1024 * 1024;

/** Parses what lies at the load address. `size` is what DFU received; a header's own length goes before it. */
export function parseLayout(session: Session, size: number): void {
  const { dram, hw } = session;
  const { loadAddress, dramBase, dramSize } = hw.chip;
  const image = recognizeStm32Image(dram.read(loadAddress, STM32_HEADER_READ_BYTES));
  const length = image?.version === 1 ? image.headerBytes + image.payloadBytes : size;
  const room = dramBase + dramSize - loadAddress;
  const memory = dram.read(loadAddress, Math.min(length + 1, room, LAYOUT_LIMIT));
  const parsed = parseFlashLayout(memory, size);
  dram.write(loadAddress, memory);
  session.rows = 'rows' in parsed ? parsed.rows : [];
  if ('error' in parsed && parsed.error !== '') fail(session, parsed.error);
}

function endRow(session: Session, core: DfuCore, entity: DfuEntity, row: LayoutRow): void {
  // Nothing of this where the row's device was never opened: SetPhase in the first enumeration.
  const device = session.devices.find((candidate) => candidate.rows.includes(row));
  if (row.target === 'ram' && row.type === 'System') session.kernel = Number(row.address);
  if (row.partition < 0 && !enableBootPartition(session, row)) return;
  if (row.copies > 1 && !(device && copyFsbl(core, entity, device, row))) {
    fail(session, `${rowLabel(row)}: copy of fsbl failed`);
  }
}

/** `mmc bootbus` and `mmc partconf`: the boot partition just written becomes the one that is booted, with ack. */
function enableBootPartition(session: Session, row: LayoutRow): boolean {
  const { deviceIndex } = row;
  const mmc = session.hw.storage.mmc.get(deviceIndex);
  const number = -row.partition;
  if (mmc?.kind === 'emmc' && !mmc.defects.absent) {
    mmc.setExtCsd({ PARTITION_CONFIG_179: 0x40 | (number << 3), BOOT_BUS_177: 0 });
    return true;
  }
  const commands = `mmc bootbus ${deviceIndex} 0 0 0; mmc partconf ${deviceIndex} 1 ${number} 0`;
  fail(session, `commands '${commands}' failed`);
  return false;
}
