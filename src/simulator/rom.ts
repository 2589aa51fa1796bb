import { hexNumber } from '../base/sizes.ts';
import { DFU_STATE } from '../dfu/constants.ts';
import { decodeStm32Header, STM32_HEADER_FAMILIES, stm32Checksum } from '../image/stm32-header.ts';
import type { Family } from '../stm32/chips.ts';
import { PHASE } from '../stm32/phases.ts';
import type { Hardware, SimulatedChip } from './hardware.ts';
import { ROM_ALTERNATES } from './loader/alternates.ts';
import { LoaderDfuGadget, type LoaderFunction } from './loader/dfu-gadget.ts';
import { PhaseMemory } from './loader/phase-memory.ts';
import { whilePowered } from './power.ts';

/** The largest payload of an FSBL, without its header (protocol.md §2.2; MP2: the alternate setting's size). */
const FSBL_PAYLOAD_LIMIT: Readonly<Record<Family, number>> = {
  mp13: 128 * 1024,
  mp15: 247 * 1024,
  mp21: 256 * 1024,
  mp23: 256 * 1024,
  mp25: 256 * 1024,
};
/** No header is longer; what comes beyond header and payload is refused at the end of the download. */
const HEADER_ROOM = 4096;
const NO_ADDRESS = 0xffffffff;

/**
 * The ROM's USB boot: serves DFU until a first-stage boot loader that fits the chip has come, and ends
 * when the ROM jumps to it. STM32MP15 stays on the bus and is silent then; the others have left it, after
 * a DETACH (protocol.md §2). Rejects when the power goes.
 */
export async function runRom(hw: Hardware): Promise<void> {
  const keepsSession = hw.chip.family === 'mp15';
  while ((await session(hw, keepsSession)) === 'restart') {
    await leave(hw);
    await hw.clock.sleep(hw.settings.resetToRomMs, hw.power);
  }
  if (keepsSession) hw.usb.silence();
  else await leave(hw);
  await hw.clock.sleep(hw.settings.romToTfaMs, hw.power);
}

type SessionEnd = 'jump' | 'restart';

/** One appearance on the bus; the ROM is still there when this resolves. */
function session(hw: Hardware, keepsSession: boolean): Promise<SessionEnd> {
  const end = whilePowered<SessionEnd>(hw.power);
  hw.usb.attach(new LoaderDfuGadget(romFunction(hw, keepsSession, end.resolve)));
  return end.promise;
}

async function leave(hw: Hardware): Promise<void> {
  await hw.clock.sleep(hw.settings.detachMs, hw.power);
  hw.usb.detach();
}

function romFunction(hw: Hardware, keepsSession: boolean, end: (how: SessionEnd) => void): LoaderFunction {
  const { chip, settings } = hw;
  const alternates = settings.romAlternates ?? ROM_ALTERNATES[chip.family];
  const limit = settings.fsblLimit ?? FSBL_PAYLOAD_LIMIT[chip.family];
  const memory = new PhaseMemory();
  const restart = () => memory.expect(settings.romPhase, addressOf(settings.romAddress), limit + HEADER_ROOM);
  let complete = false;
  let tooLong = false;
  restart();
  return {
    product: romProduct(chip),
    serial: hw.serial,
    alternates,
    configuration: settings.romConfiguration,
    descriptor: {
      attributes: settings.romAttributes,
      detachTimeoutMs: settings.romDetachTimeoutMs,
      transferSize: 1024,
      version: 0x0110,
    },
    afterBlock: { state: DFU_STATE.dfuDNLOAD_IDLE, pollTimeoutMs: 1 },
    inherited: false,
    download(alternate, data, first) {
      if (alternates[alternate]?.phase !== PHASE.FSBL || complete) return 'stall';
      if (first && settings.romRewinds) restart();
      tooLong = !memory.append(data);
      return 'ok';
    },
    manifest() {
      const refusal = tooLong ? 'it is too long' : fsblRefusal(memory.content, chip.family, limit);
      if (refusal) hw.log.info({ serial: hw.serial }, `ROM refuses the FSBL: ${refusal}`);
      complete = refusal === undefined;
      if (complete && !keepsSession) memory.expect(settings.romDonePhase, addressOf(settings.romDoneAddress), 0);
      return { answer: 'ack', refused: !complete };
    },
    upload(alternate) {
      if (alternates[alternate]?.phase !== PHASE.VIRTUAL) return 'stall';
      return complete ? memory.reply(settings.romNeedDetach) : memory.reply();
    },
    manifested() {
      if (complete && keepsSession) end('jump');
    },
    detach() {
      if (complete) end('jump');
      else if (settings.romEarlyDetach === 'restart') end('restart');
    },
  };
}

function addressOf(setting: number): number | undefined {
  return setting === NO_ADDRESS ? undefined : setting;
}

/** iProduct of the ROM (protocol.md §1.1). */
export function romProduct({ deviceId, romRevision }: SimulatedChip): string {
  return `DFU in HS Mode @Device ID /${hexNumber(deviceId, 3)}, @Revision ID /${hexNumber(romRevision, 4)}`;
}

/** Why a ROM of `family` does not start this image; undefined when it does. */
function fsblRefusal(image: Uint8Array, family: Family, limit: number): string | undefined {
  const verdict = decodeStm32Header(image);
  if (!verdict.ok) return verdict.reason;
  const { version, headerBytes, payloadBytes, checksum } = verdict.value;
  const families: readonly Family[] = STM32_HEADER_FAMILIES[version];
  if (!families.includes(family)) return `header version ${version} is not for ${family}`;
  if (payloadBytes === 0) return 'it has no payload';
  if (payloadBytes > limit) return `${payloadBytes} bytes are too many`;
  if (image.length < headerBytes + payloadBytes) {
    return `it has ${image.length} bytes instead of ${headerBytes + payloadBytes}`;
  }
  const sum = stm32Checksum(image.subarray(headerBytes, headerBytes + payloadBytes));
  return sum === checksum ? undefined : `checksum ${hexNumber(sum, 8)} instead of ${hexNumber(checksum, 8)}`;
}
