import type { Check, Finding } from '../check.ts';
import { GADGETS, idsOf } from '../gadgets.ts';
import { type RuleLine, rulesFor } from '../rule-files.ts';
import { containerOf } from '../surroundings.ts';

/** systemd reads the uaccess tag here. */
const SEAT_RULES = '73-seat-late.rules';
const INSTALL = 'Run phaseline udev --install as root';

/** Whether there are rules, for every stage, and read early enough. */
export const udevRulesInstalled: Check = {
  id: 'udev-rules',
  needs: 'linux',
  look: ({ system }) => {
    if (containerOf(system) !== undefined) {
      return { status: 'skipped', message: 'rules have their effect outside of this container' };
    }
    const found = GADGETS.map((gadget) => ({ gadget, rules: rulesFor(system, gadget) }));
    const missing = found.filter(({ rules }) => rules.length === 0).map(({ gadget }) => gadget);
    const [dfu] = found;
    if (!dfu || dfu.rules.length === 0) {
      const status = system.userId === 0 ? 'note' : 'failed';
      return { status, message: `no rule for ${missing.map(idsOf).join(', ')}`, help: INSTALL };
    }
    const late = dfu.rules.every(isTooLate) ? dfu.rules[0] : undefined;
    if (late) return tooLate(late);
    if (missing.length > 0) {
      return { status: 'note', message: `no rule for ${missing.map(idsOf).join(', ')}`, help: INSTALL };
    }
    return { status: 'ok', message: [...new Set(dfu.rules.map(({ path }) => path))].join(', ') };
  },
};

/** A rule that opens the device to nobody but whom a later file would have to look up again. */
function isTooLate({ name, text }: RuleLine): boolean {
  const opensOtherwise = /\bGROUP:?="/.test(text) || /\bMODE:?="0?666"/.test(text);
  return /TAG\+="uaccess"/.test(text) && name > SEAT_RULES && !opensOtherwise;
}

function tooLate({ path }: RuleLine): Finding {
  const message = `${path} is read after ${SEAT_RULES}, where uaccess has no effect`;
  return { status: 'failed', message, help: 'Give it a number below 73, or replace it: phaseline udev --install' };
}
