import type { Rule } from '../rule.ts';
import { envTypedBinary } from './type/env-typed-binary.ts';
import { fipTypedBinary } from './type/fip-typed-binary.ts';
import { metadataTypedBinary } from './type/metadata-typed-binary.ts';
import { nandSingleFsbl } from './type/nand-single-fsbl.ts';
import { ramTypeRoles } from './type/ram-type-roles.ts';
import { systemCount } from './type/system-count.ts';
import { typeCopiesNotFsbl } from './type/type-copies-not-fsbl.ts';
import { typeCopiesNotNand } from './type/type-copies-not-nand.ts';
import { typeCopiesZero } from './type/type-copies-zero.ts';
import { typeNeedsUboot } from './type/type-needs-uboot.ts';
import { ubiNotSystem } from './type/ubi-not-system.ts';

/** Rules about types and what they mean on a device. */
export const TYPE_RULES: readonly Rule[] = [
  typeCopiesZero,
  typeCopiesNotNand,
  typeCopiesNotFsbl,
  fipTypedBinary,
  metadataTypedBinary,
  envTypedBinary,
  ubiNotSystem,
  nandSingleFsbl,
  systemCount,
  ramTypeRoles,
  typeNeedsUboot,
];
