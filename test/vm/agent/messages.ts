/** One JSON object a line, both ways. `id` names the work that a message belongs to; the host chooses it. */
export type HostMessage =
  | {
      readonly id: number;
      readonly do: 'run';
      readonly command: readonly [string, ...string[]];
      readonly cwd: string;
      readonly env: Readonly<Record<string, string>>;
      /** 0 = root. */
      readonly uid: number;
      readonly gid: number;
    }
  | { readonly id: number; readonly do: 'signal'; readonly signal: NodeJS.Signals }
  /** Takes a device from a USB/IP server and gives it to the kernel, as what is plugged into port 1-(port + 1). */
  | {
      readonly id: number;
      readonly do: 'attach';
      readonly host: string;
      readonly serverPort: number;
      readonly busId: string;
      readonly port: number;
    };

export type GuestMessage =
  | { readonly id: number; readonly say: 'output'; readonly stream: 'stdout' | 'stderr'; readonly base64: string }
  | { readonly id: number; readonly say: 'exit'; readonly code: number | null; readonly signal: string | null }
  | { readonly id: number; readonly say: 'attached' }
  | { readonly id: number; readonly say: 'failed'; readonly reason: string };

/** Cuts a stream of text into the messages of its lines. */
export function messageReader<Message>(onMessage: (message: Message) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onMessage(JSON.parse(line) as Message);
  };
}
