import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execa } from 'execa';

const CACHE = resolve(import.meta.dirname, '../../.cache/interop');

export interface DebianFirmware {
  /** STM32 header v1.0: takes TF-A's place, the ROM checks the same things. */
  readonly spl: string;
  readonly ubootImage: string;
}

const PACKAGE = 'u-boot-stm32:armhf';

/**
 * The boot loaders of Debian's package u-boot-stm32 (armhf), downloaded once and unpacked, never installed.
 * Undefined, and told on stderr, where they cannot be had; under CI=true that is an error.
 */
export async function debianFirmware(): Promise<DebianFirmware | undefined> {
  const folder = join(CACHE, 'u-boot-stm32', 'usr/lib/u-boot/stm32mp157c-dk2');
  try {
    if (!existsSync(join(folder, 'u-boot-spl.stm32'))) await unpack(join(CACHE, 'u-boot-stm32'));
  } catch (error) {
    const how = 'dpkg --add-architecture armhf && apt-get update';
    const sentence = `missing: Debian package ${PACKAGE} (${how}): ${(error as Error).message.split('\n').at(-1)}`;
    if (process.env.CI) throw new Error(sentence, { cause: error });
    process.stderr.write(`interop: ${sentence}\n`);
    return undefined;
  }
  return { spl: join(folder, 'u-boot-spl.stm32'), ubootImage: join(folder, 'u-boot.img') };
}

async function unpack(into: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  await downloadPackage().catch(async (error: unknown) => {
    if (process.geteuid?.() !== 0) throw error;
    await execa('dpkg', ['--add-architecture', 'armhf']);
    // The index of some suite may be missing for armhf; what counts is whether the package arrives.
    await execa('apt-get', ['update', '-q'], { reject: false });
    await downloadPackage();
  });
  const name = readdirSync(CACHE).find((file) => file.startsWith('u-boot-stm32_') && file.endsWith('.deb'));
  if (name === undefined) throw new Error('apt-get download left no package');
  await execa('dpkg-deb', ['-x', join(CACHE, name), into]);
}

async function downloadPackage(): Promise<void> {
  await execa('apt-get', ['download', PACKAGE], { cwd: CACHE });
}
