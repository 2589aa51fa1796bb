import { hexNumber } from '../base/sizes.ts';
import { DFU_STATE } from '../dfu/constants.ts';
import { decodeFip } from '../image/fip.ts';
import { decodeStm32Header, stm32Checksum } from '../image/stm32-header.ts';
import { PHASE } from '../stm32/phases.ts';
import type { Hardware, SimulatedChip } from './hardware.ts';
import { LEGACY_TFA_ALTERNATES, TFA_ALTERNATES } from './loader/alternates.ts';
import { LOADER_CONFIGURATION, LoaderDfuGadget, type LoaderFunction } from './loader/dfu-gadget.ts';
import { PhaseMemory } from './loader/phase-memory.ts';
import { TFA_MEMORY } from './loader/tfa-memory.ts';
import { whilePowered } from './power.ts';
import { romProduct } from './rom.ts';

/** What TF-A leaves behind: the next stage with what lies in memory, or a processor that stands still. */
export type TfaEnd = { readonly started: true; readonly layout?: Uint8Array } | { readonly started: false };

interface Loaded {
  layout?: Uint8Array;
  image?: Uint8Array;
}

/**
 * TF-A's BL2 in serial boot: loads the FIP (STM32MP2: the DDR firmware first, in a session of its own) and
 * starts it. A DETACH before the image is there starts garbage: BL2 panics (protocol.md §6.2).
 */
export async function runTfa(hw: Hardware): Promise<TfaEnd> {
  const { family } = hw.chip;
  const legacy = hw.settings.tfaFlavour === 'legacy' && family === 'mp15';
  const loaded: Loaded = {};
  if (family !== 'mp13' && family !== 'mp15') {
    const firmware = await session(hw, PHASE.DDR_FIP, loaded);
    if (!holds(hw, firmware, ['DDR_FW'])) return { started: false };
    await hw.clock.sleep(hw.settings.ddrInitMs, hw.power);
  }
  const image = await session(hw, legacy ? PHASE.FLASHLAYOUT : PHASE.SSBL, loaded);
  const started = image !== undefined && (isStm32Image(image) || holds(hw, image, ['FW_CONFIG', 'BL33']));
  await hw.clock.sleep(hw.settings.tfaToUbootMs, hw.power);
  if (!started) return { started };
  return loaded.layout === undefined ? { started } : { started, layout: loaded.layout };
}

/** One USB session, up to the DETACH that ends it: the image that `loaded` got, or undefined. */
async function session(hw: Hardware, firstPhase: number, loaded: Loaded): Promise<Uint8Array | undefined> {
  const detached = whilePowered<void>(hw.power);
  delete loaded.image;
  const gadget = new LoaderDfuGadget(tfaFunction(hw, firstPhase, loaded, detached.resolve));
  if (hw.usb.visible) hw.usb.replace(gadget);
  else hw.usb.attach(gadget);
  await detached.promise;
  await hw.clock.sleep(hw.settings.tfaDetachMs, hw.power);
  hw.usb.detach();
  return loaded.image;
}

function tfaFunction(hw: Hardware, firstPhase: number, loaded: Loaded, detach: () => void): LoaderFunction {
  const { chip, settings } = hw;
  const legacy = firstPhase === PHASE.FLASHLAYOUT;
  const alternates = legacy ? LEGACY_TFA_ALTERNATES : (settings.tfaAlternates ?? TFA_ALTERNATES[chip.family]);
  const places = { ...TFA_MEMORY[chip.family], ...settings.tfaMemory };
  const memory = new PhaseMemory();
  const expect = (phase: number) => {
    const place = phase === PHASE.FLASHLAYOUT ? places.layout : phase === PHASE.DDR_FIP ? places.ddrFip : places.fip;
    memory.expect(phase, place.base, place.bytes);
  };
  const phaseOf = (alternate: number) => alternates[alternate]?.phase ?? PHASE.ERROR;
  const refuse = (text: string) => {
    hw.log.info({ serial: hw.serial }, `TF-A: ${text}`);
    memory.fail(text);
    return { answer: settings.badFipAnswer, refused: false } as const;
  };
  expect(firstPhase);
  return {
    product: settings.tfaProduct === 'rom' ? romProduct(chip) : ownProduct(chip),
    serial: hw.serial,
    alternates,
    configuration: LOADER_CONFIGURATION,
    descriptor: { attributes: 0x0f, detachTimeoutMs: 255, transferSize: 1024, version: 0x0110 },
    // The reply is filled before the state moves on, so the host sees dfuDNLOAD-SYNC first (protocol.md §6.2).
    afterBlock: { state: DFU_STATE.dfuDNLOAD_SYNC, pollTimeoutMs: 0 },
    inherited: chip.family === 'mp15',
    download(alternate, data) {
      if (memory.phase !== phaseOf(alternate) || memory.address === undefined) {
        const address = (memory.address ?? 0xffffffff).toString(16);
        refuse(`phase ID :${memory.phase}, alternate ${alternate}, address ${address}`);
        return 'stall';
      }
      return memory.append(data) ? 'ok' : 'stall';
    },
    manifest(alternate) {
      if (memory.phase !== phaseOf(alternate)) return { answer: settings.badFipAnswer, refused: false };
      // Every alternate setting without use is of phase 0xFF: `Unknown phase` goes to the console only.
      if (memory.phase === PHASE.ERROR) return { answer: 'ack', refused: false };
      const content = memory.content;
      if (memory.phase === PHASE.FLASHLAYOUT) {
        if (!isStm32Image(content)) return refuse(`Header check failed for phase ${alternate}`);
        loaded.layout = content;
        expect(PHASE.SSBL);
      } else {
        if (legacy && !hasFipHeader(content) && !isStm32Image(content)) {
          return refuse(`STM32 Header check failed for phase ${alternate}`);
        }
        if (!legacy && !hasFipHeader(content)) return refuse(`FIP Header check failed for phase ${alternate}`);
        loaded.image = content;
        memory.done();
      }
      return { answer: 'ack', refused: false };
    },
    upload(alternate) {
      if (phaseOf(alternate) === PHASE.VIRTUAL) return memory.reply();
      refuse(`phase ID :${memory.phase}, alternate ${alternate} for phase ${phaseOf(alternate)}`);
      return 'stall';
    },
    manifested: () => undefined,
    detach,
  };
}

/** iProduct (protocol.md §1.1). */
function ownProduct({ deviceId, revision, name }: SimulatedChip): string {
  return `DFU @Device ID /${hexNumber(deviceId, 3)}, @Revision ID /${hexNumber(revision, 4)}, @Name /${name},`;
}

/** TF-A looks at two words only: the magic, and a serial number that is not 0. */
function hasFipHeader(image: Uint8Array): boolean {
  if (image.length < 8) return false;
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  return view.getUint32(0, true) === 0xaa640001 && view.getUint32(4, true) !== 0;
}

/** stm32mp_check_header: magic, version and the checksum over the payload. */
function isStm32Image(image: Uint8Array): boolean {
  const verdict = decodeStm32Header(image);
  if (!verdict.ok || verdict.value.version !== '1.0') return false;
  const { headerBytes, payloadBytes, checksum } = verdict.value;
  return stm32Checksum(image.subarray(headerBytes, headerBytes + payloadBytes)) === checksum;
}

/** Whether BL2 finds every image that it cannot do without (protocol.md §7.2); else it panics. */
function holds(hw: Hardware, image: Uint8Array | undefined, names: readonly string[]): boolean {
  const verdict = image && decodeFip(image, image.length);
  const entries = verdict?.ok ? verdict.value.entries.map(({ name }) => name) : [];
  const missing = names.find((name) => !entries.includes(name));
  if (missing === undefined) return true;
  hw.log.warn({ serial: hw.serial }, `TF-A panics: there is no ${missing} to load`);
  return false;
}
