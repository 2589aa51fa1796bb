import { type Advice, knownBy } from './advice.ts';

const AGAIN = 'reset the board into USB boot and flash again';

/** U-Boot refused the layout; the cause is read from its words (flash/board-words.ts). */
export const LAYOUT_REFUSED: Advice = {
  known: [
    knownBy('cause', ['row'], 'a row is wrong', `Correct that row, ${AGAIN}`),
    knownBy(
      'cause',
      ['medium-missing'],
      'a medium is not there',
      `Insert the card, or name a medium that this board has (usually mmc0: SD card, mmc1: eMMC), ${AGAIN}`,
    ),
    knownBy(
      'cause',
      ['medium-small'],
      'a medium is too small',
      `The medium ends before that offset: use a larger one, or move the partition; ${AGAIN}`,
    ),
    knownBy(
      'cause',
      ['alignment'],
      'an offset that the medium does not allow',
      `Correct the offset: behind the GPT, a multiple of 512 bytes on an SD card, of 512 KiB on eMMC; ${AGAIN}`,
    ),
    knownBy(
      'cause',
      ['other-partitions'],
      'the partitions on the medium are others',
      `A row that is not selected leaves the partition table as it is: select all rows of that medium once, ${AGAIN}`,
    ),
    knownBy(
      'cause',
      ['partition-table', 'erase'],
      'a medium cannot be prepared',
      `Check the names of the partitions, try another card, ${AGAIN}`,
    ),
  ],
  otherwise: `Compare the layout with the medium of this board, ${AGAIN}`,
};

/** The board took the layout and failed later. */
export const BOARD_ERROR: Advice = {
  known: [
    knownBy(
      'cause',
      ['write'],
      'the medium refused a write',
      `The medium is worn, write-protected or smaller than its partition: try another card, ${AGAIN}`,
    ),
    knownBy(
      'cause',
      ['fsbl-copy'],
      'the copies of an FSBL',
      `Binary(n) needs a file with an STM32 header of version 1.0 or 2.0: correct that row, ${AGAIN}`,
    ),
    knownBy(
      'cause',
      ['fip'],
      'TF-A got no FIP',
      'Give phase 0x02 and 0x03 a file that fiptool made; power-cycle the board into USB boot and flash again',
    ),
  ],
  otherwise: `Correct the cause, reset the board into USB boot if it has not done so itself, and flash again`,
};
