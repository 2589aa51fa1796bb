import { isBootRow } from '../../../layout/phases.ts';
import { eachRow } from '../../each.ts';
import type { Rule } from '../../rule.ts';

export const ipNoneSelected: Rule = {
  id: 'ip-none-selected',
  severity: 'error',
  title: 'P on a row without a device',
  why: 'U-Boot answers "Layout: selected none phase = 0x1", and only after the board has started over. ST\'s own helper firmware alone wants such rows.',
  example: 'P 0x01 fsbl Binary none',
  fix: 'write - in the Opt column',
  check: eachRow('ip', (row) =>
    isBootRow(row) && row.opt?.selected ? `the row is selected and lies on no device` : undefined,
  ),
};
