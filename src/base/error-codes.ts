/**
 * Every way phaseline can fail, and the exit code a script sees for it.
 *
 * `code` is `family/what`. docs/errors.md is generated from this table.
 */
export const EXIT = {
  ok: 0,
  bug: 1,
  usage: 2,
  layout: 3,
  files: 4,
  board: 5,
  refused: 6,
  link: 7,
  verify: 8,
  station: 9,
  record: 10,
  sigint: 130,
  sigterm: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

interface ErrorKind {
  readonly exit: ExitCode;
  readonly meaning: string;
}

export const ERROR_CODES = {
  'bug/unexpected': { exit: EXIT.bug, meaning: 'phaseline itself is wrong; please report it' },

  'usage/arguments': { exit: EXIT.usage, meaning: 'the command line cannot be understood' },
  'trace/format': { exit: EXIT.usage, meaning: 'a file is no trace, or is damaged' },
  'usage/config': { exit: EXIT.usage, meaning: 'a phaseline.config.json cannot be understood' },
  'usage/confirm': { exit: EXIT.usage, meaning: 'a row wipes a whole device and nobody said yes' },
  'usage/not-root': { exit: EXIT.usage, meaning: 'what the command line asks for takes root' },

  'resume/none': { exit: EXIT.usage, meaning: '--resume found no journal of this board' },
  'resume/journal': { exit: EXIT.usage, meaning: 'a journal is damaged, of another version, or cannot be replaced' },
  'resume/differs': { exit: EXIT.usage, meaning: '--resume with another layout or other files than the journal’s' },

  'layout/errors': { exit: EXIT.layout, meaning: 'the text or the rows of the layout have errors' },
  'layout/unreadable': { exit: EXIT.layout, meaning: 'the layout file cannot be read' },

  'files/errors': { exit: EXIT.files, meaning: 'a file that the layout names is missing or unfit' },
  'files/missing': { exit: EXIT.files, meaning: 'a file does not exist' },
  'files/unreadable': { exit: EXIT.files, meaning: 'a file cannot be read' },
  'files/outside': { exit: EXIT.files, meaning: 'a file lies outside the allowed folders' },
  'files/changed': { exit: EXIT.files, meaning: 'a file changed while it was being read' },
  'files/format': { exit: EXIT.files, meaning: 'the content of a file is not what it should be' },
  'files/family': { exit: EXIT.files, meaning: 'a file is made for another family than the board’s' },
  'files/too-big': { exit: EXIT.files, meaning: 'an image does not fit where it is to go' },

  'board/none': { exit: EXIT.board, meaning: 'no STM32 MPU board was found' },
  'board/several': { exit: EXIT.board, meaning: 'several boards are there and none was named' },
  'usb/no-bus': { exit: EXIT.board, meaning: 'there is no USB bus, or its server cannot be reached' },
  'usb/access': { exit: EXIT.board, meaning: 'no permission to open the USB device' },
  'usb/busy': { exit: EXIT.board, meaning: 'the USB device is claimed by another program' },
  'udev/write': { exit: EXIT.board, meaning: 'the udev rules cannot be written' },
  'udev/reload': { exit: EXIT.board, meaning: 'the udev rules are written and could not be applied' },

  'board/fsbl-refused': { exit: EXIT.refused, meaning: 'the ROM refused the first-stage boot loader' },
  'board/layout-refused': { exit: EXIT.refused, meaning: 'the board refused the FlashLayout' },
  'board/partition-table': {
    exit: EXIT.refused,
    meaning: 'the partitions on the board are not those of the layout',
  },
  'board/error': { exit: EXIT.refused, meaning: 'the board reported an error (phase 0xFF)' },
  'board/unexpected-phase': { exit: EXIT.refused, meaning: 'the board asked for a phase that does not fit the layout' },
  'board/foreign-session': { exit: EXIT.refused, meaning: 'the board is in the middle of somebody else’s session' },
  'board/no-alternate': {
    exit: EXIT.refused,
    meaning: 'the board offers no alternate setting for the phase it asks for',
  },
  'board/other-device': { exit: EXIT.refused, meaning: 'another board came back in place of the one being flashed' },
  'dfu/status': { exit: EXIT.refused, meaning: 'the device ended a transfer in dfuERROR' },
  'dfu/protocol': { exit: EXIT.refused, meaning: 'the device answered what the DFU protocol does not allow' },
  'usb/stall': { exit: EXIT.refused, meaning: 'the device stalled a request' },

  'usb/timeout': { exit: EXIT.link, meaning: 'the device did not answer in time' },
  'usb/gone': { exit: EXIT.link, meaning: 'the device left the bus' },
  'usb/io': { exit: EXIT.link, meaning: 'a USB transfer failed' },
  'usb/protocol': { exit: EXIT.link, meaning: 'the USB/IP server answered what the protocol does not allow' },
  'trace/differs': { exit: EXIT.link, meaning: 'the host asks a replayed trace for something else than was recorded' },
  'board/lost': { exit: EXIT.link, meaning: 'the board did not come back in time' },
  'board/not-resumed': {
    exit: EXIT.link,
    meaning: 'the cable was out, and the board did not go on with what it had',
  },
  'board/dead': { exit: EXIT.link, meaning: 'the board is there but no longer answers' },
  'board/restarted': { exit: EXIT.link, meaning: 'the board fell back to its ROM in the middle of the job' },
  'flash/deadline': { exit: EXIT.link, meaning: 'the job took longer than --timeout allows' },

  'read/unwritten': { exit: EXIT.files, meaning: 'what was read from a board cannot be saved' },

  'verify/difference': { exit: EXIT.verify, meaning: 'what was read back differs from what was sent' },

  'report/unwritten': { exit: EXIT.record, meaning: 'the board is flashed and proven, and its report is not written' },

  'interrupted/sigint': { exit: EXIT.sigint, meaning: 'interrupted from the keyboard' },
  'interrupted/sigterm': { exit: EXIT.sigterm, meaning: 'asked to stop' },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERROR_CODES;
