import type { Bytes } from '../base/bytes.ts';
import type { ImageContent, ImageFacts } from '../image/facts.ts';
import { identify } from '../image/identify.ts';
import { stm32ChecksumOf } from '../image/stm32-header.ts';
import { findUbootVersion } from '../image/uboot-version.ts';
import { findUsbLoader } from '../image/usb-loader.ts';
import { openFile } from './open-file.ts';

/** What costs reading more than the file's first and last KiB. */
export interface DescribeOptions {
  /** Sum the payload of an STM32 image. */
  readonly checksum?: boolean;
  /** Look for `U-Boot 20xx.yy` in the first 64 MiB. */
  readonly ubootVersion?: boolean;
  /** Look into an STM32 image for the texts of TF-A's USB programmer. */
  readonly usbLoader?: boolean;
}

/** Opens a file, says what it is, and closes it. Errors: as `openFile` and its reads. */
export async function describe(path: string, options: DescribeOptions = {}): Promise<ImageFacts> {
  const source = await openFile(path);
  try {
    const content = await identify(source);
    const usbLoader = options.usbLoader && content.kind === 'stm32' ? await findUsbLoader(source) : undefined;
    const ubootVersion = options.ubootVersion ? await findUbootVersion(source) : undefined;
    return {
      path,
      sizeBytes: source.size,
      content: options.checksum ? await summed(source, content) : content,
      ...(ubootVersion !== undefined && { ubootVersion }),
      ...(usbLoader !== undefined && { usbLoader }),
    };
  } finally {
    await source.close();
  }
}

async function summed(source: Bytes, content: ImageContent): Promise<ImageContent> {
  if (content.kind !== 'stm32') return content;
  const sum = await stm32ChecksumOf(source, content.header);
  if (sum === undefined) return content;
  return { ...content, checksum: sum === content.header.checksum ? 'ok' : 'wrong' };
}
