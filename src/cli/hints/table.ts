import type { ErrorCode } from '../../base/error-codes.ts';
import { type Advice, type Evidence, known, knownBy } from './advice.ts';
import { BOARD_LOST } from './board-lost.ts';
import { BOARD_ERROR, LAYOUT_REFUSED } from './board-words.ts';

const USB_BUILD = 'use the build whose name ends in -usb, or build TF-A with STM32MP_USB_PROGRAMMER=1';
const AGAIN = 'Reset the board into USB boot and flash again';
const IN_TFA = knownBy(
  'stage',
  ['tfa'],
  'in TF-A',
  'TF-A cannot begin anew: power-cycle the board into USB boot and flash again',
);
const overUsbip = ({ details }: Evidence) => details.usbip === true;

/**
 * What to do about each failure: the only place where phaseline gives advice. docs/errors.md is made of it, and
 * test/cli/hints provokes every row.
 */
export const HINTS: Readonly<Record<ErrorCode, Advice>> = {
  'bug/unexpected': 'This is a fault of phaseline: please report it with the log (--log-file)',
  'usage/arguments': 'See phaseline --help',
  'trace/format': 'Give a file that phaseline flash --trace wrote',
  'usage/config': 'Correct the file; docs/check.md shows one',
  'usage/confirm': 'Say --yes if that is meant',
  'usage/not-root': 'Run it with sudo, or let root save what phaseline udev prints',
  'resume/none': 'Flash without --resume; a journal lies beside --log-file, so give the same one',
  'resume/journal': 'Flash without --resume, from the start',
  'resume/differs': 'Flash without --resume, from the start',
  'layout/errors': 'Correct the layout; phaseline check shows the same findings without a board',
  'layout/unreadable': 'Check the path and its permissions',
  'files/errors': 'Correct the files; phaseline check shows the same findings without a board',
  'files/missing': 'Check the name, or say where the images are with --images DIR',
  'files/unreadable': 'Check that it is a regular file and readable',
  'files/outside': 'Name its folder with --images DIR, or allow it with --allow-outside',
  'files/changed': 'Let the build finish first, then flash again',
  'files/format': 'phaseline inspect shows what the file is',
  'files/family': 'Use the files that are built for this board',
  'files/too-big': 'Make the partition larger or the image smaller',
  'board/none': {
    known: [
      known(
        'boards with other serial numbers are there',
        ({ details }) => Number(details.boards) > 0,
        'phaseline list shows the boards that are there, with their serial numbers',
      ),
      known(
        'only microcontrollers are there',
        ({ details }) => Number(details.others) > 0,
        'That device is an STM32 microcontroller: set the boot switches of the STM32MP board to USB and press reset',
      ),
      known(
        'in a virtual machine',
        ({ scene }) => scene.virtualMachine !== undefined,
        'Pass the board on to this virtual machine (USB filter for 0483:df11); set its boot switches to USB, press reset',
      ),
    ],
    otherwise: 'Set the boot switches to USB, press reset and check the cable; --wait SECONDS waits for the board',
  },
  'board/several': 'Name one with --device serial:… or --device port:…',
  'usb/no-bus': {
    known: [known('over USB/IP', overUsbip, 'Start its server first, and check host and port')],
    otherwise: 'In a container or WSL pass the USB devices through; phaseline doctor tells more',
  },
  'usb/access': 'Install the udev rules (phaseline udev --install, once, as root); phaseline doctor tells more',
  'usb/busy': {
    known: [known('over USB/IP', overUsbip, 'Detach the board from the other USB/IP client (usbip detach)')],
    otherwise: 'Close the other program (STM32CubeProgrammer, dfu-util, ModemManager, a virtual machine)',
  },
  'udev/write': 'Make that folder writable, or put there what phaseline udev prints',
  'udev/reload':
    'Plug the board in again, or restart the machine; without a udevd (containers) install the rules on the host',
  'board/fsbl-refused': {
    known: [
      knownBy(
        'status',
        ['errUNKNOWN'],
        'DFU status 14, errUNKNOWN',
        'The ROM wants an STM32 header of the board’s own family, with a right checksum, and a signature on a closed device',
      ),
    ],
    otherwise:
      'The ROM failed while it took the data: reset the board into USB boot and flash again, over another cable',
  },
  'board/layout-refused': LAYOUT_REFUSED,
  'board/partition-table':
    'Take the layout that the board was flashed with; a row `- 0x10 card RawImage mmc0 0x0 none` reads a whole card or eMMC without one',
  'board/error': BOARD_ERROR,
  'board/unexpected-phase': 'Compare the ids of the layout with the firmware in 0x01 and 0x03',
  'board/foreign-session': 'Power-cycle the board into USB boot and flash again',
  'board/no-alternate': 'Check that the files for 0x01 and 0x03 are made for this board',
  'board/other-device': 'Plug the named board into the port it had, or leave out --device',
  'dfu/status': { known: [IN_TFA], otherwise: AGAIN },
  'dfu/protocol': { known: [IN_TFA], otherwise: AGAIN },
  'usb/stall': { known: [IN_TFA], otherwise: AGAIN },
  'usb/timeout': {
    known: [
      knownBy(
        'stage',
        ['uboot'],
        'in U-Boot, which is silent while it writes',
        'The medium is slow or failing: try another card; reset the board into USB boot and flash again',
      ),
    ],
    otherwise: `${AGAIN}; try another cable or hub if it happens again`,
  },
  'usb/gone': {
    known: [
      knownBy(
        'stage',
        ['uboot'],
        'in U-Boot',
        'Check the power supply (5 V, 3 A), cable and hub; its UART console tells whether U-Boot crashed',
      ),
    ],
    otherwise: 'Check cable, hub and power supply, reset the board into USB boot and flash again',
  },
  'usb/io': 'Try another cable, hub or port, reset the board into USB boot and flash again',
  'usb/protocol': 'Check that the address is that of a USB/IP server',
  'trace/differs': 'Replay with the layout, the files and the options of the recorded job',
  'board/lost': BOARD_LOST,
  'board/not-resumed': 'Flash again from the start, or let --retries do it',
  'board/dead': {
    known: [
      known(
        'the text of the FSBL shows no USB programmer',
        ({ scene }) => scene.fsblWithoutUsb === true,
        `The FSBL cannot load over USB: ${USB_BUILD}; then reset the board`,
      ),
    ],
    otherwise:
      'Was this TF-A built for this board, with STM32MP_USB_PROGRAMMER=1? Its UART console tells; try the -usb build',
  },
  'board/restarted':
    'Check the power supply (5 V, 3 A), the cable and the UART console, then go on with --resume behind what is complete',
  'flash/deadline': 'Give more time with --timeout, or look why the board is slow',
  'read/unwritten': 'Make room there or name another folder with --out, then read again',
  'verify/difference': 'Do not ship this unit; flash again, and change the card if it happens again',
  'report/unwritten':
    'The board is good, only its record is missing: keep this output, or free the disk and flash once more',
  'interrupted/sigint': 'What was written so far is listed above; --resume goes on behind what is complete',
  'interrupted/sigterm': 'What was written so far is listed above; --resume goes on behind what is complete',
};
