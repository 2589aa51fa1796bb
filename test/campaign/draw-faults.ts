import type { DrawnRow } from './draw.ts';
import type { Random } from './random.ts';

/** None to three faults in the language of `--fault`, at any time of the job. */
export function drawFaults(random: Random, device: string, written: readonly DrawnRow[]): readonly string[] {
  return Array.from({ length: random.pick([0, 1, 1, 1, 1, 2, 2, 3]) }, () => drawFault(random, device, written));
}

function drawFault(random: Random, device: string, written: readonly DrawnRow[]): string {
  const ms = random.pick([1, 900, 4_000, 20_000, 100_000]);
  const at = random.chance(60) ? `at transfer ${random.int(1, 500)}` : `at ${place(random, written)}`;
  const step = random.pick(['fsbl', 'ddr-fip', 'fip', 'layout']);
  return random.pick([
    `unplug ${at}`,
    `unplug for ${ms} ${at}`,
    `unplug for ${ms} ${at}`,
    `unplug-behind ${at}`,
    `unplug-behind for ${ms} ${at}`,
    `power-cycle ${at}`,
    `stall ${at}`,
    `nak ${ms} ${at}`,
    `dfu-error ${random.int(1, 15)} ${at}`,
    `crash ${at}`,
    `phase ${phase(random)} instead of ${phase(random)}`,
    // The end and an error too early are what must not be believed.
    `phase ${random.pick(['0xFE', '0xFF'])} instead of ${idOf(random, written)}`,
    `never-returns after ${step}`,
    `panic after ${step}`,
    `port 1-7 after ${step}`,
    `serial AAAABBBBCCCCDDDDEEEEFFFF after ${step}`,
    `absent ${device}`,
    `write-error ${device} at byte ${random.int(0, 4 * 2 ** 20)}`,
    `slow-write ${device} ${ms}`,
  ]);
}

/** A phase that the board asks for: mostly one of the medium. */
function idOf(random: Random, written: readonly DrawnRow[]): string {
  const row = written.length > 0 && random.chance(70) ? random.pick(written) : undefined;
  return row ? `0x${row.id.toString(16)}` : random.pick(['0x00', '0x01', '0x02', '0x03']);
}

function place(random: Random, written: readonly DrawnRow[]): string {
  const id = idOf(random, written);
  return random.chance(50) ? `phase ${id} block ${random.int(0, 40)}` : `phase ${id} byte ${random.int(0, 150_000)}`;
}

function phase(random: Random): string {
  return random.pick(['0x00', '0x01', '0x02', '0x03', '0x04', '0x10', '0x11', '0x12', '0xF1', '0xFE', '0xFF']);
}
