import type { System } from './system.ts';

/** The kind of container that we run in, by the traces that each leaves; undefined outside of one. */
export function containerOf(system: System): string | undefined {
  if (system.exists('/.dockerenv')) return 'Docker';
  if (system.exists('/run/.containerenv')) return 'Podman';
  const told = system.text('/run/systemd/container')?.trim();
  if (told) return told;
  return /\b(docker|lxc|kubepods|containerd|libpod)\b/.exec(system.text('/proc/1/cgroup') ?? '')?.[1];
}

export function isWsl(system: System): boolean {
  return /microsoft/i.test(system.text('/proc/version') ?? '');
}

/** What the firmware tables (DMI) of virtual machines say. */
const MAKERS: readonly (readonly [said: RegExp, name: string])[] = [
  [/vmware/i, 'VMware'],
  [/virtualbox|innotek/i, 'VirtualBox'],
  [/parallels/i, 'Parallels'],
  [/microsoft corporation.*virtual machine/i, 'Hyper-V'],
  [/xen|hvm domu/i, 'Xen'],
  [/qemu|kvm|bochs/i, 'QEMU'],
  [/apple virtualization/i, 'Apple Virtualization'],
];

/** The virtual machine that we run in; undefined on a real one. WSL is one, too. */
export function virtualMachineOf(system: System): string | undefined {
  if (isWsl(system)) return 'WSL';
  const said = ['sys_vendor', 'product_name'].map((name) => system.text(`/sys/class/dmi/id/${name}`)?.trim() ?? '');
  const maker = MAKERS.find(([pattern]) => pattern.test(said.join(' ')))?.[1];
  if (maker) return maker;
  const flags = /^flags\s*:(.*)$/m.exec(system.text('/proc/cpuinfo') ?? '')?.[1] ?? '';
  return flags.split(' ').includes('hypervisor') ? 'of unknown make' : undefined;
}
