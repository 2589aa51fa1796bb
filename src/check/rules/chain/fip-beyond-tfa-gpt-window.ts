import { isMp1, isMp2 } from '../../families.ts';
import { numbered } from '../../places.ts';
import { quote } from '../../quote.ts';
import { at, type Rule } from '../../rule.ts';

const BOOT_NAMES = new Set(['fip', 'fip-a', 'fip-b', 'metadata1', 'metadata2']);

export const fipBeyondTfaGptWindow: Rule = {
  id: 'fip-beyond-tfa-gpt-window',
  severity: 'error',
  title: 'a boot partition behind the GPT entries that TF-A reads',
  why: 'TF-A reads the first PLAT_PARTITION_MAX_ENTRIES entries only: 6 on STM32MP1; up to 14 on STM32MP2. Entries are numbered by address.',
  example: 'fip-b as the seventh partition by address on an STM32MP15',
  fix: 'move other partitions behind fip-b',
  spoils: 'nothing',
  check: (subject) => {
    const most = isMp1(subject.families) ? 6 : isMp2(subject.families) ? 14 : Number.POSITIVE_INFINITY;
    return subject.devices.flatMap((device) => {
      if (device.device.kind !== 'mmc') return [];
      const lost = numbered(device).filter(({ row, number }) => number > most && BOOT_NAMES.has(row.name ?? ''));
      return lost.map(({ row, number }) =>
        at(row, 'name', `${quote(row.name ?? '')} is GPT entry ${number}, TF-A reads ${most}`),
      );
    });
  },
};
