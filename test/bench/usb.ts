/**
 * What of a board's time the host wastes (`npm run bench:usb [-- --json]`). First through a real Linux USB
 * stack, in one guest: the idle counter of the board itself, under dfu-util and phaseline. Then without a
 * kernel, over USB/IP on this machine, the board as slow as a real one: total time and the host's CPU.
 * Prints tables and whether each goal is met, or with --json one object.
 */

import { missingTools } from '../interop/tools.ts';
import { printTable } from './table.ts';
import { overLoopback } from './usb/over-loopback.ts';
import { throughLinux } from './usb/through-linux.ts';

interface Goal {
  readonly goal: string;
  readonly most: number;
  readonly measured: number;
  readonly verdict: 'met' | 'missed';
}

function judged(goal: string, most: number, measured: number): Goal {
  return { goal, most, measured, verdict: measured <= most ? 'met' : 'missed' };
}

function named<T extends { readonly host: string }>(rows: readonly T[], host: string): T {
  const row = rows.find((one) => one.host === host);
  if (!row) throw new Error(`no row of ${host}`);
  return row;
}

const missing = missingTools(['apt-get', 'dpkg-deb', 'qemu-system-x86_64', 'busybox', 'cpio', 'xz', 'dfu-util']);
if (missing) {
  process.stderr.write(`bench:usb: ${missing}\n`);
  process.exit(2);
}
const guest = await throughLinux();
const slowest = guest.reduce((slow, row) => (row.hostMs > slow.hostMs ? row : slow));
const loopback = await overLoopback();
const idle = named(guest, 'phaseline').idlePercent;
const goals = [
  judged('idle share of the default, %', 2, idle),
  judged("the same, as a part of dfu-util's", 1 / 5, idle / named(guest, 'dfu-util').idlePercent),
  judged('time of the default over USB/IP to the floor', 1.02, named(loopback, 'phaseline').ratioToFloor),
];
if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify({ guest, pacedFor: slowest.host, loopback, goals })}\n`);
} else {
  printTable(`through Linux and usbfs, 1 MiB, in the guest, at a pace for ${slowest.host}, the slowest`, guest);
  printTable('over USB/IP without a kernel, 32 MiB', loopback);
  printTable('goals', goals);
}
