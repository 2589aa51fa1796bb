/** Prints rows of equal shape as a Markdown table, numbers with three digits that count. */
export function printTable(title: string, rows: readonly object[]): void {
  const columns = Object.keys(rows[0] ?? {});
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  process.stdout.write(`\n${title}\n\n`);
  process.stdout.write(line(columns));
  process.stdout.write(line(columns.map(() => '---')));
  for (const row of rows) process.stdout.write(line(Object.values(row).map(cellText)));
}

function cellText(value: unknown): string {
  if (typeof value !== 'number') return String(value);
  return Number.isInteger(value) || value >= 1000 ? value.toFixed(0) : value.toPrecision(3);
}
