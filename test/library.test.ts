import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { realClock } from '../src/base/clock.ts';
import { silentLog } from '../src/base/log.ts';
import { SimulatedBoard } from '../src/simulator/board.ts';
import { boardProfile } from '../src/simulator/profiles.ts';
import { serveBoards } from '../src/simulator/server.ts';
import { bootFiles, layoutText } from './flash/layouts.ts';
import { makePattern } from './image/make.ts';

const ROOT = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(ROOT, 'test/.example-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CARD = makePattern(50_000);
const boot = bootFiles('mp15');

/** The program of docs/library.md, with the files of `folder` and a server on `port`; what it printed last. */
async function runExample(port: number, name: string): Promise<string> {
  const page = readFileSync(join(ROOT, 'docs/library.md'), 'utf8');
  const code = /```ts\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const program = code
    .replaceAll("'phaseline'", `'${ROOT}/src/index.ts'`)
    .replace("'build'", `'${folder}'`)
    .replace('3240', String(port));
  const file = join(folder, name);
  writeFileSync(file, program);
  const log = vi.spyOn(console, 'log').mockReturnValue();
  try {
    await import(/* @vite-ignore */ file);
    return String(log.mock.lastCall?.[0]);
  } finally {
    log.mockRestore();
  }
}

test('the program of docs/library.md flashes a board, and refuses what has errors before that', async () => {
  const files = { ...boot.images, 'card.img': CARD };
  for (const [name, data] of Object.entries(files)) writeFileSync(join(folder, name), data);
  writeFileSync(join(folder, 'layout.tsv'), layoutText(...boot.rows, 'P 0x10 card RawImage mmc0 0x0 card.img'));
  const board = new SimulatedBoard({ profile: boardProfile('stm32mp157c-dk2'), clock: realClock });
  board.powerOn();
  const server = await serveBoards({ boards: [board], host: '127.0.0.1', port: 0, log: silentLog });
  try {
    expect(await runExample(server.port, 'good.ts')).toBe('flashed');
    expect(board.storage.mmc.get(0)?.read(0, 0, CARD.length)).toEqual(CARD);
    writeFileSync(join(folder, 'fip.bin'), makePattern(4096));
    await expect(runExample(server.port, 'bad.ts')).rejects.toThrow(/^line 2: "fip\.bin" /);
  } finally {
    await server.close();
    board.close();
  }
});
