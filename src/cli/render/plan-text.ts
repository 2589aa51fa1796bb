import { printable } from '../../base/printable.ts';
import { formatSize, hexNumber } from '../../base/sizes.ts';
import type { Plan, PlannedFile } from '../../flash/plan.ts';
import { expectedReading, type Verification } from '../../flash/verify.ts';
import { readingText } from './sentences.ts';

/** `--dry-run --json`. */
export function planJson(plan: Plan, verify: Verification) {
  return {
    layout: plan.layoutPath,
    phases: plan.planned.map(({ id, name, file, bytes, bytesToSend, extents, note }) => ({
      id: hexNumber(id),
      name,
      file,
      bytes: bytesToSend,
      imageBytes: bytes.size,
      extents: extents.length,
      ...(note === undefined ? {} : { note }),
    })),
    ...(verify === 'readback' && { readback: expectedReading(plan) }),
    wipes: plan.wipes,
    partialUpdates: plan.partialUpdates,
  };
}

/** `--dry-run`: what would be sent to which phase, for people. */
export function planText(plan: Plan, verify: Verification): string {
  const rows = plan.planned.map(
    ({ id, name, file, bytesToSend }) =>
      `${hexNumber(id)}  ${printable(name).padEnd(16)}  ${formatSize(bytesToSend).padStart(10)}  ${printable(file)}`,
  );
  const notes = [
    ...plan.planned.flatMap(holesLines),
    ...(verify === 'readback' ? [readingText(expectedReading(plan))] : []),
    ...plan.wipes.map((device) => `all of ${device} is erased`),
    ...plan.partialUpdates.map((device) => `${device} keeps its partition table, which must match the layout`),
  ];
  return `${['what would be sent, in this order:', ...rows, ...notes].join('\n')}\n`;
}

/** What is left out of a file, or why its holes are not. */
function holesLines({ file, bytes, bytesToSend, extents, note }: PlannedFile): string[] {
  const skipped = bytes.size - bytesToSend;
  const ranges = `${extents.length} ${extents.length === 1 ? 'range' : 'ranges'}`;
  const lines =
    skipped > 0 ? [`${ranges} of ${formatSize(bytes.size)}, ${formatSize(skipped)} of holes are skipped`] : [];
  return [...lines, ...(note === undefined ? [] : [note])].map((line) => `${printable(file)}: ${line}`);
}
