import { formatDevice, isMtd } from '../../../layout/device.ts';
import { isStorageRow } from '../../../layout/phases.ts';
import type { LayoutRow } from '../../../layout/row.ts';
import { isEmmc } from '../../../layout/usable-area.ts';
import { eachFile } from '../../each.ts';
import { isProblem } from '../../file-facts.ts';
import { quote } from '../../quote.ts';
import { isFsblPartition } from '../../roles.ts';
import type { Rule } from '../../rule.ts';
import type { Subject } from '../../subject.ts';

/** What may hold the second stage, in any of the boot chains. */
const SECOND_STAGE = /^(fip|ssbl|u-?boot(?!-?env))/;

export const rawimageGptNames: Rule = {
  id: 'rawimage-gpt-names',
  severity: 'warning',
  title: 'a whole-device image that does not boot',
  why: 'On an SD card the ROM looks for a GPT name that begins with fsbl. From an eMMC it starts a boot partition, and TF-A looks for fip (before, ssbl) in the GPT.',
  example: 'a GPT with rootfs only',
  fix: 'add the boot partitions to the image',
  aboutFile: true,
  spoils: 'nothing',
  check: eachFile(({ content }, row, subject) => {
    if (row.type?.kind !== 'RawImage' || row.ip?.kind !== 'mmc' || content.kind !== 'gpt') return undefined;
    if (subject.rows.some((other) => bootsInstead(other, row, subject))) return undefined;
    const names = content.partitions.map(({ name }) => name);
    if (names.some((name) => name.startsWith('fsbl'))) return undefined;
    if (!isEmmc(row.ip, subject.known)) return `${quote(row.binary ?? '')} has no partition named fsbl*`;
    return names.some((name) => SECOND_STAGE.test(name))
      ? undefined
      : `${quote(row.binary ?? '')} has no partition named fip* or ssbl`;
  }),
};

/** Whether the board starts from another device, so that this one need not boot. */
function bootsInstead(other: LayoutRow, row: LayoutRow, { context }: Subject): boolean {
  if (!other.ip || !row.ip || !isStorageRow(other) || formatDevice(other.ip) === formatDevice(row.ip)) return false;
  if (isFsblPartition(other)) return true;
  const facts = context.files?.get(other.binary ?? '');
  const partitions = facts && !isProblem(facts) && facts.content.kind === 'gpt' ? facts.content.partitions : [];
  return other.type?.kind === 'RawImage' && (isMtd(other.ip) || partitions.some(({ name }) => name.startsWith('fsbl')));
}
