import type { ErrorCode } from '../base/error-codes.ts';
import type { PhaselineError } from '../base/errors.ts';

/** What to do about each failure. The only place where phaseline gives advice. */
const HINTS: Readonly<Record<ErrorCode, string>> = {
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
  'board/none': 'Set the boot switches to USB, press reset and check the cable; --wait SECONDS waits for the board',
  'board/several': 'Name one with --device serial:… or --device port:…',
  'usb/no-bus': 'In a container or WSL pass the USB devices through; for usbip:// start its server first',
  'usb/access': 'Install the udev rules (phaseline udev --install, once, as root); phaseline doctor tells more',
  'usb/busy': 'Close the other program (STM32CubeProgrammer, dfu-util, ModemManager, a virtual machine)',
  'udev/write': 'Make that folder writable, or put there what phaseline udev prints',
  'udev/reload':
    'Plug the board in again, or restart the machine; without a udevd (containers) install the rules on the host',
  'board/fsbl-refused':
    'The ROM wants an STM32 header of the board’s own family, with a right checksum, and a signature on a closed device',
  'board/layout-refused': 'Correct that row, reset the board into USB boot and flash again',
  'board/error': 'Correct the cause, reset the board into USB boot if it has not done so itself, and flash again',
  'board/unexpected-phase': 'Compare the ids of the layout with the firmware in 0x01 and 0x03',
  'board/foreign-session': 'Power-cycle the board into USB boot and flash again',
  'board/no-alternate': 'Check that the files for 0x01 and 0x03 are made for this board',
  'board/other-device': 'Plug the named board into the port it had, or leave out --device',
  'dfu/status': 'Reset the board into USB boot and flash again',
  'dfu/protocol': 'Reset the board into USB boot and flash again',
  'usb/stall': 'Reset the board into USB boot and flash again',
  'usb/timeout': 'Reset the board into USB boot and flash again; try another cable or hub if it happens again',
  'usb/gone': 'Check cable, hub and power supply, reset the board into USB boot and flash again',
  'usb/io': 'Try another cable, hub or port, reset the board into USB boot and flash again',
  'usb/protocol': 'Check that the address is that of a USB/IP server',
  'trace/differs': 'Replay with the layout, the files and the options of the recorded job',
  'board/lost':
    'Look at the board’s UART console; a virtual machine must be set to take over each new device of the board by itself',
  'board/not-resumed': 'Flash again from the start, or let --retries do it',
  'board/dead': 'Was this TF-A built with STM32MP_USB_PROGRAMMER=1? Reset the board and try the -usb variant',
  'board/restarted': 'Look at the board’s UART console: the firmware it was given ended',
  'flash/deadline': 'Give more time with --timeout, or look why the board is slow',
  'verify/difference': 'Do not ship this unit; flash again, and change the card if it happens again',
  'report/unwritten':
    'The board is good, only its record is missing: keep this output, or free the disk and flash once more',
  'interrupted/sigint': 'What was written so far is listed above; --resume goes on behind what is complete',
  'interrupted/sigterm': 'What was written so far is listed above; --resume goes on behind what is complete',
};

export function hintFor(error: PhaselineError): string {
  return HINTS[error.code];
}
