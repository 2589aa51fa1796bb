import type { Guest, RunningCommand } from '../../vm/guest.ts';

const CLAIMER = `
  const { usb } = require('usb');
  const device = usb.getDeviceList().find(({ deviceDescriptor }) => deviceDescriptor.idVendor === 0x0483);
  device.open();
  device.interface(0).claim();
  console.log('claimed');
  setInterval(() => undefined, 1000);
`;

/** A program that holds interface 0 of the first device of ST's for as long as it is left to run. */
export async function startClaimer(guest: Guest): Promise<RunningCommand> {
  // From here, so that it finds the module.
  const claimer = guest.start([process.execPath, '-e', CLAIMER], { cwd: import.meta.dirname });
  await claimer.printed('claimed');
  return claimer;
}
