import { describe, expect, test } from 'vitest';
import { isLoopback } from '../../src/cli/address.ts';
import { cli } from './harness.ts';

/** `simulate`, stopped as soon as it listens. */
const simulate = (...args: readonly string[]) =>
  cli(['simulate', ...args], {
    onStop: (handler) => {
      queueMicrotask(() => handler('SIGTERM'));
      return () => undefined;
    },
  });

describe('a USB/IP server', () => {
  test('listens where only this machine reaches it, and has nothing to say about that', async () => {
    const { exitCode, stdout, stderr } = await simulate('--listen', '127.0.0.1:0');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^listening on 127\.0\.0\.1:\d+$/m);
  });

  test('says so when it is told to listen where others reach it', async () => {
    const { exitCode, stdout, stderr } = await simulate('--listen', '0.0.0.0:0');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^listening on 0\.0\.0\.0:\d+$/m);
    expect(stderr).toBe('warning: 0.0.0.0:0 can be reached from other machines, and anybody there can flash\n');
  });

  test('without --listen takes the loopback', async () => {
    const { stdout } = await cli(['simulate', '--help']);
    expect(stdout).toContain('127.0.0.1:3240');
  });

  test.each([
    ['127.0.0.1', true],
    ['127.8.9.1', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['192.168.1.2', false],
    ['127.0.0.1.example.com', false],
  ])('%s is loopback: %s', (host, expected) => {
    expect(isLoopback({ host, port: 1 })).toBe(expected);
  });
});
