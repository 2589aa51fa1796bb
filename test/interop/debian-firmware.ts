import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execa } from 'execa';

const CACHE = resolve(import.meta.dirname, '../../.cache/interop');

export interface DebianFirmware {
  /** STM32 header v1.0: takes TF-A's place, the ROM checks the same things. */
  readonly spl: string;
  readonly ubootImage: string;
}

/** The boot loaders of Debian's package u-boot-stm32 (armhf), downloaded once and unpacked, never installed. */
export async function debianFirmware(): Promise<DebianFirmware> {
  const folder = join(CACHE, 'u-boot-stm32', 'usr/lib/u-boot/stm32mp157c-dk2');
  if (!existsSync(join(folder, 'u-boot-spl.stm32'))) {
    mkdirSync(CACHE, { recursive: true });
    await execa('apt-get', ['download', 'u-boot-stm32:armhf'], { cwd: CACHE });
    const name = readdirSync(CACHE).find((file) => file.startsWith('u-boot-stm32_') && file.endsWith('.deb'));
    if (name === undefined) throw new Error('apt-get download left no package');
    await execa('dpkg-deb', ['-x', join(CACHE, name), join(CACHE, 'u-boot-stm32')]);
  }
  return { spl: join(folder, 'u-boot-spl.stm32'), ubootImage: join(folder, 'u-boot.img') };
}
