import { printable } from '../../base/printable.ts';
import { formatSize, hexNumber } from '../../base/sizes.ts';
import type { Plan } from '../../flash/plan.ts';

/** `--dry-run --json`. */
export function planJson(plan: Plan) {
  return {
    layout: plan.layoutPath,
    phases: plan.planned.map(({ id, name, file, bytes }) => ({ id: hexNumber(id), name, file, bytes: bytes.size })),
    wipes: plan.wipes,
    partialUpdates: plan.partialUpdates,
  };
}

/** `--dry-run`: what would be sent to which phase, for people. */
export function planText(plan: Plan): string {
  const rows = plan.planned.map(
    ({ id, name, file, bytes }) =>
      `${hexNumber(id)}  ${printable(name).padEnd(16)}  ${formatSize(bytes.size).padStart(10)}  ${printable(file)}`,
  );
  const notes = [
    ...plan.wipes.map((device) => `all of ${device} is erased`),
    ...plan.partialUpdates.map((device) => `${device} keeps its partition table, which must match the layout`),
  ];
  return `${['what would be sent, in this order:', ...rows, ...notes].join('\n')}\n`;
}
