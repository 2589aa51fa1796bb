import type { Placement } from '../../../layout/geometry.ts';
import { numbered } from '../../places.ts';
import { quote } from '../../quote.ts';
import { at, type Rule } from '../../rule.ts';

const BUFFER_BYTES = 8192;
const ROOM_KEPT = 100;
const GUID_LENGTH = 36;

export const gptStringTooLong: Rule = {
  id: 'gpt-string-too-long',
  severity: 'error',
  title: "more partitions than U-Boot's command for the GPT holds",
  why: 'U-Boot builds one command of 8 KiB, leaves out what does not fit without a word, and comes back unusable (measured: 106 partitions with names of three letters pass, 110 do not).',
  example: '110 partitions on mmc0',
  fix: 'use fewer partitions or shorter names',
  spoils: 'nothing',
  check: (subject) =>
    subject.devices.flatMap((device) => {
      if (device.device.kind !== 'mmc' || device.update === 'partial') return [];
      let used = 'gpt write mmc 0 "'.length;
      const left = numbered(device).find((place) => {
        if (BUFFER_BYTES - used < ROOM_KEPT) return true;
        used += entryLength(place);
        return false;
      });
      return left
        ? [at(left.row, 'name', `${quote(left.row.name ?? '')} and what follows find no room in the GPT command`)]
        : [];
    }),
};

/** `name=…,start=0x…,size=0x…,type=…;` (protocol.md §5.4). */
function entryLength({ row, address, sizeBytes }: Placement): number {
  const digits = (value: number | undefined) => (value ?? 0xffff_ffff).toString(16).length;
  const fixed = 'name=,start=0x,size=0x,type=;'.length + GUID_LENGTH;
  return (
    fixed +
    (row.name ?? '').length +
    digits(address) +
    digits(sizeBytes) +
    (row.type?.kind === 'System' ? ',bootable'.length : 0)
  );
}
