import type { Check } from '../check.ts';
import { GADGETS } from '../gadgets.ts';
import { processes } from '../processes.ts';
import { rulesFor } from '../rule-files.ts';

/** Whether ModemManager, which probes what is new on the bus, is told to leave boards alone. */
export const modemManager: Check = {
  id: 'modem-manager',
  needs: 'linux',
  look: ({ system }) => {
    if (!processes(system).some(({ name }) => name === 'ModemManager')) {
      return { status: 'ok', message: 'ModemManager does not run' };
    }
    const isIgnored = GADGETS.filter(({ reached }) => reached === 'usb').every((gadget) =>
      rulesFor(system, gadget).some(({ text }) => /ENV\{ID_MM_DEVICE_IGNORE\}="1"/.test(text)),
    );
    if (isIgnored) return { status: 'ok', message: 'ModemManager runs, and is told to leave boards alone' };
    const message = 'ModemManager runs, and no rule keeps it from probing boards';
    return { status: 'note', message, help: 'The rules of phaseline udev --install do' };
  },
};
