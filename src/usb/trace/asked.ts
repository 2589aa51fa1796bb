import { cutData, isSameData, type TraceData } from './data.ts';
import type { TraceLine, TransferLine } from './lines.ts';

/** A request as the host makes it, in the fields that a trace compares. */
export type Asked = Pick<TransferLine, 'device' | 'setup' | 'bulk'> & { readonly data: Uint8Array };

/** Whether that line is of the request that the host makes. */
export function isAsked(line: TransferLine, asked: Asked): boolean {
  const same = (a: readonly number[] = [], b: readonly number[] = []) =>
    a.length === b.length && a.every((value, index) => value === b[index]);
  if (line.device !== asked.device || !same(line.setup, asked.setup) || !same(line.bulk, asked.bulk)) return false;
  return line.out ? isSameData(line.out, asked.data) : asked.data.length === 0;
}

/** A request in the words of a trace. */
export function askedText({ device, setup, bulk, data }: Asked): string {
  return requestText(
    { device, ...(setup && { setup }), ...(bulk && { bulk }) },
    data.length > 0 ? cutData(data) : undefined,
  );
}

/** What a line has, in the same words. */
export function lineText(line: TraceLine): string {
  if (!('event' in line)) return requestText(line, line.out);
  return line.event === 'list' ? 'a look at the bus' : `${line.event} of device ${line.device}`;
}

function requestText({ device, setup, bulk }: Omit<Asked, 'data'>, out: TraceData | undefined): string {
  const request = setup ? `setup ${JSON.stringify(setup)}` : `bulk ${JSON.stringify(bulk)}`;
  const data = out === undefined ? '' : ` with ${'hex' in out ? out.hex : `sha256 ${out.sha256.slice(0, 16)}…`}`;
  return `${request}${data} to device ${device}`;
}
