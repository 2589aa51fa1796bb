import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { cacheFolder } from './cache.ts';
import type { Kernel } from './kernel.ts';

const INIT = join(import.meta.dirname, 'init.sh');
const BUSYBOX = '/bin/busybox';
const XZ_MAGIC = Buffer.from('fd377a585a00', 'hex');
/** How a signed module ends (Linux, include/linux/module_signature.h): signature, 12 bytes with its length, this text. */
const SIGNED = Buffer.from('~Module signature appended~\n');
const SIGNATURE_INFO_BYTES = 12;

export interface BootFiles {
  readonly kernel: string;
  readonly initrd: string;
}

/** The two files that QEMU boots, made once for each kernel and init script. */
export async function bootFiles(kernel: Kernel): Promise<BootFiles> {
  const folder = cacheFolder('boot');
  const image = join(folder, `vmlinux-${kernel.version}`);
  if (!existsSync(image)) await uncompress(kernel.image, image);
  const recipe = createHash('sha256')
    .update(readFileSync(INIT))
    .update(kernel.modules.join())
    .digest('hex')
    .slice(0, 12);
  const initrd = join(folder, `initrd-${recipe}`);
  if (!existsSync(initrd)) await makeInitrd(kernel, initrd);
  return { kernel: image, initrd };
}

/** An emulated processor would take seconds for what is done here once. QEMU boots the result through PVH. */
async function uncompress(image: string, target: string): Promise<void> {
  const whole = readFileSync(image);
  const at = whole.indexOf(XZ_MAGIC);
  if (at < 0) throw new Error(`${image} holds no xz stream`);
  // The image goes on behind the stream, which xz reports as an error after it gave everything.
  const { stdout } = await execa('xz', ['-dc'], {
    input: whole.subarray(at),
    encoding: 'buffer',
    maxBuffer: 2 ** 30,
    reject: false,
  });
  if (!Buffer.from(stdout.subarray(0, 4)).equals(Buffer.from('\x7fELF'))) throw new Error(`${image} holds no ELF file`);
  keep(target, stdout);
}

async function makeInitrd(kernel: Kernel, target: string): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'phaseline-initrd-'));
  try {
    for (const folder of ['bin', 'dev', 'proc', 'sys', 'modules', 'host', 'rw', 'new']) mkdirSync(join(root, folder));
    copyFileSync(BUSYBOX, join(root, 'bin/busybox'));
    copyFileSync(INIT, join(root, 'init'));
    chmodSync(join(root, 'init'), 0o755);
    kernel.modules.forEach((path, index) => {
      const name = `${String(index).padStart(2, '0')}-${basename(path)}`;
      writeFileSync(join(root, 'modules', name), withoutSignature(readFileSync(path)));
    });
    const { stdout: names } = await execa('find', ['.'], { cwd: root });
    const { stdout } = await execa('cpio', ['-o', '-H', 'newc', '--quiet'], {
      cwd: root,
      input: names,
      encoding: 'buffer',
      maxBuffer: 2 ** 28,
    });
    keep(target, stdout);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Checking signatures is slow on an emulated processor. */
function withoutSignature(module: Buffer): Buffer {
  const end = module.length - SIGNED.length;
  if (!module.subarray(end).equals(SIGNED)) return module;
  const signatureBytes = module.readUInt32BE(end - 4);
  return module.subarray(0, end - SIGNATURE_INFO_BYTES - signatureBytes);
}

/** In its place at once or not at all. */
function keep(target: string, content: Uint8Array): void {
  writeFileSync(`${target}.new`, content);
  renameSync(`${target}.new`, target);
}
