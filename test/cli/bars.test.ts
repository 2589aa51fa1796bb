import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { Out } from '../../src/cli/io.ts';
import { progressBars } from '../../src/cli/render/bars.ts';

/** A terminal of 100 columns, and all that was written to it. */
function terminal() {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 100 });
  const chunks: string[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  const out: Out = { stream, isTTY: true, columns: 100, write: (text) => void stream.write(text) };
  return { out, text: () => chunks.join('') };
}

const frame = { time: '2026-01-01T00:00:00.000Z', serial: '0', port: '1-1' };
const phase = {
  ...frame,
  event: 'phase',
  id: '0x10',
  name: 'rootfs',
  file: 'images/a-rather-long-name.ext4',
  bytes: 4096,
  imageBytes: 4096,
  extents: 1,
  index: 2,
  count: 3,
  jobBytes: 16_384,
  jobBytesBefore: 2048,
} as const;

test('a bar for each phase, with share, sizes, rate and time left, between the lines of the others', async () => {
  const { out, text } = terminal();
  const bars = progressBars({ stdout: out, stderr: out });
  bars.show({ ...frame, event: 'stage', stage: 'uboot', product: 'USB download gadget@Device' });
  bars.show(phase);
  bars.show({ ...frame, event: 'progress', id: '0x10', bytesDone: 1024, bytesTotal: 4096, bytesPerSecond: 1_000_000 });
  await new Promise((resolve) => setTimeout(resolve, 150)); // the bar draws at its own pace
  bars.show({ ...frame, event: 'phase-done', id: '0x10', bytes: 4096, seconds: 2, sha256: '' });
  bars.show({ ...frame, event: 'warning', message: 'something' });
  bars.close();
  const lines = text();
  expect(lines.indexOf('U-Boot: USB download gadget')).toBeLessThan(lines.indexOf('[2/3] 0x10 rootfs'));
  expect(lines).toMatch(/###-{9} 25% 1\/4 KiB 1\.0 MB\/s 1 s all 18%/);
  expect(lines).toMatch(/#{12} 100% 4\/4 KiB 0\.0 MB\/s 2\.0 s/);
  expect(lines.indexOf('100%')).toBeLessThan(lines.indexOf('warning: something'));
  expect(lines).not.toContain('images/');
});

test('the verdict ends an unfinished bar and stands on lines of its own', () => {
  const { out, text } = terminal();
  const bars = progressBars({ stdout: out, stderr: out });
  bars.show(phase);
  bars.show({
    ...frame,
    event: 'result',
    ok: false,
    exitCode: 7,
    code: 'usb/gone',
    message: 'the device left the bus\u001b[2J',
    hint: 'Check the cable',
    seconds: 1,
    bytes: 1024,
    phases: [
      {
        id: '0x10',
        name: 'rootfs',
        file: 'a',
        bytes: 4096,
        imageBytes: 4096,
        bytesDone: 1024,
        complete: false,
        seconds: 0,
      },
    ],
    verified: 'none',
    checked: true,
  });
  expect(text()).toMatch(
    /\n {2}0x10 rootfs: incomplete, 1 KiB of 4 KiB\nFAIL: the device left the bus\?\[2J\. Check the cable\. \[usb\/gone\]\n$/,
  );
});
