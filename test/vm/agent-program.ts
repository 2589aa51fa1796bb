import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { cacheFolder } from './cache.ts';

const PROJECT = resolve(import.meta.dirname, '../..');

/** Compiles the guest's agent, which Node has to run without a loader: each start-up costs seconds there. */
export async function agentProgram(): Promise<string> {
  const folder = cacheFolder('agent');
  await execa('tsc', ['-p', join(import.meta.dirname, 'tsconfig.agent.json')], { cwd: PROJECT, preferLocal: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  return join(folder, 'test/vm/agent/main.js');
}
