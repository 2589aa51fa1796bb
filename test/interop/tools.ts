import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Debian package of each program that the suite runs. */
const PACKAGES: Readonly<Record<string, string>> = {
  mkimage: 'u-boot-tools',
  fiptool: 'arm-trusted-firmware-tools',
  genimage: 'genimage',
  sgdisk: 'gdisk',
  'mkfs.ubifs': 'mtd-utils',
  ubinize: 'mtd-utils',
  e2fsck: 'e2fsprogs',
  mke2fs: 'e2fsprogs',
  'qemu-system-x86_64': 'qemu-system-x86',
  busybox: 'busybox-static',
  cpio: 'cpio',
  gzip: 'gzip',
  zstd: 'zstd',
  bzip2: 'bzip2',
  img2simg: 'android-sdk-libsparse-utils',
  simg2img: 'android-sdk-libsparse-utils',
  bmaptool: 'bmap-tools',
  tar: 'tar',
  zip: 'zip',
  xz: 'xz-utils',
  'dfu-util': 'dfu-util',
  lsusb: 'usbutils',
  'dpkg-deb': 'dpkg',
  'apt-get': 'apt',
};

function onPath(program: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Those of the programs that are not on PATH; of all that any suite runs by default. */
export function toolsMissing(programs: readonly string[] = Object.keys(PACKAGES)): readonly string[] {
  return programs.filter((program) => !onPath(program));
}

export function packagesOf(programs: readonly string[]): readonly string[] {
  return [...new Set(programs.map((program) => PACKAGES[program] ?? program))];
}

/** What is missing to run, as a sentence; undefined when everything is there. Under CI=true that is an error. */
export function missingTools(programs: readonly string[]): string | undefined {
  const missing = toolsMissing(programs);
  if (missing.length === 0) return undefined;
  const sentence = `missing: ${missing.join(', ')} (apt-get install ${packagesOf(missing).join(' ')})`;
  if (process.env.CI) throw new Error(sentence);
  return sentence;
}
