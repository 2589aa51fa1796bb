import type { System } from './system.ts';

export interface Process {
  readonly id: number;
  /** At most 15 characters, as the kernel keeps it. */
  readonly name: string;
}

/** All that run, as far as this user may see. */
export function processes(system: System): readonly Process[] {
  return system
    .names('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ id: Number(name), name: system.text(`/proc/${name}/comm`)?.trim() ?? '?' }));
}

/** Others that have a file open. Without root only the user's own processes can be asked. */
export function holdersOf(system: System, path: string): readonly Process[] {
  return processes(system).filter(({ id }) => {
    if (id === system.processId) return false;
    const folder = `/proc/${id}/fd`;
    return system.names(folder).some((name) => system.target(`${folder}/${name}`) === path);
  });
}

export function processText({ id, name }: Process): string {
  return `${name} (process ${id})`;
}
