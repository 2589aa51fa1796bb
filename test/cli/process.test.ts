import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { silentLog } from '../../src/base/log.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import type { Io, StopSignal } from '../../src/cli/io.ts';
import { onBoard } from '../../src/cli/on-board.ts';
import { makeFip, makeFsbl, makePattern } from '../image/make.ts';

import { folderWith, rows, startOf } from './harness.ts';

const CARD = makePattern(6 * 2 ** 20, 71);
const FILES = {
  'layout.tsv': rows(
    '- 0x01 fsbl-boot Binary none 0x0 fsbl.stm32',
    '- 0x03 fip-boot FIP none 0x0 fip.bin',
    'P 0x10 sdcard RawImage mmc0 0x0 sdcard.img',
  ),
  'fsbl.stm32': makeFsbl({ family: 'mp15' }),
  'fip.bin': makeFip(),
  'sdcard.img': CARD,
};

/** The command line as a process of its own, from its source. */
const PHASELINE = [process.execPath, '--import', 'tsx', resolve('src/cli/main.ts')];

function flashing(folder: string, fault = ''): readonly string[] {
  const bus = `sim:stm32mp157c-dk2,storage=${join(folder, 'card')}${fault === '' ? '' : `,fault=${fault}`}`;
  return [...PHASELINE, 'flash', join(folder, 'layout.tsv'), '--no-check', '--bus', bus];
}

interface Ended {
  readonly code: number | null;
  readonly events: readonly Record<string, unknown>[];
  readonly stderr: string;
}

/** Runs it with --json; `at` is called with each event and the way to send it a signal. */
async function stopped(
  fault: string,
  at: (event: Record<string, unknown>, send: (signal: StopSignal) => void) => void,
): Promise<Ended> {
  const folder = folderWith(FILES);
  const [program = '', ...args] = [...flashing(folder, fault), '--json'];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, HOME: folder } });
  const events: Record<string, unknown>[] = [];
  let stderr = '';
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = JSON.parse(line) as Record<string, unknown>;
    events.push(event);
    at(event, (signal) => child.kill(signal));
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, events, stderr };
}

/** A shell's words around the command line, in a folder of its own; what it printed. */
async function shell(script: (command: string, folder: string) => string, args: readonly string[] = []) {
  const folder = folderWith(FILES);
  const command = [...flashing(folder), ...args].map((word) => `'${word}'`).join(' ');
  const { CI: _inCi, ...surroundings } = process.env;
  const env = { ...surroundings, HOME: folder, TERM: 'xterm' };
  const child = spawn('bash', ['-c', script(command, folder)], { stdio: ['ignore', 'pipe', 'pipe'], env });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  const isFlashed = startOf(join(folder, 'card', 'mmc0.img'), CARD.length).equals(CARD);
  return { code, stdout, stderr, isFlashed };
}

describe('a process that is asked to stop', () => {
  test.each([
    ['SIGINT', 130, 'interrupted/sigint'],
    ['SIGTERM', 143, 'interrupted/sigterm'],
  ] as const)(
    'by %s stops at a block, resets the board, says what was written, and exits with %d',
    async (signal, exit, code) => {
      let sent = false;
      const ended = await stopped('nak 700 at phase 0x10 block 300', ({ event, id }, send) => {
        if (event !== 'phase' || id !== '0x10' || sent) return;
        sent = true;
        send(signal);
      });
      expect(ended.code).toBe(exit);
      expect(ended.stderr).toContain('stopping at the next block');
      const result = ended.events.at(-1);
      expect(result).toMatchObject({ event: 'result', ok: false, exitCode: exit, code, left: 'reset' });
      expect(result?.phases).toMatchObject([{ complete: true }, { complete: true }, { id: '0x10', complete: false }]);
    },
  );

  test('twice leaves at once, whatever the board is doing', async () => {
    const ended = await stopped('nak 90000 at phase 0x10 block 5', ({ event, id }, send) => {
      if (event !== 'phase' || id !== '0x10') return;
      setTimeout(send, 500, 'SIGINT');
      setTimeout(send, 1_000, 'SIGINT');
    });
    expect(ended.code).toBe(130);
    expect(ended.events.at(-1)).toMatchObject({ event: 'result', code: 'interrupted/sigint' });
    expect(ended.events.at(-1)?.seconds).toBeLessThan(60);
  });

  test('twice leaves at once even when nothing ends with the bus', async () => {
    const clock = new VirtualClock();
    const left: number[] = [];
    let stop: (signal: StopSignal) => void = () => undefined;
    const out = { write: () => undefined, isTTY: false, columns: 80, stream: process.stdout };
    const io: Io = {
      stdout: out,
      stderr: out,
      env: {},
      cwd: '.',
      clock,
      interactive: false,
      onStop: (handler) => {
        stop = handler;
        return () => undefined;
      },
      leave: (code = 0) => left.push(code),
    };
    const args = { bus: 'sim:stm32mp157c-dk2', trace: undefined, timeout: undefined };
    void onBoard(args, { io, log: silentLog, colour: false }, () => new Promise(() => undefined));
    await clock.sleep(1_000);
    stop('SIGTERM');
    await clock.sleep(5_000);
    expect(left).toEqual([]);
    stop('SIGTERM');
    await clock.sleep(1_000);
    expect(left).toEqual([143]);
  });
});

test('a process that is killed leaves what --resume goes on with', async () => {
  const boot = makePattern(200_000, 72);
  const two = ['P 0x10 bootfs System mmc0 0x100000 boot.img', 'P 0x11 rootfs FileSystem mmc0 0x800000 sdcard.img'].map(
    (row) => rows(row).split('\n')[1],
  );
  const folder = folderWith({
    ...FILES,
    'layout.tsv': `${FILES['layout.tsv'].split('\n').slice(0, 3).join('\n')}\n${two.join('\n')}\n`,
    'boot.img': boot,
  });
  const env = { ...process.env, HOME: folder };
  const run = (fault: string, ...args: readonly string[]) => {
    const [program = '', ...words] = [...flashing(folder, fault), '--json', ...args];
    return spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'], env });
  };
  const killed = run('nak 60000 at phase 0x11 block 300');
  createInterface({ input: killed.stdout }).on('line', (line) => {
    if (line.includes('"event":"progress"') && line.includes('"id":"0x11"')) killed.kill('SIGKILL');
  });
  expect((await once(killed, 'close'))[1]).toBe('SIGKILL');
  const resumed = run('', '--resume');
  const lines: string[] = [];
  createInterface({ input: resumed.stdout }).on('line', (line) => lines.push(line));
  expect((await once(resumed, 'close'))[0]).toBe(0);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'resume', phases: [{ id: '0x10' }] });
  const card = startOf(join(folder, 'card', 'mmc0.img'), 0x80_0000 + CARD.length);
  expect(card.subarray(0x10_0000, 0x10_0000 + boot.length).equals(boot)).toBe(true);
  expect(card.subarray(0x80_0000).equals(CARD)).toBe(true);
});

describe('a process whose surroundings break flashes all the same', () => {
  test('with a reader that goes away after one line', async () => {
    const { code, stdout, isFlashed } = await shell((command) => `${command} | head -n 1; exit \${PIPESTATUS[0]}`);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect({ code, isFlashed }).toEqual({ code: 0, isFlashed: true });
  });

  test('with a standard output that takes nothing', async () => {
    expect(await shell((command) => `${command} > /dev/full`)).toMatchObject({ code: 0, isFlashed: true });
  });

  test('with a log on a disk that is full', async () => {
    const { code, stdout, stderr, isFlashed } = await shell((command) => command, ['--log-file', '/dev/full']);
    // Once, and not for each line.
    expect(stderr.match(/^warning: the log file .*/gm)).toEqual(['warning: the log file /dev/full ends here: ENOSPC']);
    expect(stdout).toContain('PASS');
    expect({ code, isFlashed }).toEqual({ code: 0, isFlashed: true });
  });

  const onTerminal = (words: string, command: string) =>
    `script -qec "bash -c \\"${words.replace('COMMAND', command)}\\"" /dev/null`;

  test('with a terminal that becomes narrow meanwhile', async () => {
    const { code, stdout, isFlashed } = await shell((command) =>
      onTerminal('stty cols 150 rows 40; COMMAND & sleep 1; stty cols 20 rows 4; wait \\$!', command),
    );
    expect(stdout).toContain('\x1b[');
    expect(stdout).toContain('PASS');
    expect({ code, isFlashed }).toEqual({ code: 0, isFlashed: true });
  });

  test('with a dumb terminal: plain lines, nothing that moves a cursor', async () => {
    const { code, stdout, isFlashed } = await shell((command) => onTerminal('TERM=dumb COMMAND', command));
    expect(stdout).toContain('PASS');
    expect(stdout).not.toContain('\x1b');
    expect({ code, isFlashed }).toEqual({ code: 0, isFlashed: true });
  });
});
