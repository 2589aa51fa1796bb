import { isStorageRow } from '../../../layout/phases.ts';
import { contentName, isUnfit } from '../../contents.ts';
import { eachFile } from '../../each.ts';
import { quote } from '../../quote.ts';
import { isMetadataPartition } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const metadataCrc: Rule = {
  id: 'metadata-crc',
  severity: 'error',
  title: 'FWU metadata that is damaged',
  why: 'TF-A answers "CRC check failed on FWU metadata" and stops.',
  example: 'a file of zeros',
  fix: 'make the file anew',
  aboutFile: true,
  check: eachFile(({ content }, row) => {
    if (!isStorageRow(row) || !isMetadataPartition(row) || isUnfit(content)) return undefined;
    if (content.kind === 'fwu-metadata')
      return content.crcOk ? undefined : `${quote(row.binary ?? '')} has a wrong CRC`;
    return `${quote(row.binary ?? '')} is ${contentName(content)} and no FWU metadata`;
  }),
};
