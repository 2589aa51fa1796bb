/** What is to happen to a partition. */
export interface Opt {
  /** P: it belongs to the update. Without it, the row is `-`. */
  readonly selected: boolean;
  /** E: created and never asked for. */
  readonly empty: boolean;
  /** D: erased first. */
  readonly erase: boolean;
}

/** Reads `-`, or letters of P, E and D with a P among them; undefined for anything else (protocol.md §5.2). */
export function parseOpt(text: string): Opt | undefined {
  if (text === '-') return { selected: false, empty: false, erase: false };
  if (!/^[PED]+$/.test(text) || !text.includes('P')) return undefined;
  return { selected: true, empty: text.includes('E'), erase: text.includes('D') };
}

export function formatOpt({ selected, empty, erase }: Opt): string {
  return selected ? `P${empty ? 'E' : ''}${erase ? 'D' : ''}` : '-';
}
