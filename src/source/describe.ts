import type { Bytes } from '../base/bytes.ts';
import { isPhaselineError, PhaselineError } from '../base/errors.ts';
import type { ExpandedImage, ImageContent, ImageFacts } from '../image/facts.ts';
import { identify } from '../image/identify.ts';
import { type Stm32Header, stm32ChecksumOf } from '../image/stm32-header.ts';
import { findUbootVersion } from '../image/uboot-version.ts';
import { findUsbLoader } from '../image/usb-loader.ts';
import type { ExpandOptions } from './expand.ts';
import { printablePath } from './file-failure.ts';
import type { Layers } from './layers.ts';
import { placeOf } from './member.ts';
import { openFile } from './open-file.ts';

/** What costs reading more than the file's first and last KiB. */
export interface DescribeOptions {
  /** Sum the payload of an STM32 image. */
  readonly checksum?: boolean;
  /** Look for `U-Boot 20xx.yy` in the first 64 MiB. */
  readonly ubootVersion?: boolean;
  /** Look into an STM32 image for the texts of TF-A's USB programmer. */
  readonly usbLoader?: boolean;
  /** Look also at what a compressed or sparse file expands to; what does not say its size is read to its end. */
  readonly expand?: ExpandOptions;
}

/** Opens a file, says what it is, and closes it. Errors: as `openFile` and its reads, with `expand` as `openImage`. */
export async function describe(path: string, options: DescribeOptions = {}): Promise<ImageFacts> {
  if (options.expand) return describeExpanded(path, options.expand, options);
  await refuseMember(path);
  const source = await openFile(path);
  try {
    return { path, sizeBytes: source.size, ...(await contentOf(source, options)) };
  } finally {
    await source.close();
  }
}

/** What is sent of a file, described as if it were a file of its own. Errors: as `openImage`. */
export async function describeSent(
  path: string,
  options: DescribeOptions & Required<Pick<DescribeOptions, 'expand'>>,
): Promise<ImageFacts> {
  const { expanded, ...facts } = await describe(path, options);
  if (!expanded) return facts;
  const { sizeBytes, sizeIsLeast, content } = expanded;
  return { ...facts, sizeBytes, content, ...(sizeIsLeast && { sizeIsLeast }) };
}

async function refuseMember(path: string): Promise<void> {
  const { member } = await placeOf(path);
  if (member === undefined) return;
  throw new PhaselineError('files/missing', `${printablePath(path)} is no file; only phaseline looks into archives`, {
    path,
  });
}

async function describeExpanded(path: string, how: ExpandOptions, options: DescribeOptions): Promise<ImageFacts> {
  // Only here, for what unpacks takes long to load.
  const { openLayers } = await import('./layers.ts');
  const layers = await openLayers(path);
  const { file, top } = layers;
  try {
    const sent = await expandWithin(layers, how);
    const isPlain = sent.bytes === file;
    const { content, ...texts } = await contentOf(sent.bytes, options, !sent.random);
    if (isPlain) return { path, sizeBytes: file.size, content, ...texts };
    return {
      path,
      sizeBytes: file.size,
      content: await identify(file),
      expanded: expandedImage(layers, sent, content),
      ...texts,
    };
  } finally {
    await top.close();
  }
}

interface Sent {
  readonly bytes: Bytes;
  readonly random: boolean;
  readonly sizeIsLeast?: true;
}

/** What is behind the limit is cut off. */
async function expandWithin(layers: Layers, how: ExpandOptions): Promise<Sent> {
  const { expand } = await import('./expand.ts');
  try {
    const bytes = await expand(layers, how);
    return { bytes, random: bytes.random };
  } catch (error) {
    if (!isPhaselineError(error, 'files/too-big')) throw error;
    const { top } = layers;
    const size = Number(error.details.atLeastBytes);
    const bytes = { size, read: top.read.bind(top), stream: top.stream.bind(top) };
    return { bytes, random: false, sizeIsLeast: true };
  }
}

function expandedImage({ steps, top }: Layers, sent: Sent, content: ImageContent): ExpandedImage {
  const { bytes, sizeIsLeast } = sent;
  const mappedBytes = bytes.mapped?.reduce((sum, { length }) => sum + length, 0);
  return {
    steps: bytes === top || sizeIsLeast ? steps : [...steps, 'android-sparse'],
    sizeBytes: bytes.size,
    ...(sizeIsLeast && { sizeIsLeast }),
    content,
    ...(mappedBytes !== undefined && mappedBytes < bytes.size && { mappedBytes }),
  };
}

async function contentOf(
  bytes: Bytes,
  { checksum, ubootVersion, usbLoader }: DescribeOptions,
  far = false,
): Promise<Pick<ImageFacts, 'content' | 'ubootVersion' | 'usbLoader'>> {
  const content = await identify(bytes, { far });
  const loader =
    usbLoader && content.kind === 'stm32' ? await findUsbLoader(bytes, bytesOf(content.header)) : undefined;
  const version = ubootVersion ? await findUbootVersion(bytes) : undefined;
  return {
    content: checksum ? await summed(bytes, content) : content,
    ...(version !== undefined && { ubootVersion: version }),
    ...(loader !== undefined && { usbLoader: loader }),
  };
}

function bytesOf({ headerBytes, payloadBytes }: Stm32Header): number {
  return headerBytes + payloadBytes;
}

async function summed(source: Bytes, content: ImageContent): Promise<ImageContent> {
  if (content.kind !== 'stm32') return content;
  const sum = await stm32ChecksumOf(source, content.header);
  if (sum === undefined) return content;
  return { ...content, checksum: sum === content.header.checksum ? 'ok' : 'wrong' };
}
