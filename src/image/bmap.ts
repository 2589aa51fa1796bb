import { createHash } from 'node:crypto';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { Extent } from '../base/bytes.ts';
import { mappedBy } from './sparse-chunks.ts';
import { refuse, type Verdict, verdictOf } from './verdict.ts';

/** A block map as bmaptool writes it, formats 1.0 to 2.0: which blocks of an image mean something. */
export interface Bmap {
  readonly version: string;
  readonly imageBytes: number;
  /** Ascending, not touching, inside the image. */
  readonly mapped: readonly Extent[];
  /** As the file has them; with the sum that the bytes of the range must have. Ascending. */
  readonly ranges: readonly BmapRange[];
  /** What the sums are, as node:crypto calls it. */
  readonly hash: string;
}

export interface BmapRange extends Extent {
  /** Lower-case hex; missing in old formats and when nobody wanted them. */
  readonly sum?: string;
}

const HASHES: readonly string[] = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'];

const PARSER = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  attributesGroupName: 'attributes',
  textNodeName: 'text',
  alwaysCreateTextNode: true,
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  isArray: (name) => name === 'Range',
});

interface Element {
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly [child: string]: unknown;
}

/** Reads a bmap: its own checksum, its counts and its ranges have to agree with each other. */
export function decodeBmap(file: Uint8Array): Verdict<Bmap> {
  return verdictOf(() => {
    const xml = new TextDecoder().decode(file);
    if (XMLValidator.validate(xml) !== true) refuse('it is not well-formed XML');
    const root = documentIn(xml).bmap ?? refuse('it has no element bmap');
    const version = root.attributes?.version ?? '';
    const [, major, minor] = /^(\d+)\.(\d+)$/.exec(version) ?? refuse(`version "${version}"`);
    if (Number(major) < 1 || Number(major) > 2) refuse(`format ${version}; 1.0 to 2.0 are known`);
    const isNamed = Number(major) > 1 || Number(minor) >= 4;
    const hash = isNamed ? (textOf(root, 'ChecksumType') ?? 'sha256').toLowerCase() : 'sha1';
    if (!HASHES.includes(hash)) refuse(`checksums of the unknown type ${hash}`);
    insistOwnSum(file, textOf(root, isNamed ? 'BmapFileChecksum' : 'BmapFileSHA1'), hash);

    const imageBytes = numberOf(root, 'ImageSize');
    const blockBytes = numberOf(root, 'BlockSize');
    const blocks = numberOf(root, 'BlocksCount');
    if (blockBytes === 0 || blocks !== Math.ceil(imageBytes / blockBytes)) {
      refuse(`${blocks} blocks of ${blockBytes} bytes do not make an image of ${imageBytes}`);
    }
    const elements = ((root.BlockMap as Element | undefined)?.Range as readonly Element[] | undefined) ?? [];
    const ranges = elements.map((range) => rangeOf(range, isNamed ? 'chksum' : 'sha1'));
    insistAscending(ranges, blocks, numberOf(root, 'MappedBlocksCount'));
    const inBytes = ranges.map(({ first, last, sum }): BmapRange => {
      const offset = first * blockBytes;
      const end = Math.min(imageBytes, (last + 1) * blockBytes);
      return { offset, length: end - offset, ...(sum !== undefined && { sum }) };
    });
    return { version, imageBytes, mapped: mappedBy(inBytes), ranges: inBytes, hash };
  });
}

/** What is well formed and still too much for the parser: tags in tags without end, names that no map has. */
function documentIn(xml: string): { readonly bmap?: Element } {
  try {
    return PARSER.parse(xml);
  } catch (error) {
    return refuse(`its XML is not that of a bmap: ${(error as Error).message}`);
  }
}

interface BlockRange {
  readonly first: number;
  readonly last: number;
  readonly sum: string | undefined;
}

/** `10-20` or `7`. */
function rangeOf(element: Element, attribute: string): BlockRange {
  const text = (element.text ?? '').trim();
  const [, first, last] = /^(\d+)(?:\s*-\s*(\d+))?$/.exec(text) ?? refuse(`the range "${text}"`);
  return { first: Number(first), last: Number(last ?? first), sum: element.attributes?.[attribute]?.toLowerCase() };
}

function insistAscending(ranges: readonly BlockRange[], blocks: number, mappedBlocks: number): void {
  let end = 0;
  let count = 0;
  for (const { first, last } of ranges) {
    if (first < end || last < first) refuse(`the range ${first}-${last} is out of order`);
    end = last + 1;
    count += end - first;
  }
  if (end > blocks) refuse(`a range ends at block ${end - 1} of ${blocks}`);
  if (count !== mappedBlocks) refuse(`its ranges have ${count} blocks, it speaks of ${mappedBlocks}`);
}

/** The sum is made over the file with zeros in its place. */
function insistOwnSum(file: Uint8Array, sum: string | undefined, hash: string): void {
  if (sum === undefined) return;
  const at = new TextDecoder('latin1').decode(file).indexOf(sum);
  const blanked = file.slice();
  blanked.fill(0x30, at, at + sum.length);
  const found = createHash(hash).update(blanked).digest('hex');
  if (found !== sum.toLowerCase()) refuse(`its own ${hash} is ${found} and not ${sum}`);
}

function textOf(parent: Element, name: string): string | undefined {
  return (parent[name] as Element | undefined)?.text?.trim();
}

function numberOf(parent: Element, name: string): number {
  const text = textOf(parent, name) ?? refuse(`${name} is missing`);
  const value = Number(text);
  return /^\d+$/.test(text) && Number.isSafeInteger(value) ? value : refuse(`${name} is "${text}"`);
}
