import { contentName, isUnfit } from '../../contents.ts';
import { eachFile } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const espWithoutFat: Rule = {
  id: 'esp-without-fat',
  severity: 'warning',
  title: 'an ESP that is not FAT',
  why: 'UEFI reads FAT only.',
  example: 'ESP with ext4',
  fix: 'use a FAT image',
  aboutFile: true,
  spoils: 'nothing',
  check: eachFile(({ content }, row) =>
    row.type?.kind === 'ESP' && content.kind !== 'fat' && !isUnfit(content)
      ? `${quote(row.binary ?? '')} is ${contentName(content)}`
      : undefined,
  ),
};
