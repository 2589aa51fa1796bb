import { createHash } from 'node:crypto';

export interface BmapRequest {
  readonly version: string;
  readonly imageBytes: number;
  readonly blockBytes?: number;
  readonly hash?: string;
  readonly ranges: readonly { readonly text: string; readonly sum?: string | undefined }[];
}

/** A bmap as bmaptool writes it in that format: checksums from 1.3 on, named ones from 1.4 on. */
export function bmapText(request: BmapRequest): string {
  const { version, imageBytes, blockBytes = 4096, hash = 'sha256', ranges } = request;
  const format = Number(version);
  const [type, attribute, element] =
    format >= 1.4 ? [hash, 'chksum', 'BmapFileChecksum'] : ['sha1', 'sha1', 'BmapFileSHA1'];
  const blank = '0'.repeat(createHash(type).digest('hex').length);
  const count = ranges.reduce((sum, { text }) => {
    const [first = 0, last = first] = text.split('-').map(Number);
    return sum + last - first + 1;
  }, 0);
  const lines = ranges.map(
    ({ text, sum }) => `    <Range${sum === undefined ? '' : ` ${attribute}="${sum}"`}>${text}</Range>`,
  );
  const text = [
    '<?xml version="1.0" ?>',
    `<bmap version="${version}">`,
    '  <!-- a comment -->',
    `  <ImageSize> ${imageBytes} </ImageSize>`.replaceAll('> ', '>').replaceAll(' <', '<'),
    `  <BlockSize> ${blockBytes} </BlockSize>`,
    `  <BlocksCount> ${Math.ceil(imageBytes / blockBytes)} </BlocksCount>`,
    `  <MappedBlocksCount> ${count} </MappedBlocksCount>`,
    ...(format >= 1.4 ? [`  <ChecksumType> ${type} </ChecksumType>`] : []),
    ...(format >= 1.3 ? [`  <${element}> ${blank} </${element}>`] : []),
    '  <BlockMap>',
    ...lines,
    '  </BlockMap>',
    '</bmap>',
    '',
  ].join('\n');
  return format < 1.3 ? text : text.replace(blank, createHash(type).update(text).digest('hex'));
}
