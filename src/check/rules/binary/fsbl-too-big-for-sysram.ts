import { formatSize } from '../../../base/sizes.ts';
import { CHIPS, type Family } from '../../../stm32/chips.ts';
import { eachFile } from '../../each.ts';
import { quote } from '../../quote.ts';
import { wantsStm32Image } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

const MEASURED: readonly Family[] = ['mp13', 'mp15', 'mp25'];

export const fsblTooBigForSysram: Rule = {
  id: 'fsbl-too-big-for-sysram',
  severity: 'error',
  title: "an FSBL that does not fit into the chip's memory",
  why: 'The ROM loads it into SYSRAM: 128 KiB on STM32MP13, 247 KiB on MP15, 256 KiB on MP25.',
  example: 'a payload of 140 KiB on an STM32MP13',
  fix: 'build a smaller one',
  aboutFile: true,
  check: eachFile(({ content }, row, { families }) => {
    if (!wantsStm32Image(row) || content.kind !== 'stm32') return undefined;
    if (families.length === 0 || !families.every((family) => MEASURED.includes(family))) return undefined;
    const limit = Math.max(...families.map((family) => CHIPS[family].fsblLimit));
    const { payloadBytes } = content.header;
    return payloadBytes > limit
      ? `${quote(row.binary ?? '')} loads ${payloadBytes} bytes, more than ${formatSize(limit)}`
      : undefined;
  }),
};
