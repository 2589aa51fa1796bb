import { DEADLINE_TABLE, deadlineMs } from '../../src/flash/deadline-table.ts';
import { DEADLINES } from '../../src/flash/deadlines.ts';

/** docs/deadlines.md, made of the table in src/flash/deadline-table.ts. */
export function deadlinesPage(): string {
  const rows = Object.entries(DEADLINE_TABLE).map(
    ([name, row]) => `| \`${name}\` | ${deadlineMs(DEADLINES, row) / 1000} | ${row.meaning} |`,
  );
  return `# Deadlines

Made by \`npm run docs\`. Every wait of a flash job has an end. \`--deadline NAME=SECONDS\` (as often as needed) sets one,
\`--patience FACTOR\` makes all others that much longer or shorter; \`--wait\` is for a board that is not there yet, and
\`--timeout\` for the whole job.

| name | seconds | what is waited for |
| --- | --- | --- |
${rows.join('\n')}

U-Boot answers nothing while it writes, and is off the bus while it erases. What it writes before it answers is bounded
(8 MiB on a card, an erase block on raw flash), so \`uboot-block\` holds for a medium of 0.14 MB/s. What it erases is not:
\`come-back-layout\` grows by the \`erase-…\` of the medium for each MiB of the rows with D, as far as the layout tells their
size.

When nothing moves for the seconds of \`stall\`, and again after twice and four times as long, a \`warning\` with \`about\`
\`stall\` says so; the deadline ends the job later. \`--retries N\` then starts it over from the ROM, N times at the most:
after failures of the link or of the board, never after a difference that was read back, a layout or file that was
refused, or Ctrl-C. A board that was in U-Boot resets by itself, any other one has to be reset within the seconds of
\`retry\`; a board with another serial number is left alone. Each attempt is in the result's \`attempts\`, the first one first.
`;
}
