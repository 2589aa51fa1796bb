import { PhaselineError } from '../base/errors.ts';
import { parseSize } from '../base/sizes.ts';
import type { BoardProfile } from '../simulator/profiles.ts';
import type { StorageSpec } from '../simulator/storage/spec.ts';

/** The profile's media with the sizes of `--mmc0 64M` and the like; a medium that the board has not is usage/arguments. */
export function resizeStorage(
  profile: BoardProfile,
  sizes: readonly (readonly [medium: string, size: string])[],
  bootSize: string | undefined,
): StorageSpec {
  const mmc = { ...profile.storage.mmc };
  const mtd = { ...profile.storage.mtd };
  for (const [medium, text] of sizes) {
    const sizeBytes = size(`--${medium}`, text);
    const card = /^mmc(\d)$/.exec(medium)?.[1];
    const old = card === undefined ? undefined : mmc[Number(card)];
    const chip = mtd[medium];
    if (old) mmc[Number(card)] = { ...old, sizeBytes: aligned(medium, sizeBytes, old.eraseGroupBytes) };
    else if (chip) mtd[medium] = { ...chip, sizeBytes: aligned(medium, sizeBytes, chip.eraseBlockBytes) };
    else throw new PhaselineError('usage/arguments', `${profile.name} has no ${medium}`);
  }
  if (bootSize !== undefined) {
    const bootBytes = aligned('boot-size', size('--boot-size', bootSize), 512);
    const withBoot = Object.entries(mmc).filter(([, card]) => card.kind === 'emmc');
    if (withBoot.length === 0)
      throw new PhaselineError('usage/arguments', `${profile.name} has no eMMC for --boot-size`);
    for (const [index, card] of withBoot) mmc[Number(index)] = { ...card, bootBytes };
  }
  return { mmc, mtd };
}

function size(flag: string, text: string): number {
  const bytes = parseSize(text);
  if (bytes === undefined || bytes === 0) {
    throw new PhaselineError(
      'usage/arguments',
      `${flag} ${text} is not a size: bytes in decimal or 0x hex, or with K, M, G`,
    );
  }
  return bytes;
}

function aligned(medium: string, bytes: number, unit: number): number {
  if (bytes % unit === 0) return bytes;
  throw new PhaselineError('usage/arguments', `--${medium} ${bytes} is not a multiple of ${unit} bytes`);
}
