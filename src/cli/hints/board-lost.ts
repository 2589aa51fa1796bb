import { type Advice, known, knownBy } from './advice.ts';

const CONSOLE = 'its UART console tells more';

/** A board that left and did not come back: what it should have come back as tells whose fault it may be. */
export const BOARD_LOST: Advice = {
  known: [
    known(
      'another gadget on the port of the board',
      ({ details }) => details.instead !== undefined,
      'U-Boot went another way than stm32prog: check its boot command and environment in the FIP of 0x03',
    ),
    known(
      'after the FSBL, whose text shows no USB programmer',
      ({ details, scene }) => details.awaited === 'rom-tfa' && scene.fsblWithoutUsb === true,
      'The FSBL cannot load over USB: use the -usb build, or build TF-A with STM32MP_USB_PROGRAMMER=1',
    ),
    known(
      'in a virtual machine that has taken over no stage yet',
      // One that took over the stage before has its filter, and is not the cause.
      ({ details, scene }) => scene.virtualMachine !== undefined && details.reenumerated !== true,
      'Each stage is a new device, which this virtual machine has to take over by itself: set a USB filter for 0483:df11. If it has one, see the UART console of the board',
    ),
    knownBy(
      'awaited',
      ['rom-tfa'],
      'after the FSBL',
      `Was this TF-A built for this board, with STM32MP_USB_PROGRAMMER=1? ${capital(CONSOLE)}`,
    ),
    knownBy(
      'awaited',
      ['tfa-tfa'],
      'after the DDR firmware',
      `Is the file of 0x02 made for the memory of this board? ${capital(CONSOLE)}`,
    ),
    knownBy(
      'awaited',
      ['tfa-uboot'],
      'after TF-A',
      `U-Boot did not come up: check the DDR settings and the USB node of the device tree in the FIP of 0x03; ${CONSOLE}`,
    ),
    knownBy(
      'awaited',
      ['layout'],
      'after the FlashLayout',
      `U-Boot hangs with a medium, or erases longer than that: try another card; ${CONSOLE}`,
    ),
  ],
  otherwise: `Power-cycle the board into USB boot and flash again; ${CONSOLE}`,
};

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
