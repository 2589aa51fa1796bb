import { at, type Rule } from '../../rule.ts';

export const rawimageMixed: Rule = {
  id: 'rawimage-mixed',
  severity: 'error',
  title: 'a whole-device image beside partitions',
  why: 'U-Boot writes the GPT first and then the image over it, or the partitions over the image, as the ids will have it.',
  example: 'RawImage and FileSystem on mmc0',
  fix: 'put the partitions into the image',
  check: ({ devices }) =>
    devices.flatMap(({ name, placements }) => {
      const raw = placements.find(({ row }) => row.type?.kind === 'RawImage')?.row;
      const other = placements.find(
        ({ row }) => row.type && row.type.kind !== 'RawImage' && typeof row.offset === 'number',
      )?.row;
      return raw && other
        ? [at(raw, 'type', `all of ${name} is written here, and line ${other.line} is a partition of it`)]
        : [];
    }),
};
