import { PHASE } from '../../stm32/phases.ts';
import type { Hardware, UbootEnd } from '../hardware.ts';
import { whilePowered } from '../power.ts';
import { type GadgetEnd, UbootGadget } from './composite.ts';
import { DfuBuffer } from './dfu-buffer.ts';
import type { DfuCore } from './dfu-core.ts';
import { makeAlternates } from './entities.ts';
import { newDfuFunction } from './f-dfu.ts';
import { parseLayout, phaseCallbacks } from './phase-end.ts';
import { prepareDevices } from './preparation.ts';
import { DO_RESET, newSession, type Session } from './session.ts';
import { isLegacyImage, recognizeStm32Image } from './stm32-image.ts';

/**
 * U-Boot's `stm32prog usb 0`, from its start to its end: it attaches and detaches gadgets on `hw.usb`.
 * `layoutInMemory` is what lies at the load address before (TF-A put it there): with an STM32 header it
 * is taken as the FlashLayout, and the first enumeration is skipped. The device is off the bus when this
 * resolves. Rejects with `hw.power`'s reason when the power goes. protocol.md §1.3, §5.
 */
export async function runStm32prog(hw: Hardware, boot: { readonly layoutInMemory?: Uint8Array }): Promise<UbootEnd> {
  const session = newSession(hw);
  if (boot.layoutInMemory) {
    session.dram.write(hw.chip.loadAddress, boot.layoutInMemory);
    const image = recognizeStm32Image(boot.layoutInMemory);
    if (image?.version === 1 && isLegacyImage(boot.layoutInMemory.subarray(image.headerBytes))) return 'script';
    if (image?.version === 1) parseLayout(session, 0);
  }
  await prepare(session, 0);

  const end = await serveEnumerations(session);
  if (end === 'crash' || end === 'reset') return end;
  if (session.kernel !== undefined) return 'kernel';
  if (session.script !== undefined) return 'script';
  return end === 'detached' && session.phase !== DO_RESET ? 'prompt' : 'reset';
}

/** stm32prog_usb_loop: what resets and what does not, FINDINGS §1. */
async function serveEnumerations(session: Session): Promise<GadgetEnd> {
  if (session.phase === PHASE.FLASHLAYOUT) {
    const end = await serveGadget(session);
    if (end !== 'detached') return end;
    if (session.phase !== PHASE.FLASHLAYOUT) {
      // An error or a script in the first enumeration ends the command, without a reset.
      if (session.phase === DO_RESET) session.phase = PHASE.ERROR;
      return end;
    }
    await prepare(session, session.hw.settings.layoutMs);
  }
  return serveGadget(session);
}

/** Off the bus: what the layout asks for, and the time that it takes. */
async function prepare(session: Session, leastMs: number): Promise<void> {
  prepareDevices(session);
  const ms = leastMs + session.busyMs;
  session.busyMs = 0;
  if (ms > 0) await session.hw.clock.sleep(ms, session.hw.power);
}

/** run_usb_dnl_gadget: one appearance on the bus, from attach to detach. */
async function serveGadget(session: Session): Promise<GadgetEnd> {
  const { usb, power, observe } = session.hw;
  power.throwIfAborted();
  const core: DfuCore = { buffer: new DfuBuffer(), callbacks: phaseCallbacks(session, () => core) };
  const alternates = makeAlternates(session);
  const gadget = new UbootGadget(session, alternates, newDfuFunction(core, alternates.entities));
  observe?.({ kind: 'enumeration', alternates: alternates.entities.map(({ name }) => name) });
  usb.attach(gadget);
  try {
    const end = whilePowered<GadgetEnd>(power);
    void gadget.end.then(end.resolve);
    return await end.promise;
  } finally {
    usb.detach();
  }
}
