import { printable } from '../base/printable.ts';
import { formatSize, hexNumber } from '../base/sizes.ts';
import type { CompressionKind, FilesystemKind, ImageContent, ImageFacts, MalformedFormat } from '../image/facts.ts';
import type { Fip } from '../image/fip.ts';
import { STM32_BINARY_TYPE, STM32_HEADER_FAMILIES, type Stm32Header } from '../image/stm32-header.ts';
import { IH_TYPE_SCRIPT } from '../image/uimage.ts';

const BINARY_TYPES: Readonly<Record<number, string>> = {
  [STM32_BINARY_TYPE.UBOOT]: 'U-Boot',
  [STM32_BINARY_TYPE.TFA_BL2]: 'TF-A BL2',
  [STM32_BINARY_TYPE.CORTEX_M33]: 'Cortex-M33 image',
};

const FORMATS: Readonly<Record<MalformedFormat | CompressionKind | FilesystemKind, string>> = {
  stm32: 'STM32 image',
  fip: 'FIP',
  gpt: 'disk image with a GPT',
  uimage: 'uImage',
  'android-sparse': 'Android sparse image',
  gzip: 'compressed with gzip',
  xz: 'compressed with xz',
  zstd: 'compressed with zstd',
  bzip2: 'compressed with bzip2',
  lz4: 'compressed with lz4',
  zip: 'zip archive',
  ext2: 'ext2 file system',
  ext3: 'ext3 file system',
  ext4: 'ext4 file system',
  squashfs: 'squashfs file system',
  fat: 'FAT file system',
  ubi: 'UBI image',
  ubifs: 'UBIFS without UBI around it',
  f2fs: 'F2FS file system',
  btrfs: 'btrfs file system',
  erofs: 'EROFS file system',
};

/** What `phaseline inspect` prints for one file: a line that names it and what it is, then indented facts. */
export function inspectText(facts: ImageFacts): readonly string[] {
  const { title, lines } = contentText(facts.content, facts.sizeBytes);
  const version = facts.ubootVersion === undefined ? [] : [`contains     U-Boot ${facts.ubootVersion}`];
  const loader = facts.usbLoader === undefined ? [] : [`USB loader   ${facts.usbLoader}, by the text of this TF-A`];
  return [
    `${printable(facts.path)}: ${title}, ${formatSize(facts.sizeBytes)}`,
    ...[...lines, ...expandedLines(facts), ...version, ...loader].map((line) => `  ${printable(line)}`),
  ];
}

/** What is sent of it, with its own facts indented below. */
function expandedLines({ expanded }: ImageFacts): readonly string[] {
  if (!expanded) return [];
  const { sizeBytes, content, steps, mappedBytes } = expanded;
  const { title, lines } = contentText(content, sizeBytes);
  const holes = mappedBytes === undefined ? [] : [sizeLine('mapped', mappedBytes)];
  return [
    `${sizeLine('sent', sizeBytes)} after ${steps.join(', ')}`,
    ...holes,
    `holds        ${title}`,
    ...lines.map((line) => `  ${line}`),
  ];
}

interface ContentText {
  readonly title: string;
  readonly lines: readonly string[];
}

function contentText(content: ImageContent, fileBytes: number): ContentText {
  switch (content.kind) {
    case 'stm32':
      return stm32Text(content.header, content.checksum, fileBytes);
    case 'fip':
      return fipText(content.fip);
    case 'gpt':
      return gptText(content, fileBytes);
    case 'mbr':
      return plain('disk image with an MBR and no GPT');
    case 'fwu-metadata':
      return plain(`FWU metadata version ${content.version}, CRC ${content.crcOk ? 'ok' : 'WRONG'}`);
    case 'uimage': {
      const type = content.type === IH_TYPE_SCRIPT ? 'script' : `type ${content.type}`;
      return {
        title: `uImage, ${type}`,
        lines: [`name         ${content.name}`, sizeLine('payload', content.payloadBytes)],
      };
    }
    case 'fdt':
      return { title: 'device tree or FIT image', lines: [sizeLine('size', content.sizeBytes)] };
    case 'elf':
      return plain('ELF program');
    case 'android-sparse':
      return { title: FORMATS[content.kind], lines: [sizeLine('expands to', content.expandedBytes)] };
    case 'lfs-pointer':
      return plain('git-lfs pointer, not the file itself');
    case 'empty':
      return plain('empty');
    case 'malformed':
      return { title: `damaged ${FORMATS[content.format]}`, lines: [`damage       ${content.reason}`] };
    case 'unknown':
      return plain('unknown');
    case 'gzip':
    case 'xz':
    case 'zstd':
    case 'bzip2':
    case 'lz4':
    case 'zip':
      return plain(FORMATS[content.kind]);
    default:
      return filesystemText(content.kind, content.sizeBytes, fileBytes);
  }
}

function stm32Text(header: Stm32Header, checksum: 'ok' | 'wrong' | 'unread', fileBytes: number): ContentText {
  const families = STM32_HEADER_FAMILIES[header.version].map((family) => `STM32${family.toUpperCase()}`).join(', ');
  const missing = header.headerBytes + header.payloadBytes - fileBytes;
  const verdict = checksum === 'unread' ? '' : checksum === 'ok' ? ', ok' : ', WRONG: the payload has another sum';
  return {
    title: `STM32 image, header v${header.version} (${families})`,
    lines: [
      `binary type  ${hexNumber(header.binaryType)} ${BINARY_TYPES[header.binaryType] ?? 'unknown'}`,
      `payload      ${header.payloadBytes} bytes after a header of ${header.headerBytes}${missing > 0 ? `, ${missing} bytes MISSING` : ''}`,
      `checksum     ${hexNumber(header.checksum, 8)}${verdict}`,
      `load         ${hexNumber(header.loadAddress, 8)}, entry ${hexNumber(header.entryPoint, 8)}`,
      `version      ${header.imageVersion}`,
      `signed       ${header.signed ? 'yes' : 'no'}${header.encrypted ? ', encrypted' : ''} (flags ${hexNumber(header.flags, 8)})`,
    ],
  };
}

function fipText(fip: Fip): ContentText {
  return {
    title: `FIP with ${counted(fip.entries.length, 'image')}`,
    lines: fip.entries.map(
      ({ name, uuid, offset, sizeBytes }) =>
        `${(name ?? 'unknown').padEnd(12)} ${formatSize(sizeBytes).padStart(9)} at ${hexNumber(offset, 8)}  ${uuid}`,
    ),
  };
}

function gptText(gpt: Extract<ImageContent, { readonly kind: 'gpt' }>, fileBytes: number): ContentText {
  const backup = { ok: 'ok', wrong: 'WRONG', missing: 'missing', unread: 'not looked at' }[gpt.backup];
  return {
    title: `${FORMATS.gpt}, ${counted(gpt.partitions.length, 'partition')}`,
    lines: [
      `${sizeLine('disk', gpt.diskBytes)}, backup GPT ${backup}`,
      ...(gpt.complete ? [] : [`damage       the file ends at ${fileBytes} bytes, before its last partition does`]),
      ...gpt.partitions.map(
        ({ name, offset, sizeBytes, typeGuid, bootable }) =>
          `${name.padEnd(12)} ${formatSize(sizeBytes).padStart(9)} at ${hexNumber(offset, 8)}  type ${typeGuid}${bootable ? ', bootable' : ''}`,
      ),
    ],
  };
}

function filesystemText(kind: FilesystemKind, sizeBytes: number | undefined, fileBytes: number): ContentText {
  const title = FORMATS[kind];
  if (sizeBytes === undefined) return plain(title);
  const cut = sizeBytes > fileBytes ? ', more than the file has' : '';
  return { title, lines: [`${sizeLine('size', sizeBytes)}${cut}`] };
}

function sizeLine(label: string, bytes: number): string {
  return `${label.padEnd(12)} ${bytes} bytes (${formatSize(bytes)})`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function plain(title: string): ContentText {
  return { title, lines: [] };
}
