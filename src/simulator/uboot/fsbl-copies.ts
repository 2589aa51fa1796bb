import { DfuBuffer } from './dfu-buffer.ts';
import { type DfuCore, endTransaction } from './dfu-core.ts';
import type { DfuEntity } from './dfu-entity.ts';
import type { LayoutRow } from './layout-row.ts';
import type { LayoutDevice } from './session.ts';
import { recognizeStm32Image, STM32_HEADER_READ_BYTES } from './stm32-image.ts';

/**
 * Binary(N): reads the image back from the NAND and writes it N-1 times more, each copy behind the one
 * before in whole erase blocks. False without an STM32 v1.0 or v2.0 header. protocol.md §5.7.
 */
export function copyFsbl(core: DfuCore, entity: DfuEntity, device: LayoutDevice, row: LayoutRow): boolean {
  const { mtd } = device;
  if (!mtd?.isNand) return false;
  endTransaction(core, entity);
  const head = entity.medium.read(0, STM32_HEADER_READ_BYTES);
  const image = head && recognizeStm32Image(head);
  if (!image) return false;
  const block = mtd.eraseBlockBytes;
  const size = Math.ceil((image.payloadBytes + image.headerBytes) / block) * block;
  const content = entity.medium.read(0, size);
  if (!content) return false;
  endTransaction(core, entity);
  const copy = new DfuBuffer();
  copy.claim('mtd', content.length);
  copy.write(0, content);
  for (let number = 1; number < row.copies; number += 1) {
    if (entity.medium.write(number * content.length, content.length, copy) === undefined) return false;
  }
  return true;
}
