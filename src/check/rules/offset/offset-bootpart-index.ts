import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const offsetBootpartIndex: Rule = {
  id: 'offset-bootpart-index',
  severity: 'error',
  title: 'a boot partition that does not exist',
  why: 'An eMMC has boot1 and boot2 here, which Linux calls mmcblk1boot0 and mmcblk1boot1: "invalid part \'boot3\'".',
  example: 'boot0',
  fix: 'write boot1 or boot2',
  check: eachCell('offset', ({ text }, { offset }) =>
    offset === undefined && /^boot/i.test(text) ? `${quote(text)} is neither boot1 nor boot2` : undefined,
  ),
};
