import { type Check, type Finding, together } from '../check.ts';
import type { Device } from '../devices.ts';
import { rulesFor } from '../rule-files.ts';
import { containerOf } from '../surroundings.ts';
import type { System } from '../system.ts';

/** Whether this user may open the boards that are plugged in. */
export const access: Check = {
  id: 'access',
  needs: 'board',
  look: ({ system, boards }) => together(boards.map((board) => accessTo(system, board))),
};

function accessTo(system: System, device: Device): Finding {
  const { port, node } = device;
  const inContainer = containerOf(system) !== undefined;
  if (!system.exists(node)) {
    const help = inContainer
      ? 'Pass /dev/bus/usb as a folder: a node that came later is not in the container'
      : 'Start udevd, or mount devtmpfs on /dev';
    return { status: 'failed', message: `${port}: ${node} does not exist`, help };
  }
  if (system.mayOpen(node)) return { status: 'ok', message: `${port}: ${node} may be opened` };
  const message = `${port}: no permission for ${node}`;
  if (inContainer) {
    return {
      status: 'failed',
      message,
      help: "Allow it on the host: udev rules, and --device-cgroup-rule 'c 189:* rmw'",
    };
  }
  return { status: 'failed', message, help: helpFor(system, device) };
}

function helpFor(system: System, device: Device): string {
  const group = groupOf(system, device);
  if (!isTagged(system, device.record)) {
    return 'Run phaseline udev --install as root; if the rules are there, plug the board in again';
  }
  if (group !== undefined) return `Join the group ${group}, which the rules name, and log in again`;
  return (
    'The rules are applied, but you are not at the machine’s own screen (ssh, CI): name a group with ' +
    'phaseline udev --install --group plugdev, and join it'
  );
}

/** The group that the rules give a device to; the last one has the say. */
function groupOf(system: System, device: Device): string | undefined {
  const groups = rulesFor(system, device).map(({ text }) => /\bGROUP:?="([^"]+)"/.exec(text)?.[1]);
  return groups.findLast((group) => group !== undefined);
}

/** What udev writes down for each tag: `G:uaccess`, and `Q:` while it is the current one. */
function isTagged(system: System, record: string): boolean {
  return /^[GQ]:uaccess$/m.test(system.text(record) ?? '');
}
