import { eachFile } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const copiesNeedReadableHeader: Rule = {
  id: 'copies-need-readable-header',
  severity: 'warning',
  title: 'copies of an image whose header U-Boot cannot read',
  why: 'The code that makes copies knows headers 1.0 and 2.0 only: "copy of fsbl failed".',
  example: 'Binary(2) of an STM32MP25 image',
  fix: 'write a row for each copy',
  aboutFile: true,
  spoils: 'nothing',
  check: eachFile(({ content }, row) => {
    if ((row.type?.copies ?? 1) < 2 || content.kind !== 'stm32') return undefined;
    const { version } = content.header;
    return version === '1.0' || version === '2.0' ? undefined : `${quote(row.binary ?? '')} has header ${version}`;
  }),
};
