import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { unpackedPackage } from './debian-package.ts';

/** Modules of the guest, each after those that it needs; paths below the kernel's module folder. */
const MODULES = [
  'drivers/virtio/virtio_ring',
  'drivers/virtio/virtio',
  'drivers/virtio/virtio_pci_legacy_dev',
  'drivers/virtio/virtio_pci_modern_dev',
  'drivers/virtio/virtio_pci',
  'fs/netfs/netfs',
  'fs/fscache/fscache',
  'net/9p/9pnet',
  'net/9p/9pnet_virtio',
  'fs/9p/9p',
  'fs/overlayfs/overlay',
  'net/core/failover',
  'drivers/net/net_failover',
  'drivers/net/virtio_net',
  'drivers/usb/common/usb-common',
  'drivers/usb/core/usbcore',
  'drivers/usb/usbip/usbip-core',
  'drivers/usb/usbip/vhci-hcd',
] as const;

export interface Kernel {
  /** `6.1.0-50-amd64`. */
  readonly version: string;
  /** The compressed image as the package has it. */
  readonly image: string;
  /** In the order in which they are loaded. */
  readonly modules: readonly string[];
}

/** Debian's kernel for this machine, downloaded once and unpacked as far as the guest needs it. */
export async function debianKernel(): Promise<Kernel> {
  const { stdout } = await execa('apt-cache', ['depends', 'linux-image-amd64']);
  const name = /Depends: (linux-image-\d\S*)/.exec(stdout)?.[1];
  if (name === undefined) throw new Error('apt-cache knows no kernel behind linux-image-amd64');
  const wanted = MODULES.map((module) => `./lib/modules/*/kernel/${module}.ko`);
  const tree = await unpackedPackage(name, ['./boot/vmlinuz-*', ...wanted]);
  const [version = ''] = readdirSync(join(tree, 'lib/modules'));
  return {
    version,
    image: join(tree, 'boot', `vmlinuz-${version}`),
    modules: MODULES.map((module) => join(tree, 'lib/modules', version, 'kernel', `${module}.ko`)),
  };
}
