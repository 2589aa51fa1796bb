import { MemoryMedium } from './memory.ts';
import { type ExtCsd, MmcDevice } from './mmc-device.ts';
import { MtdDevice } from './mtd-device.ts';
import { OtpFuses } from './otp-fuses.ts';
import { PmicMemory } from './pmic-memory.ts';
import type { StorageSpec } from './spec.ts';

/** An eMMC as it leaves the factory: nothing to boot from. */
export const FACTORY_EXT_CSD: ExtCsd = { PARTITION_CONFIG_179: 0, BOOT_BUS_177: 0 };

interface Parts {
  readonly mmc: ReadonlyMap<number, MmcDevice>;
  readonly mtd: ReadonlyMap<string, MtdDevice>;
  readonly otp: OtpFuses;
  readonly pmic: PmicMemory;
}

/** Everything on the board that remembers. It survives resets and power cuts. */
export class BoardStorage implements Parts {
  /** By the digit of `mmcN`. */
  readonly mmc: ReadonlyMap<number, MmcDevice>;
  /** By name: `nor0`, `nand0`, `spi-nand0`. */
  readonly mtd: ReadonlyMap<string, MtdDevice>;
  readonly otp: OtpFuses;
  readonly pmic: PmicMemory;

  constructor(parts: Parts) {
    this.mmc = parts.mmc;
    this.mtd = parts.mtd;
    this.otp = parts.otp;
    this.pmic = parts.pmic;
  }

  powerCycle(): void {
    for (const device of [...this.mmc.values(), ...this.mtd.values()]) device.powerCycle();
  }

  close(): void {
    for (const device of [...this.mmc.values(), ...this.mtd.values()]) device.close();
  }
}

/** Words of the fuses behind an OTP alternate of `otpBytes` (SimulatedChip.otpSize). protocol.md §5.8. */
export function otpWords(otpBytes: number): number {
  return otpBytes === 0 ? 0 : otpBytes / 8 - 1;
}

/** Storage in memory: blank, and gone when closed. */
export function memoryStorage(spec: StorageSpec, otpBytes: number): BoardStorage {
  const mmc = Object.entries(spec.mmc).map(([key, device]): [number, MmcDevice] => {
    const boot = (): MemoryMedium => new MemoryMedium(device.bootBytes);
    const media = {
      user: new MemoryMedium(device.sizeBytes),
      extCsd: FACTORY_EXT_CSD,
      keepExtCsd: () => undefined,
    };
    const withBoot = device.bootBytes > 0 ? { ...media, boot: [boot(), boot()] as const } : media;
    return [Number(key), new MmcDevice(Number(key), device, withBoot)];
  });
  const mtd = Object.entries(spec.mtd).map(([name, chip]): [string, MtdDevice] => {
    const main = new MemoryMedium(chip.sizeBytes, 0xff);
    const badBlocks = chip.badBlocks ?? [];
    return [name, new MtdDevice(name, chip, { main, badBlocks, keepBadBlocks: () => undefined })];
  });
  return new BoardStorage({
    mmc: new Map(mmc),
    mtd: new Map(mtd),
    otp: new OtpFuses(otpWords(otpBytes), undefined),
    pmic: new PmicMemory(undefined),
  });
}
