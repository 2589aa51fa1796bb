import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

const USUAL = ['opt', 'id', 'name', 'type', 'ip', 'offset', 'binary'];

export const headerUnusual: Rule = {
  id: 'header-unusual',
  severity: 'info',
  title: 'column titles other than usual',
  why: 'Nobody reads them but people; in another order they say that the columns are swapped, which everybody else would not notice.',
  example: '#Opt Id Type Name IP Offset Binary',
  fix: 'write #Opt Id Name Type IP Offset Binary',
  spoils: 'nothing',
  check: ({ layout }) => {
    const line = layout.lines.find(({ kind, text }) => kind === 'comment' && /^#\s*opt\s/i.test(text));
    if (!line) return [];
    const titles = line.text.slice(1).trim().split(/\s+/);
    const place = { line: line.number, column: 1, endColumn: line.text.length + 1 };
    const words = titles.map((word) => word.toLowerCase().replace(/^device$/, 'ip'));
    if (words.toSorted().join() === USUAL.toSorted().join() && words.join() !== USUAL.join()) {
      return [
        {
          ...place,
          severity: 'error',
          spoils: 'file',
          message: `the columns stand in another order: ${quote(titles.join(' '))}`,
        },
      ];
    }
    if (titles.join() === 'Opt,Id,Name,Type,IP,Offset,Binary') return [];
    return [{ ...place, message: `the column titles are ${quote(titles.join(' '))}` }];
  },
};
