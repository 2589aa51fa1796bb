import { afterEach, expect, test, vi } from 'vitest';
import type { TestModule } from 'vitest/node';
import CountReporter from './count-reporter.ts';

/** A file whose run ended so, with the states of its tests. */
function file(state: string, ...tests: readonly string[]): TestModule {
  const children = { allTests: () => tests.map((each) => ({ result: () => ({ state: each }) })) };
  return { state: () => state, children } as unknown as TestModule;
}

function lineOf(...files: readonly TestModule[]): string {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  new CountReporter().onTestRunEnd(files, []);
  return String(write.mock.calls[0]?.[0]);
}

afterEach(() => vi.restoreAllMocks());

test.each<[string, readonly TestModule[], string]>([
  ['the tests of all files', [file('passed', 'passed', 'passed'), file('failed', 'failed')], '2 passed, 1 failed\n'],
  ['what was left out', [file('passed', 'passed', 'skipped', 'pending')], '1 passed, 0 failed, 2 skipped\n'],
  ['a file that cannot be read as a failure', [file('failed')], '0 passed, 1 failed\n'],
  ['a beforeAll that fails as a failure', [file('failed', 'skipped')], '0 passed, 1 failed, 1 skipped\n'],
])('the last line counts %s', (_name, files, line) => {
  expect(lineOf(...files)).toBe(line);
});
