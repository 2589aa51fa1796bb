import { at, type Rule } from '../../rule.ts';

const MOST = 5;

export const tooManyDevices: Rule = {
  id: 'too-many-devices',
  severity: 'error',
  title: 'more than five devices',
  why: 'U-Boot answers "Layout: too many device".',
  example: 'mmc0, mmc1, nor0, nand0, spi-nand0 and ram0',
  fix: 'split the layout',
  spoils: 'nothing',
  check: ({ devices }) => {
    const row = devices[MOST]?.placements[0]?.row;
    return row ? [at(row, 'ip', `${devices.length} devices are more than ${MOST}`)] : [];
  },
};
