import type { Rule } from '../rule.ts';
import { fipNameUnknown } from './name/fip-name-unknown.ts';
import { fsblNameFamily } from './name/fsbl-name-family.ts';
import { nameCaseFsbl } from './name/name-case-fsbl.ts';
import { nameDuplicate } from './name/name-duplicate.ts';
import { rawimageUnexpectedName } from './name/rawimage-unexpected-name.ts';
import { rootfsNameNoPartuuid } from './name/rootfs-name-no-partuuid.ts';
import { systemNameScript } from './name/system-name-script.ts';

/** Rules about names and who looks for them. */
export const NAME_RULES: readonly Rule[] = [
  nameCaseFsbl,
  nameDuplicate,
  fipNameUnknown,
  rootfsNameNoPartuuid,
  fsblNameFamily,
  rawimageUnexpectedName,
  systemNameScript,
];
