import type { Check, Finding, Scene } from './check.ts';
import { isBoard, usbDevices } from './devices.ts';
import { CHECKS } from './registry.ts';
import type { System } from './system.ts';

export interface Examined extends Finding {
  readonly id: string;
}

/** Runs every check of the registry, in its order, one after the other. */
export async function examine(system: System): Promise<readonly Examined[]> {
  const scene: Scene = { system, boards: usbDevices(system).filter(isBoard) };
  const examined: Examined[] = [];
  for (const check of CHECKS) {
    const finding = skipping(check, scene) ?? (await check.look(scene));
    examined.push({ id: check.id, ...finding });
  }
  return examined;
}

function skipping({ needs }: Check, { system, boards }: Scene): Finding | undefined {
  if (needs === 'nothing') return undefined;
  if (system.platform !== 'linux') return { status: 'skipped', message: 'looked at on Linux only' };
  if (needs === 'board' && boards.length === 0) return { status: 'skipped', message: 'no board is plugged in' };
  return undefined;
}
