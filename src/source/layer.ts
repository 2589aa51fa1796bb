/**
 * One step between a file on the disk and the bytes that are sent: the file itself, what it expands to, a member of
 * an archive. Like `Bytes`, but where only reading to the end tells how many there are, `size` is missing until then.
 */
export interface Layer {
  readonly size: number | undefined;
  /** True when a range anywhere costs the same; else reading forward is cheap and going back starts anew. */
  readonly random: boolean;
  /** The caller's own bytes; shorter only at the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** As `Bytes.stream`: to the end unless a length is given. */
  stream(offset?: number, length?: number): AsyncIterable<Uint8Array>;
  /** Ends what is under way and gives everything below back. Closing twice is allowed. */
  close(): Promise<void>;
}
