import { concatBytes } from '../../base/bytes.ts';
import type { DfuBuffer } from './dfu-buffer.ts';
import type { DfuEntity } from './dfu-entity.ts';

/** What the DFU core tells the command that runs it. */
export interface DfuCallbacks {
  /** A transaction starts. */
  started(entity: DfuEntity): void;
  /** A download is complete and on the medium. */
  flushed(entity: DfuEntity): void;
  failed(entity: DfuEntity, text: string): void;
}

/** U-Boot's DFU core: transactions on entities over one buffer. FINDINGS §2, protocol.md §6.1. */
export interface DfuCore {
  readonly buffer: DfuBuffer;
  readonly callbacks: DfuCallbacks;
}

/** One DNLOAD; `data` is empty for the last. False when it failed: the transaction is then forgotten. */
export function writeBlock(core: DfuCore, entity: DfuEntity, block: number, data: Uint8Array): boolean {
  startTransaction(core, entity, 'write');
  if (entity.sequence !== block) return abandon(core, entity, 'Wrong sequence number');
  entity.sequence = (entity.sequence + 1) & 0xffff;
  if (entity.cursor + data.length > entity.end && !drain(core, entity)) return abandon(core, entity, 'DFU write error');
  if (entity.cursor + data.length > entity.end) return abandon(core, entity, 'Buffer overflow');
  core.buffer.write(entity.cursor, data);
  entity.cursor += data.length;
  entity.received += data.length;
  // Full when one more block of this length would not fit.
  const full = data.length === 0 || entity.cursor + data.length > entity.end;
  if (full && !drain(core, entity)) return abandon(core, entity, 'DFU write error');
  return true;
}

/** One UPLOAD of up to `length` bytes; undefined when it failed, and the transaction stays as it is. */
export function readBlock(core: DfuCore, entity: DfuEntity, block: number, length: number): Uint8Array | undefined {
  startTransaction(core, entity, 'read');
  if (entity.sequence !== block) return undefined;
  entity.sequence = (entity.sequence + 1) & 0xffff;
  const data = fillBlock(core, entity, length);
  if (data && data.length < length) endTransaction(core, entity);
  return data;
}

/** The deferred end of a download. False when it failed. */
export function flushEntity(core: DfuCore, entity: DfuEntity): boolean {
  if (!drain(core, entity)) return false;
  entity.medium.flush?.(entity.offset);
  core.callbacks.flushed(entity);
  endTransaction(core, entity);
  return true;
}

/** Forgets the transaction, and claims the buffer, as the real code does even then. */
export function endTransaction(core: DfuCore, entity: DfuEntity): void {
  core.buffer.claim(entity.medium.owner, entity.medium.bufferLimit);
  entity.medium.restart?.();
  entity.open = false;
  entity.offset = 0;
  entity.sequence = 0;
  entity.cursor = 0;
  entity.end = 0;
  entity.left = 0;
  entity.buffered = 0;
  entity.received = 0;
}

function startTransaction(core: DfuCore, entity: DfuEntity, direction: 'read' | 'write'): void {
  if (entity.open) return;
  endTransaction(core, entity);
  entity.end = core.buffer.size;
  if (direction === 'read') entity.left = entity.medium.size();
  entity.open = true;
  core.callbacks.started(entity);
}

function abandon(core: DfuCore, entity: DfuEntity, text: string): false {
  endTransaction(core, entity);
  core.callbacks.failed(entity, text);
  return false;
}

function drain(core: DfuCore, entity: DfuEntity): boolean {
  const length = entity.cursor;
  if (length === 0) return true;
  const moved = entity.medium.write(entity.offset, length, core.buffer);
  entity.cursor = 0;
  entity.offset += moved ?? 0;
  return moved !== undefined;
}

function fillBlock(core: DfuCore, entity: DfuEntity, length: number): Uint8Array | undefined {
  const pieces: Uint8Array[] = [];
  for (let missing = length; ; ) {
    const take = Math.min(missing, entity.buffered);
    if (take > 0) {
      pieces.push(core.buffer.view(entity.cursor, take).slice());
      entity.cursor += take;
      entity.buffered -= take;
      missing -= take;
    }
    if (missing === 0 || entity.left <= 0) break;
    const wanted = Math.min(entity.end, entity.left);
    const data = entity.medium.read(entity.offset, wanted);
    entity.cursor = 0;
    // After a failure it is not taken back: the next block comes out of what the buffer holds.
    entity.buffered = data?.length ?? wanted;
    if (!data) return undefined;
    if (data.length === 0) break;
    core.buffer.write(0, data);
    entity.offset += data.length;
    entity.left -= data.length;
  }
  return pieces.length === 1 ? pieces[0] : concatBytes(pieces);
}
