/** What runs in the guest: takes orders from the test process on the host, `main.js HOST PORT`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { type GuestMessage, type HostMessage, messageReader } from './messages.ts';
import { attach } from './vhci.ts';

const [, , host = '', port = ''] = process.argv;
const channel = connect({ host, port: Number(port), noDelay: true });
const children = new Map<number, ChildProcess>();

const say = (message: GuestMessage) => void channel.write(`${JSON.stringify(message)}\n`);
const fail = (id: number) => (error: unknown) => say({ id, say: 'failed', reason: String(error) });

function run({ id, command, cwd, env, uid, gid }: Extract<HostMessage, { do: 'run' }>): void {
  const [program, ...args] = command;
  const child = spawn(program, args, { cwd, env, uid, gid, stdio: ['ignore', 'pipe', 'pipe'] });
  children.set(id, child);
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (data: Buffer) => say({ id, say: 'output', stream, base64: data.toString('base64') }));
  }
  child.once('error', fail(id));
  child.once('close', (code, signal) => {
    children.delete(id);
    say({ id, say: 'exit', code, signal });
  });
}

channel.setEncoding('utf8');
channel.on(
  'data',
  messageReader<HostMessage>((message) => {
    if (message.do === 'run') run(message);
    else if (message.do === 'signal') children.get(message.id)?.kill(message.signal);
    else attach(message, message.port).then(() => say({ id: message.id, say: 'attached' }), fail(message.id));
  }) as (data: string | Buffer) => void,
);
// Without a host there is nothing to do: the guest ends.
channel.on('close', () => process.exit(0));
channel.on('error', () => process.exit(1));
