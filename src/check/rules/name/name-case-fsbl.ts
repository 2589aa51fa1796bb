import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const nameCaseFsbl: Rule = {
  id: 'name-case-fsbl',
  severity: 'error',
  title: 'a name of the boot chain in the wrong case',
  why: 'The ROM looks for GPT names that begin with fsbl, TF-A for fip, metadata1 and metadata2; both compare case and all.',
  example: 'FSBL1',
  fix: 'write it in lower case',
  check: eachCell('name', ({ text }, row) => {
    if (row.ip?.kind !== 'mmc' || typeof row.offset === 'string' || row.type?.kind === 'RawImage') return undefined;
    const isBootName = /^(fsbl.*|fip\d?|fip-[ab]\d?|metadata\d)$/i.test(text);
    const isRight = /^(fsbl|fip|metadata)/.test(text) && (text.startsWith('fsbl') || text === text.toLowerCase());
    return isBootName && !isRight ? `${quote(text)} is not ${quote(text.toLowerCase())}` : undefined;
  }),
};
