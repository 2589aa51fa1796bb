import type { DfuMedium } from './dfu-entity.ts';
import type { Session } from './session.ts';

/** A stretch of memory. Only the start of each transfer is checked against its size. protocol.md §5.1. */
export function ramMedium(session: Session, address: number, sizeBytes: number): DfuMedium {
  return {
    owner: 'ram',
    bufferLimit: 0,
    size: () => sizeBytes,
    read(offset, length) {
      return offset > sizeBytes ? undefined : session.dram.read(address + offset, length);
    },
    write(offset, length, buffer) {
      if (offset > sizeBytes) return undefined;
      session.dram.write(address + offset, buffer.view(0, length));
      return length;
    },
  };
}
