import { join } from 'node:path';

export interface BootOptions {
  readonly kernel: string;
  readonly initrd: string;
  /** Holds `start.sh`, and gets `console`. */
  readonly folder: string;
}

const KERNEL_PARAMETERS = [
  'console=ttyS0',
  'quiet',
  'loglevel=3',
  'panic=-1',
  'mitigations=off',
  'nokaslr',
  'audit=0',
  'apparmor=0',
  'random.trust_cpu=on',
  'tsc=reliable',
  'no_timer_check',
];

/**
 * A machine as small as Linux needs it. One processor: a second one makes an emulated machine several
 * times slower. Emulated always: not every /dev/kvm that opens can run this kernel.
 */
export function qemuArguments({ kernel, initrd, folder }: BootOptions): string[] {
  return [
    ...['-accel', 'tcg,thread=single,tb-size=512', '-cpu', 'max,la57=off', '-smp', '1', '-m', '1024'],
    ...[
      '-machine',
      'pc,usb=off,vmport=off,hpet=off',
      '-nodefaults',
      '-no-user-config',
      '-display',
      'none',
      '-no-reboot',
    ],
    ...['-kernel', kernel, '-initrd', initrd],
    ...['-append', [...KERNEL_PARAMETERS, `vm.start=${join(folder, 'start.sh')}`].join(' ')],
    ...['-serial', `file:${join(folder, 'console')}`],
    ...['-fsdev', 'local,id=host,path=/,security_model=none,readonly=on,multidevs=remap'],
    ...['-device', 'virtio-9p-pci,fsdev=host,mount_tag=host'],
    ...['-netdev', 'user,id=net', '-device', 'virtio-net-pci,netdev=net,romfile='],
  ];
}
