import { type Check, type Finding, together } from '../check.ts';
import type { Device } from '../devices.ts';

/** High speed, the only one that the ROM and TF-A know (protocol.md §2). */
const HIGH_SPEED = 480;

/** Whether the boards run at high speed: a slower one is a bad cable, hub or virtual controller. */
export const speed: Check = {
  id: 'speed',
  needs: 'board',
  look: ({ boards }) => together(boards.map(speedOf)),
};

function speedOf({ port, speed }: Device): Finding {
  if (speed === undefined) return { status: 'note', message: `${port}: the kernel does not tell the speed` };
  if (speed >= HIGH_SPEED) return { status: 'ok', message: `${port}: ${speed} Mbit/s` };
  const help = 'Use another cable, hub or port; in a virtual machine a USB 2.0 controller';
  return { status: 'failed', message: `${port}: ${speed} Mbit/s, a board runs at ${HIGH_SPEED}`, help };
}
