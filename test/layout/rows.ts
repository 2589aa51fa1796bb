/** A layout from rows with blanks in place of TABs, behind the usual header line. */
export function layoutText(rows: readonly string[]): string {
  return ['#Opt Id Name Type IP Offset Binary', ...rows].map((row) => `${row.replaceAll(' ', '\t')}\n`).join('');
}
