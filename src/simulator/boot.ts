import type { Hardware, UbootEnd } from './hardware.ts';
import { runRom } from './rom.ts';
import { runTfa } from './tfa.ts';
import { runStm32prog } from './uboot/stm32prog.ts';

/** What runs on the board. */
export type BootStage = 'rom' | 'tfa' | 'uboot';

/**
 * One boot in serial mode, from the ROM to the end of U-Boot's stm32prog: firmware that attaches and
 * detaches gadgets. Rejects when the power goes.
 */
export async function boot(hw: Hardware, enter: (stage: BootStage) => void): Promise<UbootEnd> {
  await hw.clock.sleep(hw.settings.resetToRomMs, hw.power);
  enter('rom');
  await runRom(hw);
  enter('tfa');
  const tfa = await runTfa(hw);
  if (!tfa.started) return 'crash';
  enter('uboot');
  const findsLayout = hw.settings.ubootFindsLayout && tfa.layout !== undefined;
  return runStm32prog(hw, findsLayout ? { layoutInMemory: tfa.layout } : {});
}
