import { at, type Rule } from '../../rule.ts';

export const ipBoardMmc: Rule = {
  id: 'ip-board-mmc',
  severity: 'info',
  title: "the addresses of an SD card where ST's boards have the eMMC",
  why: "On ST's boards mmc0 is the SD card and mmc1 the eMMC, where partitions start with erase groups. A layout that starts at 0x4400 and has no address of an eMMC is taken for an SD card's.",
  example: '0x00004400, 0x00044400 and 0x00084400 on mmc1',
  fix: 'say what the device is with --board, or with --erase-size mmc1=512 or mmc1=512K',
  spoils: 'nothing',
  check: ({ devices, cardsByAddress }) =>
    devices.flatMap(({ name, placements }) => {
      const row = cardsByAddress.has(name) ? placements[0]?.row : undefined;
      return row ? [at(row, 'ip', `${name} is taken for an SD card by its addresses`)] : [];
    }),
};
