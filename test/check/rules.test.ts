import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkLayout } from '../../src/check/check-layout.ts';
import type { FileFacts } from '../../src/check/file-facts.ts';
import { RULES } from '../../src/check/registry.ts';
import type { CheckContext } from '../../src/check/subject.ts';
import { encodeFwuMetadataV1 } from '../../src/image/fwu-metadata.ts';
import { guidBytes } from '../../src/image/guid.ts';
import { parseLayout } from '../../src/layout/parse.ts';
import {
  makeExt4,
  makeFsbl,
  makeGptImage,
  makeGuid,
  makeLfsPointer,
  makePattern,
  makeSparseHole,
} from '../image/make.ts';
import { BOARDS, type BoardName, brokenLayout } from './boards.ts';
import { factsOf, factsOfAll, imagesFor } from './files.ts';

const KIB = 1024;
const FIP_TYPE = '19d5df83-11b0-457b-be2c-7559c13142a5';
const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** Files that a case names beside those of a good build. */
const special = new Map<string, FileFacts>();
let good: ReadonlyMap<string, FileFacts>;

beforeAll(async () => {
  good = await factsOfAll(imagesFor('mp15'));
  const bytes: Record<string, Uint8Array> = {
    'lfs.ext4': makeLfsPointer(),
    'rootfs.simg': makeSparseHole(),
    'noise.bin': makePattern(4096),
    'odd.ext4': makeExt4(64 * KIB + 512).subarray(0, 64 * KIB + 100),
    'mp13.stm32': makeFsbl({ family: 'mp13' }),
    'mp25.stm32': makeFsbl({ family: 'mp25' }),
    'stm32mp135f-dk.stm32': makeFsbl({ family: 'mp15' }),
    'big-payload.stm32': makeFsbl({ family: 'mp15', payloadBytes: 250 * KIB }),
    'type-32.stm32': makeFsbl({ family: 'mp15', binaryType: 0x20 }),
    'fsbl-usb.stm32': makeFsbl({ family: 'mp15' }),
    'a_Signed.stm32': makeFsbl({ family: 'mp15' }),
    'data-only.img': makeGptImage({ partitions: [{ name: 'data', offset: 0x8000, data: makeExt4() }] }),
    'tf-a-stm32mp157c-dk2.stm32': makeFsbl({ family: 'mp15' }),
    'deaf.stm32': makeFsbl({ family: 'mp15', text: 'BL2: %s\0' }),
    '../rootfs.ext4': makeExt4(),
    'elsewhere.bin': encodeFwuMetadataV1([
      { type: guidBytes(FIP_TYPE), location: guidBytes(makeGuid(2)), banks: [makeGuid(3), makeGuid(4)].map(guidBytes) },
    ]),
  };
  for (const [name, data] of Object.entries(bytes)) special.set(name, await factsOf(name, data));
  special.set('fip-stm32mp157c-ev1.bin', { ...(good.get('fip.bin') as FileFacts) });
  special.set('huge-fip.bin', {
    ...(await factsOf('', imagesFor('mp15')['fip.bin'] as Uint8Array)),
    sizeBytes: 17 * MIB,
  });
  special.set('fat-fsbl.stm32', await factsOf('', makeFsbl({ family: 'mp15', payloadBytes: 240 * KIB })));
  special.set('near.bin', await factsOf('', makePattern(4096), 255 * KIB));
  special.set('wide.f2fs', { path: '', sizeBytes: 64 * KIB, content: { kind: 'f2fs', sizeBytes: 2 * MIB } });
  special.set('old.bin', {
    ...(await factsOf('', imagesFor('mp15')['fip.bin'] as Uint8Array)),
    ubootVersion: '2022.10',
  });
  special.set('gone.bin', { problem: 'missing', reason: 'gone.bin does not exist' });
  special.set('folder', { problem: 'unreadable', reason: 'folder is a folder, not a file' });
  special.set('/etc/x', { problem: 'outside', reason: '/etc/x lies outside' });
});

interface Case {
  readonly rule: string;
  readonly at: string;
  readonly board: BoardName;
  readonly edits?: Readonly<Record<number, string | null>>;
  readonly text?: string;
  readonly context?: CheckContext;
  readonly path?: string;
  readonly problem?: string;
}

const MP15 = { family: 'mp15' } as const;
const MP25 = { family: 'mp25' } as const;
const name = (index: number) => `p${index.toString(36).padStart(2, '0')}`;
const LONG_GPT = Object.fromEntries(
  Array.from({ length: 110 }, (_, index) => [
    13 + index,
    `PE 0x${(0x12 + index).toString(16)} ${name(index)} FileSystem mmc0 0x${(0x8984400 + index * 512).toString(16)} none`,
  ]),
);

const CASES: readonly Case[] = [
  { rule: 'empty-file', at: '1:1', board: 'sd', text: '' },
  {
    rule: 'unknown-rule',
    at: '5:42',
    board: 'raw',
    edits: { 5: '# phaseline-disable-next-line\trow-order, ofset-syntax' },
  },
  { rule: 'layout-unreadable', at: '1:1', board: 'sd', problem: 'the layout cannot be read: EACCES' },
  { rule: 'nul-byte', at: '2:2', board: 'sd', text: '#Opt\nP\0\t0x10\n' },
  { rule: 'bom', at: '1:1', board: 'sd', text: '\uFFFD\uFFFD#\0O\0' },
  { rule: 'header-unusual', at: '1:1', board: 'raw', edits: { 1: '#Opt Id Type Name IP Offset Binary' } },
  { rule: 'no-final-newline', at: '1:44', board: 'sd', text: '-\t0x01\tfsbl-boot\tBinary\tnone\t0x0\tfsbl.stm32' },
  { rule: 'file-extension', at: '1:1', board: 'raw', path: 'raw.csv' },
  { rule: 'blank-line', at: '5:1', board: 'raw', edits: { 5: '\t' } },
  { rule: 'ellipsis-row', at: '4:1', board: 'raw', edits: { 4: '...' } },
  {
    rule: 'spaces-instead-of-tabs',
    at: '4:1',
    board: 'raw',
    edits: { 4: ' P 0x10 sdcard RawImage mmc0 0x0 sdcard.img' },
  },
  { rule: 'missing-column', at: '4:19', board: 'raw', edits: { 4: 'P 0x10 sdcard mmc0' } },
  { rule: 'leading-tab', at: '4:1', board: 'raw', edits: { 4: '\tP\t0x10\tsdcard\tRawImage\tmmc0\t0x0\tsdcard.img' } },
  { rule: 'id-syntax', at: '4:3', board: 'raw', edits: { 4: 'P 5h sdcard RawImage mmc0 0x0 sdcard.img' } },
  { rule: 'id-decimal', at: '2:3', board: 'raw', edits: { 2: '- 1 fsbl-boot Binary none 0x0 fsbl.stm32' } },
  { rule: 'id-decimal-ambiguous', at: '4:3', board: 'raw', edits: { 4: 'P 17 sdcard RawImage mmc0 0x0 sdcard.img' } },
  {
    rule: 'id-out-of-range',
    at: '4:3',
    board: 'raw',
    edits: { 4: 'P 99999999999999999999 sdcard RawImage mmc0 0x0 sdcard.img' },
  },
  {
    rule: 'id-duplicate',
    at: '12:3',
    board: 'sd',
    edits: { 12: 'P 0x10 rootfs FileSystem mmc0 0x04984400 rootfs.ext4' },
  },
  { rule: 'id-gap-hex-slip', at: '10:3', board: 'sd', edits: { 10: null } },
  {
    rule: 'id-user-range-bootloader',
    at: '6:3',
    board: 'emmc',
    edits: { 6: 'P 0x12 fip FIP mmc1 0x00080000 fip.bin' },
  },
  {
    rule: 'row-order',
    at: '3:3',
    board: 'raw',
    edits: { 2: '- 0x03 fip-boot FIP none 0x0 fip.bin', 3: '- 0x01 fsbl-boot Binary none 0x0 fsbl.stm32' },
    context: { tool: 'phaseline' },
  },
  {
    rule: 'boot-row-order',
    at: '2:3',
    board: 'raw',
    edits: { 2: '- 0x03 fip-boot FIP none 0x0 fip.bin', 3: '- 0x01 fsbl-boot Binary none 0x0 fsbl.stm32' },
  },
  { rule: 'missing-ssbl-phase', at: '3:3', board: 'raw', edits: { 3: null } },
  {
    rule: 'unexpected-ddr-phase',
    at: '3:3',
    board: 'raw',
    edits: { 3: '- 0x02 fip-ddr FIP none 0x0 fip-ddr.bin', 4: '- 0x03 fip-boot FIP none 0x0 fip.bin' },
  },
  {
    rule: 'too-many-devices',
    at: '9:21',
    board: 'raw',
    edits: {
      5: 'PE 0x11 a Binary mmc1 0x80000 none',
      6: 'PE 0x12 b Binary mmc2 0x80000 none',
      7: 'PE 0x13 c Binary nor0 0x0 none',
      8: 'PE 0x14 d Binary nand0 0x0 none',
      9: 'PE 0x15 eeee Binary spi-nand0 0x0 none',
    },
  },
  { rule: 'empty-with-binary', at: '9:35', board: 'sd', edits: { 9: 'PE 0x09 fip-b FIP mmc0 0x00504400 fip.bin' } },
  { rule: 'delete-whole-device', at: '4:1', board: 'raw', edits: { 4: 'PED 0x10 sdcard RawImage mmc0 0x0 none' } },
  { rule: 'erase-on-unreliable-sd', at: '9:1', board: 'sd' },
  { rule: 'env-not-erased', at: '10:1', board: 'sd', edits: { 10: 'PE 0x0A u-boot-env ENV mmc0 0x00904400 none' } },
  {
    rule: 'fsbl-name-family',
    at: '5:8',
    board: 'nor',
    context: MP25,
    edits: {
      2: '- 0x01 fsbl-boot Binary none 0x0 mp25.stm32',
      3: '- 0x02 fip-ddr FIP none 0x0 fip-ddr.bin',
      4: '- 0x03 fip-boot FIP none 0x0 fip.bin',
      5: 'P 0x05 fsbl1 Binary nor1 0x00000000 mp25.stm32',
      6: 'P 0x06 fip FIP nor1 0x00080000 fip.bin',
      7: 'PE 0x07 rest Binary nor1 0x00480000 none',
    },
  },
  {
    rule: 'system-name-script',
    at: '11:8',
    board: 'sd',
    edits: { 11: 'P 0x10 kernel System mmc0 0x00984400 bootfs.ext4' },
  },
  {
    rule: 'type-case',
    at: '12:15',
    board: 'sd',
    edits: { 12: 'P 0x11 rootfs Filesystem mmc0 0x04984400 rootfs.ext4' },
  },
  {
    rule: 'type-copies-not-nand',
    at: '4:14',
    board: 'sd',
    edits: { 4: 'P 0x04 fsbl1 Binary(2) mmc0 0x00004400 fsbl.stm32' },
  },
  {
    rule: 'type-copies-not-fsbl',
    at: '4:13',
    board: 'nand',
    edits: { 4: 'P 0x04 spl1 Binary(2) nand0 0x00000000 fsbl.stm32' },
  },
  {
    rule: 'nand-single-fsbl',
    at: '4:13',
    board: 'nand',
    edits: { 4: 'P 0x04 fsbl Binary nand0 0x00000000 fsbl.stm32' },
  },
  { rule: 'fip-typed-binary', at: '8:14', board: 'sd', edits: { 8: 'P 0x08 fip-a Binary mmc0 0x00104400 fip.bin' } },
  {
    rule: 'system-count',
    at: '12:15',
    board: 'sd',
    edits: { 12: 'P 0x11 boot_b System mmc0 0x04984400 rootfs.ext4' },
  },
  { rule: 'ram-type-roles', at: '5:12', board: 'ram', edits: { 5: 'P 0x11 dtb FIP ram0 0xC4000000 board.dtb' } },
  { rule: 'type-needs-uboot', at: '6:18', board: 'sd', edits: { 3: '- 0x03 fip-boot FIP none 0x0 old.bin' } },
  { rule: 'ip-unknown', at: '4:24', board: 'raw', edits: { 4: 'P 0x10 sdcard RawImage sdcard 0x0 sdcard.img' } },
  { rule: 'ip-none-selected', at: '2:25', board: 'raw', edits: { 2: 'P 0x01 fsbl-boot Binary none 0x0 fsbl.stm32' } },
  {
    rule: 'ip-storage-on-boot-row',
    at: '2:25',
    board: 'raw',
    edits: { 2: '- 0x01 fsbl-boot Binary mmc0 0x4400 fsbl.stm32' },
  },
  {
    rule: 'ip-index-for-family',
    at: '4:21',
    board: 'nor',
    context: MP15,
    edits: {
      4: 'P 0x04 fsbl1 Binary nor1 0x00000000 fsbl.stm32',
      5: 'P 0x05 fsbl2 Binary nor1 0x00040000 fsbl.stm32',
      6: 'P 0x06 fip FIP nor1 0x00080000 fip.bin',
      7: 'PE 0x07 rest Binary nor1 0x00480000 none',
    },
  },
  {
    rule: 'ip-not-on-board',
    at: '4:21',
    board: 'emmc',
    context: { board: { name: 'dk', family: 'mp15', devices: { mmc0: {} } } },
  },
  { rule: 'ip-mixed-boot-chain', at: '6:16', board: 'nor', edits: { 6: 'P 0x06 fip FIP mmc0 0x00084400 fip.bin' } },
  { rule: 'offset-none', at: '4:29', board: 'raw', edits: { 4: 'P 0x10 sdcard RawImage mmc0 none sdcard.img' } },
  {
    rule: 'offset-bootpart-index',
    at: '4:26',
    board: 'emmc',
    edits: { 4: 'P 0x04 fsbl1 Binary mmc1 boot0 fsbl.stm32' },
  },
  {
    rule: 'offset-bootpart-not-emmc',
    at: '5:26',
    board: 'nor',
    edits: { 5: 'P 0x05 fsbl2 Binary nor0 boot2 fsbl.stm32' },
  },
  {
    rule: 'emmc-bootpart-duplicate',
    at: '5:26',
    board: 'emmc',
    edits: { 5: 'P 0x05 fsbl2 Binary mmc1 boot1 fsbl.stm32' },
  },
  {
    rule: 'emmc-bootpart-order',
    at: '5:26',
    board: 'emmc',
    edits: { 4: 'P 0x04 fsbl1 Binary mmc1 boot2 fsbl.stm32', 5: 'P 0x05 fsbl2 Binary mmc1 boot1 fsbl.stm32' },
  },
  { rule: 'emmc-first-offset', at: '6:21', board: 'emmc', edits: { 6: 'P 0x08 fip FIP mmc1 0x00004400 fip.bin' } },
  {
    rule: 'offset-beyond-device',
    at: '12:31',
    board: 'sd',
    context: { devices: new Map([['mmc0', { sizeBytes: 64 * MIB }]]) },
  },
  {
    rule: 'rawimage-offset-ignored',
    at: '4:29',
    board: 'raw',
    edits: { 4: 'P 0x10 sdcard RawImage mmc0 0x4400 sdcard.img' },
  },
  { rule: 'rawimage-duplicate', at: '5:12', board: 'raw', edits: { 5: 'P 0x11 all RawImage mmc0 0x0 sdcard.img' } },
  {
    rule: 'rawimage-for-mtd-bad-blocks',
    at: '4:13',
    board: 'raw',
    edits: { 4: 'P 0x10 nand RawImage nand0 0x0 noise.bin' },
  },
  {
    rule: 'offset-not-ascending',
    at: '12:31',
    board: 'sd',
    edits: {
      11: 'P 0x11 bootfs System mmc0 0x04984400 bootfs.ext4',
      12: 'P 0x10 rootfs FileSystem mmc0 0x00984400 rootfs.ext4',
    },
  },
  {
    rule: 'offset-mtd-fixed-by-tfa',
    at: '6:21',
    board: 'nor',
    edits: { 6: 'P 0x06 fip FIP nor0 0x000C0000 fip.bin', 7: 'PE 0x07 rest Binary nor0 0x004C0000 none' },
  },
  {
    rule: 'partition-small-for-role',
    at: '6:21',
    board: 'emmc',
    edits: { 7: 'P 0x10 bootfs System mmc1 0x00100000 bootfs.ext4' },
  },
  { rule: 'offset-ram-range', at: '4:27', board: 'ram', edits: { 4: 'P 0x10 kernel System ram0 0x00000000 uImage' } },
  { rule: 'gpt-string-too-long', at: '107:9', board: 'sd', edits: LONG_GPT },
  { rule: 'fip-missing', at: '4:8', board: 'sd', edits: { 6: null, 7: null, 8: null, 9: null } },
  { rule: 'fip-b-without-metadata', at: '7:10', board: 'sd', edits: { 6: null, 7: null } },
  {
    rule: 'fip-beyond-tfa-gpt-window',
    at: '10:10',
    board: 'sd',
    edits: { 9: 'PED 0x09 u-boot-env ENV mmc0 0x00504400 none', 10: 'PED 0x0A fip-b FIP mmc0 0x00584400 none' },
  },
  { rule: 'optee-triple', at: '10:10', board: 'sd', edits: { 10: 'PED 0x0A teeh Binary mmc0 0x00904400 none' } },
  {
    rule: 'boot-image-for-other-board',
    at: '3:30',
    board: 'raw',
    edits: {
      2: '- 0x01 fsbl-boot Binary none 0x0 tf-a-stm32mp157c-dk2.stm32',
      3: '- 0x03 fip-boot FIP none 0x0 fip-stm32mp157c-ev1.bin',
    },
  },
  {
    rule: 'secure-signature-mixed',
    at: '3:30',
    board: 'raw',
    edits: { 2: '- 0x01 fsbl-boot Binary none 0x0 a_Signed.stm32' },
  },
  { rule: 'binary-missing', at: '4:33', board: 'raw', edits: { 4: 'P 0x10 sdcard RawImage mmc0 0x0 gone.bin' } },
  { rule: 'binary-unreadable', at: '4:33', board: 'raw', edits: { 4: 'P 0x10 sdcard RawImage mmc0 0x0 folder' } },
  { rule: 'binary-outside', at: '4:33', board: 'raw', edits: { 4: 'P 0x10 sdcard RawImage mmc0 0x0 /etc/x' } },
  {
    rule: 'binary-parent-escape',
    at: '12:42',
    board: 'sd',
    edits: { 12: 'P 0x11 rootfs FileSystem mmc0 0x04984400 ../rootfs.ext4' },
  },
  {
    rule: 'binary-lfs-pointer',
    at: '12:42',
    board: 'sd',
    edits: { 12: 'P 0x11 rootfs FileSystem mmc0 0x04984400 lfs.ext4' },
  },
  {
    rule: 'binary-sparse',
    at: '12:42',
    board: 'sd',
    edits: { 12: 'P 0x11 rootfs FileSystem mmc0 0x04984400 rootfs.simg' },
  },
  {
    rule: 'ip-board-mmc',
    at: '4:17',
    board: 'raw',
    edits: {
      4: 'P 0x10 a System mmc1 0x00004400 bootfs.ext4',
      5: 'P 0x11 b FileSystem mmc1 0x04004400 rootfs.ext4',
    },
  },
  {
    rule: 'opt-order-script',
    at: '9:1',
    board: 'sd',
    edits: { 9: 'EP 0x09 fip-b FIP mmc0 0x00504400 none' },
  },
  {
    rule: 'metadata-uuid-vs-fip',
    at: '6:44',
    board: 'sd',
    edits: { 6: 'P 0x06 metadata1 FWU_MDATA mmc0 0x00084400 elsewhere.bin' },
  },
  {
    rule: 'stm32-header-missing',
    at: '2:34',
    board: 'raw',
    edits: { 2: '- 0x01 fsbl-boot Binary none 0x0 noise.bin' },
  },
  {
    rule: 'stm32-header-family',
    at: '4:37',
    board: 'sd',
    edits: { 4: 'P 0x04 fsbl1 Binary mmc0 0x00004400 mp13.stm32' },
  },
  {
    rule: 'stm32-header-family',
    at: '2:34',
    board: 'raw',
    path: 'stm32mp157c-dk2.tsv',
    edits: { 2: '- 0x01 fsbl-boot Binary none 0x0 mp25.stm32' },
  },
  {
    rule: 'family-mismatch',
    at: '2:34',
    board: 'raw',
    context: MP15,
    edits: { 2: '- 0x01 fsbl-boot Binary none 0x0 stm32mp135f-dk.stm32' },
  },
  {
    rule: 'fsbl-too-big-for-sysram',
    at: '2:34',
    board: 'raw',
    edits: { 2: '- 0x01 fsbl-boot Binary none 0x0 big-payload.stm32' },
  },
  {
    rule: 'fsbl-without-usb-loader',
    at: '2:34',
    board: 'raw',
    edits: { 2: '- 0x01 fsbl-boot Binary none 0x0 deaf.stm32' },
  },
  { rule: 'fip-magic', at: '3:30', board: 'raw', edits: { 3: '- 0x03 fip-boot FIP none 0x0 noise.bin' } },
  { rule: 'fip-magic', at: '3:34', board: 'raw', edits: { 3: '- 0x03 ssbl-boot Binary none 0x0 noise.bin' } },
  {
    rule: 'fip-too-big-for-download',
    at: '3:30',
    board: 'raw',
    edits: { 3: '- 0x03 fip-boot FIP none 0x0 huge-fip.bin' },
  },
  {
    rule: 'emmc-bootpart-size',
    at: '5:32',
    board: 'emmc',
    edits: { 5: 'P 0x05 fsbl2 Binary mmc1 boot2 fsbl.stm32' },
    context: { devices: new Map([['mmc1', { bootBytes: 4000 }]]) },
  },
  {
    rule: 'copies-do-not-fit',
    at: '4:40',
    board: 'nand',
    edits: { 4: 'P 0x04 fsbl Binary(9) nand0 0x00000000 fat-fsbl.stm32', 5: 'P 0x05 fip FIP nand0 0x00200000 fip.bin' },
  },
  {
    rule: 'copies-need-readable-header',
    at: '5:40',
    board: 'nand',
    edits: {
      2: '- 0x01 fsbl-boot Binary none 0x0 mp25.stm32',
      3: '- 0x02 fip-ddr FIP none 0x0 fip-ddr.bin',
      4: '- 0x03 fip-boot FIP none 0x0 fip.bin',
      5: 'P 0x04 fsbl Binary(2) nand0 0x00000000 mp25.stm32',
      6: 'P 0x05 fip FIP nand0 0x00200000 fip.bin',
      7: 'P 0x10 ubi System nand0 0x00600000 rootfs.ubi',
    },
  },
  {
    rule: 'stm32-binary-type',
    at: '2:34',
    board: 'raw',
    edits: { 2: '- 0x01 fsbl-boot Binary none 0x0 type-32.stm32' },
  },
  {
    rule: 'ext4-bigger-than-partition',
    at: '11:38',
    board: 'sd',
    edits: {
      11: 'P 0x10 bootfs System mmc0 0x00984400 wide.f2fs',
      12: 'P 0x11 rootfs FileSystem mmc0 0x00A84400 rootfs.ext4',
    },
  },
  { rule: 'esp-without-fat', at: '11:32', board: 'sd', edits: { 11: 'P 0x10 esp ESP mmc0 0x00984400 bootfs.ext4' } },
  {
    rule: 'binary-holds-filesystem',
    at: '12:38',
    board: 'sd',
    edits: { 12: 'P 0x11 rootfs Binary mmc0 0x04984400 rootfs.ext4' },
  },
  { rule: 'rawimage-no-gpt', at: '4:33', board: 'raw', edits: { 4: 'P 0x10 sdcard RawImage mmc0 0x0 noise.bin' } },
  {
    rule: 'rawimage-gpt-names',
    at: '4:33',
    board: 'raw',
    edits: { 4: 'P 0x10 sdcard RawImage mmc0 0x0 data-only.img' },
  },
  {
    rule: 'rawimage-backup-gpt',
    at: '4:33',
    board: 'raw',
    context: { devices: new Map([['mmc0', { sizeBytes: 4 * GIB }]]) },
  },
  {
    rule: 'binary-near-full',
    at: '10:36',
    board: 'sd',
    edits: {
      10: 'P 0x0A blob Binary mmc0 0x00904400 near.bin',
      11: 'P 0x10 bootfs System mmc0 0x00944400 bootfs.ext4',
    },
  },
  {
    rule: 'binary-size-not-block',
    at: '12:42',
    board: 'sd',
    edits: { 12: 'P 0x11 rootfs FileSystem mmc0 0x04984400 odd.ext4' },
  },
  {
    rule: 'storage-file-usb-variant',
    at: '4:37',
    board: 'sd',
    edits: { 4: 'P 0x04 fsbl1 Binary mmc0 0x00004400 fsbl-usb.stm32' },
  },
];

function checked({ board, edits, text, context, path, problem }: Omit<Case, 'rule' | 'at'>) {
  const files = new Map([...good, ...special]);
  const layout = parseLayout(text ?? brokenLayout(board, edits), path ?? 'layout');
  return checkLayout({ ...layout, ...(problem !== undefined && { problem }) }, { files, ...context });
}

describe('every rule', () => {
  test.each(CASES)('$rule is broken at $at by one edit', (wanted) => {
    const found = checked(wanted);
    const hits = found.filter(({ ruleId }) => ruleId === wanted.rule);
    expect(hits.map(({ line, column }) => `${line}:${column}`)).toContain(wanted.at);
  });

  test.each(CASES)('$rule brings no other error', (wanted) => {
    const others = checked(wanted).filter(({ ruleId, severity }) => ruleId !== wanted.rule && severity === 'error');
    expect(others).toEqual([]);
  });

  test('is broken by some case, here or in fixtures/broken', () => {
    const expectations = readFileSync(new URL('fixtures/broken/EXPECT.tsv', import.meta.url), 'utf8');
    const covered = new Set([
      ...CASES.map(({ rule }) => rule),
      ...expectations.split('\n').map((line) => line.split('\t')[1]),
    ]);
    expect(RULES.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual([]);
  });

  test.each(Object.keys(BOARDS) as BoardName[])('is kept by the layout that the cases start from: %s', (board) => {
    expect(checked({ board }).filter(({ severity }) => severity !== 'info')).toEqual([]);
  });

  test('has an id of its own and says what it is about in one line', () => {
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
    for (const { id, title, why, example, fix } of RULES) {
      for (const text of [title, why, example, fix]) expect(text, id).toMatch(/^[^\n]+$/);
    }
  });
});
