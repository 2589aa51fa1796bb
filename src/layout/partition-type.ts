/** The words of the Type column (protocol.md §5.2). U-Boot compares them case and all. */
export const PARTITION_TYPES = [
  'Binary',
  'FIP',
  'FWU_MDATA',
  'ENV',
  'System',
  'FileSystem',
  'ESP',
  'RawImage',
] as const;
export type PartitionTypeName = (typeof PARTITION_TYPES)[number];

export interface PartitionType {
  readonly kind: PartitionTypeName;
  /** N of `Binary(N)`: how often U-Boot writes the image; 1 for everything else. */
  readonly copies: number;
}

const COPIES = /^Binary\((\d{1,9})\)$/;

/** Undefined also for `Binary()` and `Binary(x)`, which U-Boot takes for no copy at all. */
export function parsePartitionType(text: string): PartitionType | undefined {
  const copies = COPIES.exec(text)?.[1];
  if (copies !== undefined) return { kind: 'Binary', copies: Number(copies) };
  const kind = PARTITION_TYPES.find((name) => name === text);
  return kind && { kind, copies: 1 };
}

export function formatPartitionType({ kind, copies }: PartitionType): string {
  return copies === 1 ? kind : `${kind}(${copies})`;
}
