import { describe, expect, test } from 'vitest';
import { concatBytes } from '../../src/base/bytes.ts';
import { upload } from '../../src/dfu/upload.ts';
import { BoardModel } from './board-model.ts';
import { dfuOn } from './dfu-on.ts';
import { imageOf } from './stream.ts';
import { WireScript } from './wire-script.ts';

const OPTIONS = { blockMs: 5000, limitBytes: 1 << 20 } as const;

async function readAll(board: BoardModel, options = OPTIONS): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of upload(dfuOn(board, 1024), 2, options)) pieces.push(piece);
  return concatBytes(pieces);
}

describe('an upload', () => {
  test.each([0, 1, 1023, 1024, 1025, 4096])('of %i bytes ends with a block that is not full', async (length) => {
    const content = imageOf(length);
    const board = new BoardModel({ content: { 2: content } });
    expect(await readAll(board)).toEqual(content);
    const uploads = board.seen.filter(({ request }) => request === 'UPLOAD');
    expect(uploads.map(({ value }) => value)).toEqual(uploads.map((_, index) => index));
  });

  test('asks for the whole transfer size each time', async () => {
    const board = new BoardModel({ content: { 2: imageOf(3000) } });
    await readAll(board);
    expect(new Set(board.seen.filter(({ request }) => request === 'UPLOAD').map(({ length }) => length))).toEqual(
      new Set([1024]),
    );
  });

  test('gives each request the time that the caller allows, SET_INTERFACE and ABORT too', async () => {
    const block = `a1 02 0000 0000 0004`;
    const device = new WireScript(
      ['01 0b 0200 0000 0000', 'ack'],
      ['a1 03 0000 0000 0600', '00000000 0200'],
      [block, '00'.repeat(1024)],
      ['21 06 0000 0000 0000', 'ack'],
    );
    for await (const _ of upload(dfuOn(device, 1024), 2, { ...OPTIONS, blockMs: 61_000 })) break;
    expect(device.timeouts).toEqual([61_000, 61_000, 61_000, 61_000]);
  });

  test('that is left early aborts and gives the interface back', async () => {
    const board = new BoardModel({ content: { 2: imageOf(5000) } });
    const dfu = dfuOn(board, 1024);
    for await (const _ of upload(dfu, 2, OPTIONS)) break;
    expect(board.seen.at(-1)?.request).toBe('ABORT');
    await dfu.select(1);
  });

  test('refuses other requests while it is under way', async () => {
    const dfu = dfuOn(new BoardModel({ content: { 2: imageOf(5000) } }), 1024);
    const reading = upload(dfu, 2, OPTIONS);
    await reading.next();
    await expect(dfu.select(1)).rejects.toMatchObject({ code: 'bug/unexpected' });
  });

  test('of more than can be there is refused', async () => {
    const board = new BoardModel({ content: { 2: imageOf(5000) } });
    await expect(readAll(board, { ...OPTIONS, limitBytes: 2048 })).rejects.toMatchObject({ code: 'dfu/protocol' });
    expect(board.seen.at(-1)?.request).toBe('ABORT');
  });

  test('that fails sends nothing more', async () => {
    const board = new BoardModel({ content: { 2: imageOf(5000) }, failAt: { transfer: 4, code: 'usb/gone' } });
    await expect(readAll(board)).rejects.toMatchObject({ code: 'usb/gone' });
    expect(board.seen.length).toBe(5);
  });
});
