/** One partition as `gpt write` reads it from its argument. Sizes in bytes, as text. protocol.md §5.4. */
export interface GptArgument {
  readonly name: string;
  readonly type: string | undefined;
  readonly uniqueGuid: string | undefined;
  readonly size: string;
  readonly start: string | undefined;
  readonly bootable: boolean;
}

/** Room for a name and for a GUID in the structure that takes them, NUL included. */
const NAME_ROOM = 32;
const GUID_ROOM = 37;

/**
 * What the shell makes of `"…"` around the partitions: quotes in a name end and begin the quoted text,
 * variables are unset. Undefined where it finds no end.
 */
export function unquote(text: string): string | undefined {
  if (text.includes("'") || text.split('"').length % 2 === 0) return undefined;
  return text.replaceAll('"', '').replace(/\$(?:\{[^}]*\}|\w+)/g, '');
}

/**
 * The partitions of `name=a,start=…;name=b,…;`. A partition name that holds commas becomes keys of its own,
 * and the first value of a key counts. Undefined where `gpt write` gives up.
 */
export function parseGptArgument(text: string): readonly GptArgument[] | undefined {
  const partitions: GptArgument[] = [];
  for (const part of text.replace(/;$/, '').split(';')) {
    const words = part.split(',').map((word) => word.replace(/^[ \t]+/, ''));
    const find = (key: string): string | undefined =>
      words.find((word) => word.startsWith(`${key}=`))?.slice(key.length + 1);
    const [name, size, type, uniqueGuid] = [find('name'), find('size'), find('type'), find('uuid')];
    if (name === undefined || name.length >= NAME_ROOM || size === undefined) return undefined;
    if ([type, uniqueGuid].some((guid) => (guid?.length ?? 0) >= GUID_ROOM)) return undefined;
    partitions.push({ name, size, type, uniqueGuid, start: find('start'), bootable: words.includes('bootable') });
  }
  return partitions;
}
