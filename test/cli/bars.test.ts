import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { Out } from '../../src/cli/io.ts';
import { progressBars } from '../../src/cli/render/bars.ts';

/** A terminal, and all that was written to it. */
function terminal(columns = 100) {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns });
  const chunks: string[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  const out: Out = { stream, isTTY: true, columns, write: (text) => void stream.write(text) };
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
  expect(lines).toMatch(/\[2\/3\] 0x10 rootfs ###-{7} 25% 1\.0\/4 KiB 1\.0 MB\/s 1 s all 18%/);
  expect(lines).toMatch(/#{10} 100% 4\/4 KiB 0\.0 MB\/s 2\.0 s/);
  expect(lines.indexOf('100%')).toBeLessThan(lines.indexOf('warning: something'));
  expect(lines).not.toContain('images/');
});

test('a wide terminal shows the file, and the time left for all', async () => {
  const { out, text } = terminal(130);
  const bars = progressBars({ stdout: out, stderr: out });
  bars.show(phase);
  bars.show({ ...frame, event: 'progress', id: '0x10', bytesDone: 1024, bytesTotal: 4096, bytesPerSecond: 100 });
  await new Promise((resolve) => setTimeout(resolve, 150)); // the bar draws at its own pace
  bars.close();
  expect(text()).toMatch(/rootfs \(a-rather-long-name\.ext4\) ######-{18} 25% .* 0\.0 MB\/s 31 s all 18% 3 min/);
});

test('what is read back and what is saved has a bar as well', () => {
  const { out, text } = terminal(130);
  const bars = progressBars({ stdout: out, stderr: out });
  const place = { id: '0x10', name: 'rootfs', file: 'a.img', bytes: 4096, index: 1, count: 2 };
  const start = { ...frame, ...place, step: 'reading', seconds: 2, jobBytes: 8192, jobBytesBefore: 0 } as const;
  bars.show({ ...start, event: 'verify' });
  bars.show({ ...frame, ...place, event: 'verify', step: 'equal', seconds: 1, sha256: '' });
  bars.show({ ...start, event: 'read' });
  bars.show({ ...frame, ...place, bytes: 3000, event: 'read', step: 'saved', seconds: 1, sha256: '' });
  expect(text()).toMatch(/verify \[1\/2\] 0x10 rootfs \(a\.img\) #{24} 100% 4\/4 KiB/);
  expect(text()).toMatch(/read \[1\/2\] 0x10 rootfs \(a\.img\) #{24} 100% 2\.93\/2\.93 KiB/);
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
    attempts: [],
    checked: true,
  });
  expect(text()).toMatch(
    /\n {2}0x10 rootfs: incomplete, 1 KiB of 4 KiB\nFAIL: the device left the bus\?\[2J\. Check the cable\. \[usb\/gone\]\n$/,
  );
});
