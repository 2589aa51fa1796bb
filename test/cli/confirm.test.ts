import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { confirm } from '../../src/cli/confirm.ts';

/** What somebody types at the question. */
function typing(keys: string): Promise<boolean> {
  const input = new PassThrough();
  const asked = confirm('all of mmc0 will be erased. Go on?', { input, output: new PassThrough() });
  input.write(keys);
  return asked;
}

test.each([
  ['y', 'y\r', true],
  ['YES', 'YES\r', true],
  ['n', 'n\r', false],
  ['nothing', '\r', false],
  ['yesterday', 'yesterday\r', false],
  ['Ctrl-D', '\x04', false],
])('a question answered with %s', async (_name, keys, yes) => {
  expect(await typing(keys)).toBe(yes);
});

test('Ctrl-C at a question is an interruption, and no bug', async () => {
  await expect(typing('\x03')).rejects.toMatchObject({ code: 'interrupted/sigint', exitCode: 130 });
});
