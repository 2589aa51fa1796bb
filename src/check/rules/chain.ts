import type { Rule } from '../rule.ts';
import { fipBWithoutMetadata } from './chain/fip-b-without-metadata.ts';
import { fipBeyondTfaGptWindow } from './chain/fip-beyond-tfa-gpt-window.ts';
import { fipMissing } from './chain/fip-missing.ts';
import { fsblSingleCopy } from './chain/fsbl-single-copy.ts';
import { metadataUnpaired } from './chain/metadata-unpaired.ts';
import { opteeTriple } from './chain/optee-triple.ts';
import { secureSignatureMixed } from './chain/secure-signature-mixed.ts';

/** Rules about the boot chain as a whole. */
export const CHAIN_RULES: readonly Rule[] = [
  fsblSingleCopy,
  metadataUnpaired,
  fipMissing,
  fipBWithoutMetadata,
  fipBeyondTfaGptWindow,
  opteeTriple,
  secureSignatureMixed,
];
