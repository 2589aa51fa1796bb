import { memoryBytes } from '../../src/base/bytes.ts';
import type { FileFacts } from '../../src/check/file-facts.ts';
import type { ImageFacts } from '../../src/image/facts.ts';
import { identify } from '../../src/image/identify.ts';
import { decodeStm32Header, stm32Checksum } from '../../src/image/stm32-header.ts';
import { findUsbLoader } from '../../src/image/usb-loader.ts';
import { makeDdrFip, makeExt4, makeFip, makeFsbl, makeFwuMetadata, makeGptImage } from '../image/make.ts';

/** What `check` would be told of a file of these bytes; `sizeBytes` pretends that more of them follow. */
export async function factsOf(path: string, data: Uint8Array, sizeBytes = data.length): Promise<ImageFacts> {
  const content = await identify(memoryBytes(data));
  if (content.kind !== 'stm32') return { path, sizeBytes, content };
  const header = decodeStm32Header(data);
  const right = header.ok && stm32Checksum(data.subarray(header.value.headerBytes)) === header.value.checksum;
  const usbLoader = await findUsbLoader(memoryBytes(data));
  return {
    path,
    sizeBytes,
    content: { ...content, checksum: right ? 'ok' : 'wrong' },
    ...(usbLoader && { usbLoader }),
  };
}

export async function factsOfAll(files: Readonly<Record<string, Uint8Array>>): Promise<ReadonlyMap<string, FileFacts>> {
  const entries = Object.entries(files).map(async ([path, data]) => [path, await factsOf(path, data)] as const);
  return new Map(await Promise.all(entries));
}

/** Every file that the layouts of this project name, made for a family. */
export function imagesFor(family: 'mp13' | 'mp15' | 'mp25'): Readonly<Record<string, Uint8Array>> {
  const ubi = new Uint8Array(4096);
  ubi.set(new TextEncoder().encode('UBI#'));
  return {
    'fsbl.stm32': makeFsbl({ family }),
    'fip.bin': makeFip(),
    'fip-ddr.bin': makeDdrFip(),
    'metadata.bin': makeFwuMetadata(),
    'bootfs.ext4': makeExt4(),
    'rootfs.ext4': makeExt4(),
    'rootfs.ubi': ubi,
    'sdcard.img': makeGptImage(),
  };
}
