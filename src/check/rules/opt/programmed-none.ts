import { isProgrammed } from '../../../layout/phases.ts';
import { NO_BINARY } from '../../../layout/row.ts';
import { eachRow } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const programmedNone: Rule = {
  id: 'programmed-none',
  severity: 'warning',
  title: 'a selected partition without a file',
  why: 'The board asks for the phase, and the host has nothing to send.',
  example: 'P 0x10 rootfs FileSystem mmc0 0x00984400 none',
  fix: 'name a file, or write PE to leave the partition empty',
  spoils: 'nothing',
  check: eachRow('binary', (row, { context }) => {
    if (!isProgrammed(row) || row.binary !== NO_BINARY) return undefined;
    const message = `${quote(row.name ?? '')} is selected and names no file`;
    return context.tool === 'phaseline' ? { message, severity: 'error' } : message;
  }),
};
