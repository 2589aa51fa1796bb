import type { Check } from './check.ts';
import { access } from './checks/access.ts';
import { board } from './checks/board.ts';
import { claimed } from './checks/claimed.ts';
import { hubs } from './checks/hubs.ts';
import { libusb } from './checks/libusb.ts';
import { modemManager } from './checks/modem-manager.ts';
import { speed } from './checks/speed.ts';
import { udevRulesInstalled } from './checks/udev-rules.ts';
import { udevd } from './checks/udevd.ts';
import { usbBus } from './checks/usb-bus.ts';
import { virtualMachine } from './checks/virtual-machine.ts';

/** From the ground up: what fails first is what to mend first. docs/doctor.md explains each. */
export const CHECKS: readonly Check[] = [
  usbBus,
  libusb,
  virtualMachine,
  udevd,
  udevRulesInstalled,
  modemManager,
  hubs,
  board,
  access,
  claimed,
  speed,
];
