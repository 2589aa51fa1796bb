/** Registers 0xF8 to 0xFF of the STPMIC1. protocol.md §5.8. */
export const PMIC_BYTES = 8;
/** What an STPMIC1A leaves the factory with; the golden device's model shows the same bytes. */
const FACTORY = Uint8Array.of(0xee, 0x92, 0xc0, 0x02, 0xfa, 0x30, 0x00, 0x33);

/** The non-volatile memory of the power management chip: 8 bytes. */
export class PmicMemory {
  #content: Uint8Array;
  readonly #keep: (content: Uint8Array) => void;

  constructor(content: Uint8Array | undefined, keep: (content: Uint8Array) => void = () => undefined) {
    this.#content = (content ?? FACTORY).slice(0, PMIC_BYTES);
    this.#keep = keep;
  }

  read(): Uint8Array {
    return this.#content.slice();
  }

  write(content: Uint8Array): void {
    this.#content = content.slice(0, PMIC_BYTES);
    this.#keep(this.#content);
  }
}
