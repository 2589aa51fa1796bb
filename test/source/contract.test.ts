import { spawnSync } from 'node:child_process';
import { describe } from 'vitest';
import { sourceContract } from './contract.ts';
import { PACKINGS } from './pack.ts';

const isThere = (tool: string) => spawnSync(tool, ['--version'], { stdio: 'ignore' }).error === undefined;

for (const { name, tools, blockBytes, pack } of PACKINGS) {
  const missing = tools.filter((tool) => !isThere(tool));
  const needs = tools.length > 0 ? `with ${tools.join(' and ')}` : 'with nothing but Node';
  describe.skipIf(missing.length > 0)(needs, () => sourceContract(name, pack, { ...(blockBytes && { blockBytes }) }));
}
