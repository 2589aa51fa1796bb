import type { SimulatedChip } from '../hardware.ts';
import { MemoryMedium } from '../storage/memory.ts';
import { FirmwareCrash } from './crash.ts';

/** The board's memory by physical address; pages exist once written. Outside of it is nothing: a data abort. */
export class Dram {
  readonly #base: number;
  readonly #medium: MemoryMedium;

  constructor(chip: SimulatedChip) {
    this.#base = chip.dramBase;
    this.#medium = new MemoryMedium(chip.dramSize);
  }

  read(address: number, length: number): Uint8Array {
    return this.#access(address, length, (offset) => this.#medium.read(offset, length));
  }

  write(address: number, data: Uint8Array): void {
    this.#access(address, data.length, (offset) => this.#medium.write(offset, data));
  }

  clear(address: number, length: number): void {
    this.#access(address, length, (offset) => this.#medium.fill(offset, length, 0));
  }

  #access<T>(address: number, length: number, use: (offset: number) => T): T {
    const offset = address - this.#base;
    if (offset < 0 || offset + length > this.#medium.size) throw new FirmwareCrash('data abort');
    return use(offset);
  }
}
