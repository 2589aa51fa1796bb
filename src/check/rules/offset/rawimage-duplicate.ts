import { at, type Rule } from '../../rule.ts';

export const rawimageDuplicate: Rule = {
  id: 'rawimage-duplicate',
  severity: 'error',
  title: 'two whole-device images on one device',
  why: 'The second overwrites the first.',
  example: 'RawImage twice on mmc0',
  fix: 'delete one of the rows',
  check: ({ devices }) =>
    devices.flatMap(({ name, placements }) => {
      const [first, ...others] = placements.filter(({ row }) => row.type?.kind === 'RawImage');
      return first
        ? others.map(({ row }) => at(row, 'type', `all of ${name} is written by line ${first.row.line} already`))
        : [];
    }),
};
