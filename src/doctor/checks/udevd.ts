import type { Check } from '../check.ts';
import { containerOf } from '../surroundings.ts';
import { UDEVD_CONTROL } from '../udev-rules.ts';

/** Whether anybody applies udev rules. phaseline finds devices without one. */
export const udevd: Check = {
  id: 'udevd',
  needs: 'linux',
  look: ({ system }) => {
    if (system.exists(UDEVD_CONTROL)) return { status: 'ok', message: 'udevd runs' };
    if (containerOf(system) !== undefined) {
      return { status: 'note', message: 'no udevd in this container', help: 'Install the rules on its host' };
    }
    if (system.userId === 0) {
      return { status: 'note', message: 'no udevd runs: boards are found, and only root may open them' };
    }
    const help = 'Start it (systemctl start systemd-udevd), or run phaseline as root';
    return { status: 'failed', message: 'no udevd runs, so no rule has any effect', help };
  },
};
