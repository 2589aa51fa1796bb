import { isPhaselineError } from '../../base/errors.ts';
import type { Check } from '../check.ts';
import { SYSFS_USB } from './usb-bus.ts';

/** Whether the native module loads. Without a bus libusb is not even tried: it could not start. */
export const libusb: Check = {
  id: 'libusb',
  needs: 'nothing',
  look: async ({ system }) => {
    if (system.platform === 'linux' && !system.exists(SYSFS_USB)) {
      return { status: 'skipped', message: 'not tried, for there is no USB bus' };
    }
    try {
      await system.loadLibusb();
      return { status: 'ok', message: 'the native module loads, and libusb starts' };
    } catch (error) {
      if (!isPhaselineError(error, 'usb/no-bus')) throw error;
      const help = /libudev/.test(error.message)
        ? 'Install libudev (Debian, Ubuntu: apt-get install libudev1)'
        : 'Install phaseline anew on this machine: the native module must fit its processor and C library';
      return { status: 'failed', message: error.message, help };
    }
  },
};
