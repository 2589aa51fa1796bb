import { eachFile } from '../../each.ts';
import { quote } from '../../quote.ts';
import { isMetadataPartition } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

/** What U-Boot gives to the partitions fip-a and fip-b (protocol.md §5.4). */
const BANKS: readonly string[] = ['4fd84c93-54ef-463f-a7ef-ae25ff887087', '09c54952-d5bf-45af-acee-335303766fb3'];
/** Metadata that names nothing yet. */
const NOWHERE = '00000000-0000-0000-0000-000000000000';

export const metadataUuidVsFip: Rule = {
  id: 'metadata-uuid-vs-fip',
  severity: 'warning',
  title: 'FWU metadata that names other partitions',
  why: 'TF-A takes the FIP whose partition the active bank names; U-Boot gives fip-a and fip-b always the same GUIDs: "Unable to find the partition with the uuid mentioned in metadata".',
  example: 'metadata made with random GUIDs',
  fix: `make the file with the GUIDs of fip-a and fip-b, ${BANKS.join(' and ')}`,
  aboutFile: true,
  spoils: 'nothing',
  check: eachFile(({ content }, row) => {
    if (row.ip?.kind !== 'mmc' || !isMetadataPartition(row) || content.kind !== 'fwu-metadata') return undefined;
    const other = content.fipGuids.find((guid) => guid !== NOWHERE && !BANKS.includes(guid));
    return other && `${quote(row.binary ?? '')} names the partition ${other}, which is neither fip-a nor fip-b`;
  }),
};
