import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { loadUsbModule } from '../usb/libusb-module.ts';
import type { Ran, System } from './system.ts';

const RUN_MS = 30_000;

export interface LocalSystemOptions {
  /** The folder that stands for `/`; tests hand in a tree of their own. */
  readonly root?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** The machine that phaseline runs on. */
export function localSystem({ root = '/', env = process.env }: LocalSystemOptions = {}): System {
  const at = (path: string) => join(root, path);
  return {
    platform: process.platform,
    userId: process.geteuid?.(),
    processId: process.pid,
    text: (path) => orElse(undefined, () => readFileSync(at(path), 'utf8')),
    names: (folder) => orElse([], () => readdirSync(at(folder))),
    exists: (path) => existsSync(at(path)),
    target: (link) => orElse(undefined, () => readlinkSync(at(link))),
    mayOpen: (path) => orElse(false, () => mayOpen(at(path))),
    loadLibusb: async () => void (await loadUsbModule()),
    replaceFile: (path, text) => replaceFile(at(path), text),
    run: (program, args) => run(program, args, env),
  };
}

/** What cannot be read is as good as absent: a check says what that means. */
function orElse<T>(absent: T, read: () => T): T {
  try {
    return read();
  } catch {
    return absent;
  }
}

function mayOpen(path: string): true {
  accessSync(path, constants.R_OK | constants.W_OK);
  return true;
}

async function replaceFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.new`;
  try {
    const file = await open(draft, 'w');
    try {
      await file.chmod(0o644);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(program, args, { env, timeout: RUN_MS, killSignal: 'SIGKILL' }, (error, _stdout, stderr) => {
      const exitCode = error ? (typeof error.code === 'number' ? error.code : undefined) : 0;
      const says = stderr.trim().split('\n').at(-1) || (error?.message.split('\n', 1)[0] ?? '');
      resolve({ exitCode, says });
    });
  });
}
