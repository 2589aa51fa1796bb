import { formatSize, hexNumber } from '../../base/sizes.ts';
import type { TraceLine } from '../../usb/trace/lines.ts';
import type { Trace } from '../../usb/trace/parse.ts';
import { blockRun } from './block-runs.ts';
import { DeviceView } from './devices.ts';
import { failureText, transferText } from './transfer-text.ts';

/** One thing that happened: a transfer, a run of blocks, a device that came or went. */
export interface Happening {
  /** Its first line in the trace. */
  readonly line: number;
  readonly device: number | undefined;
  /** Since the start of the trace. */
  readonly atMs: number;
  readonly tookMs: number;
  readonly text: string;
  readonly failed: boolean;
  /** How often it happened in a row. */
  readonly times: number;
}

/** A trace as what happened, in order; blocks are summed up, and what happened again is counted. */
export function storyOf({ lines }: Trace): readonly Happening[] {
  const views = new Map<number, DeviceView>();
  const story: Happening[] = [];
  for (let at = 0; at < lines.length; ) {
    const { number, line } = lines[at] as (typeof lines)[number];
    const run = blockRun(lines, at);
    const end = run?.end ?? at + 1;
    const atMs = startOf(line);
    const tookMs = endOf((lines[end - 1] as (typeof lines)[number]).line) - atMs;
    if (run) {
      const last = (run.firstBlock + run.blocks - 1) & 0xffff;
      const text = `${run.request} blocks ${run.firstBlock} to ${last}: ${run.blocks} blocks, ${formatSize(run.bytes)}`;
      story.push({ line: number, device: deviceOf(line), atMs, tookMs, text, failed: false, times: 1 });
    } else {
      add(story, { line: number, device: deviceOf(line), atMs, tookMs, ...textOf(line, views), times: 1 });
    }
    at = end;
  }
  return story;
}

function add(story: Happening[], next: Happening): void {
  const last = story.at(-1);
  if (last?.text !== next.text || last.device !== next.device) {
    story.push(next);
    return;
  }
  story[story.length - 1] = { ...last, tookMs: next.atMs + next.tookMs - last.atMs, times: last.times + 1 };
}

function textOf(line: TraceLine, views: Map<number, DeviceView>): { readonly text: string; readonly failed: boolean } {
  if (!('event' in line)) {
    const view = views.get(line.device) ?? new DeviceView();
    views.set(line.device, view);
    const text = transferText(line, view);
    view.learn(line);
    return text;
  }
  switch (line.event) {
    case 'attach': {
      const ids = [line.vendorId, line.productId].map((id) => id.toString(16).padStart(4, '0')).join(':');
      const text = `attached at port ${line.port}, ${ids}, version ${hexNumber(line.deviceVersion, 4)}, ${line.speed} speed`;
      return { text, failed: false };
    }
    case 'gone':
      return { text: `gone from port ${line.port}`, failed: false };
    case 'list':
      return {
        text: `the bus cannot be listed: ${line.status === 'OK' ? 'OK' : failureText(line.status)}`,
        failed: true,
      };
    case 'open':
    case 'reset': {
      const what = line.event === 'open' ? 'opened' : 'port reset';
      return line.status === 'OK'
        ? { text: what, failed: false }
        : { text: `${line.event}: ${failureText(line.status)}`, failed: true };
    }
  }
}

function deviceOf(line: TraceLine): number | undefined {
  return 'device' in line ? line.device : undefined;
}

function startOf(line: TraceLine): number {
  return 'event' in line ? line.atMs : line.startMs;
}

function endOf(line: TraceLine): number {
  return 'event' in line ? line.atMs : line.endMs;
}
