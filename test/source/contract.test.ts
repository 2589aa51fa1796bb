import { spawnSync } from 'node:child_process';
import { describe, test } from 'vitest';
import { sourceContract } from './contract.ts';
import { PACKINGS } from './pack.ts';

const isThere = (tool: string) => spawnSync(tool, ['--version'], { stdio: 'ignore' }).error === undefined;

for (const { name, tools, blockBytes, pack } of PACKINGS) {
  const missing = tools.filter((tool) => !isThere(tool));
  if (missing.length === 0) sourceContract(name, pack, { ...(blockBytes && { blockBytes }) });
  else describe.skip(`${name} (${missing.join(', ')} is not installed)`, () => test('nothing', () => undefined));
}
