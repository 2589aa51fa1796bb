import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GuestMessage, type HostMessage, messageReader } from './agent/messages.ts';
import { agentProgram } from './agent-program.ts';
import { bootFiles } from './boot-files.ts';
import { debianKernel } from './kernel.ts';
import { qemuArguments } from './qemu.ts';

/** The host's loopback, as QEMU's user network shows it to the guest. */
const HOST_SEEN_BY_GUEST = '10.0.2.2';
const BOOT_MS = 120_000;
const RUN_MS = 120_000;

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly result: Promise<CommandResult>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when stdout or stderr holds `text`; rejects when the command ends before. */
  printed(text: string): Promise<void>;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** 0 = root, the default. */
  readonly uid?: number;
  /** As `uid` when it is not given. */
  readonly gid?: number;
  readonly timeoutMs?: number;
}

type Listener = (message: GuestMessage) => void;

/** A running Linux with a USB stack and this machine's files. */
export class Guest {
  readonly #qemu: ChildProcess;
  readonly #channel: Socket;
  readonly #server: Server;
  readonly #folder: string;
  readonly #listeners = new Map<number, Listener>();
  #lastId = 0;

  constructor(parts: { qemu: ChildProcess; channel: Socket; server: Server; folder: string }) {
    this.#qemu = parts.qemu;
    this.#channel = parts.channel;
    this.#server = parts.server;
    this.#folder = parts.folder;
    this.#channel.setEncoding('utf8');
    const read = messageReader<GuestMessage>((message) => this.#listeners.get(message.id)?.(message));
    this.#channel.on('data', (text) => read(String(text)));
    this.#channel.on('close', () => {
      for (const [id, listener] of this.#listeners)
        listener({ id, say: 'failed', reason: `the guest ended: ${this.console()}` });
    });
  }

  /** Starts a command; it is killed after `timeoutMs`. */
  start(command: readonly [string, ...string[]], options: RunOptions = {}): RunningCommand {
    const id = this.#order({
      do: 'run',
      command,
      cwd: options.cwd ?? '/',
      env: { PATH: process.env.PATH ?? '', HOME: '/root', LANG: 'C.UTF-8', ...options.env },
      uid: options.uid ?? 0,
      gid: options.gid ?? options.uid ?? 0,
    });
    const output = { stdout: '', stderr: '' };
    const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
    const waiting: { readonly text: string; readonly resolve: () => void; readonly reject: (error: Error) => void }[] =
      [];
    const kill = (signal: NodeJS.Signals) => this.#send({ id, do: 'signal', signal });
    const timer = setTimeout(() => kill('SIGKILL'), options.timeoutMs ?? RUN_MS);
    const result = new Promise<CommandResult>((resolve, reject) => {
      this.#listeners.set(id, (message) => {
        if (message.say === 'output') {
          output[message.stream] += decoders[message.stream].decode(Buffer.from(message.base64, 'base64'), {
            stream: true,
          });
          for (const { text, resolve: found } of waiting) if (holds(output, text)) found();
          return;
        }
        clearTimeout(timer);
        this.#listeners.delete(id);
        for (const { text, reject: missed } of waiting)
          missed(new Error(`it ended without "${text}": ${JSON.stringify(output)}`));
        if (message.say === 'exit') resolve({ exitCode: message.code ?? -1, ...output });
        else reject(new Error(`${command.join(' ')}: ${message.say === 'failed' ? message.reason : message.say}`));
      });
    });
    result.catch(() => undefined); // whoever wants to know asks for it
    return {
      result,
      kill,
      printed: (text) =>
        new Promise((resolve, reject) => {
          if (holds(output, text)) resolve();
          else waiting.push({ text, resolve, reject });
        }),
    };
  }

  run(command: readonly [string, ...string[]], options: RunOptions = {}): Promise<CommandResult> {
    return this.start(command, options).result;
  }

  /** Plugs the device `busId` of a USB/IP server of this process into the guest's port 1-(port + 1). */
  attach(serverPort: number, busId: string, port: number): Promise<void> {
    const id = this.#order({ do: 'attach', host: HOST_SEEN_BY_GUEST, serverPort, busId, port });
    return new Promise((resolve, reject) => {
      this.#listeners.set(id, (message) => {
        this.#listeners.delete(id);
        if (message.say === 'attached') resolve();
        else reject(new Error(message.say === 'failed' ? message.reason : message.say));
      });
    });
  }

  /** What the guest's kernel and init have said. */
  console(): string {
    return readFileSync(join(this.#folder, 'console'), 'utf8').trim();
  }

  async close(): Promise<void> {
    this.#channel.destroy();
    if (this.#qemu.exitCode === null && this.#qemu.signalCode === null) {
      this.#qemu.kill('SIGKILL'); // it has nothing that would have to be saved
      await once(this.#qemu, 'exit');
    }
    this.#server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #order(message: HostMessage extends infer M ? (M extends HostMessage ? Omit<M, 'id'> : never) : never): number {
    this.#lastId += 1;
    this.#send({ ...message, id: this.#lastId } as HostMessage);
    return this.#lastId;
  }

  #send(message: HostMessage): void {
    this.#channel.write(`${JSON.stringify(message)}\n`);
  }
}

function holds(output: { readonly stdout: string; readonly stderr: string }, text: string): boolean {
  return output.stdout.includes(text) || output.stderr.includes(text);
}

/** Boots a guest; some 6 s with an emulated processor, a minute more on the first time of all. */
export async function bootGuest(): Promise<Guest> {
  const [agent, files] = await Promise.all([agentProgram(), debianKernel().then(bootFiles)]);
  const folder = mkdtempSync(join(tmpdir(), 'phaseline-guest-'));
  const server = createServer({ noDelay: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const quoted = [process.execPath, agent, HOST_SEEN_BY_GUEST, String(port)].map(
    (word) => `'${word.replaceAll("'", "'\\''")}'`,
  );
  writeFileSync(join(folder, 'start.sh'), `exec ${quoted.join(' ')}\n`);
  const qemu = spawn('qemu-system-x86_64', qemuArguments({ ...files, folder }), {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(new Error('the guest does not start')), BOOT_MS);
  qemu.once('exit', () => stop.abort(new Error('QEMU ended')));
  try {
    const [channel] = (await once(server, 'connection', { signal: stop.signal })) as [Socket];
    return new Guest({ qemu, channel, server, folder });
  } catch (error) {
    qemu.kill('SIGKILL');
    server.close();
    throw new Error(`${stop.signal.reason ?? error}: ${readFileSync(join(folder, 'console'), 'utf8')}`, {
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}
