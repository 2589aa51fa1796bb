/**
 * Expands a stream. The pieces it gives are in memory of their own. It ends by itself only after the format's own
 * checks; leaving it early, or aborting `signal`, gives everything back that it holds.
 * Errors: files/format when the data is damaged or ends early, and what reading `packed` gives.
 */
export type Unpack = (
  packed: AsyncIterable<Uint8Array>,
  options: { readonly path: string; readonly signal: AbortSignal },
) => AsyncGenerator<Uint8Array, void>;
