import { formatDevice } from '../../../layout/device.ts';
import { isFipPartition, isFsblPartition } from '../../roles.ts';
import { at, type Rule } from '../../rule.ts';

export const ipMixedBootChain: Rule = {
  id: 'ip-mixed-boot-chain',
  severity: 'info',
  title: 'FSBL and FIP on different devices',
  why: 'TF-A looks for the FIP on the device that it was started from, unless it was built otherwise.',
  example: 'fsbl1 on nor0, fip on mmc0',
  fix: 'put both on one device',
  spoils: 'nothing',
  check: ({ rows }) => {
    const places = new Set(rows.filter(isFsblPartition).map(({ ip }) => (ip ? formatDevice(ip) : '')));
    const fip = rows.find(isFipPartition);
    if (
      places.size === 0 ||
      !fip?.ip ||
      rows.some((row) => isFipPartition(row) && row.ip && places.has(formatDevice(row.ip)))
    )
      return [];
    return [at(fip, 'ip', `the FIP lies on ${formatDevice(fip.ip)}, the FSBL on ${[...places].join(' and ')}`)];
  },
};
