/** What a program that was run left behind. */
export interface Ran {
  /** Undefined when the program is not there, or did not end in time. */
  readonly exitCode: number | undefined;
  /** The last thing it said. */
  readonly says: string;
}

/** The machine under examination: its files, as seen by this user, and what is done to them. */
export interface System {
  /** As process.platform. */
  readonly platform: string;
  /** Effective user; undefined where users have no numbers. */
  readonly userId: number | undefined;
  /** Our own process. */
  readonly processId: number;
  /** Content of a file; undefined when it is not there or not ours to read. */
  text(path: string): string | undefined;
  /** Names in a folder; none when it is not there or not ours to read. */
  names(folder: string): readonly string[];
  exists(path: string): boolean;
  /** Where a symbolic link points to, as written in it. */
  target(link: string): string | undefined;
  /** Whether this user may read and write a file that is there. */
  mayOpen(path: string): boolean;
  /** Loads the native USB module. Fails with usb/no-bus. */
  loadLibusb(): Promise<void>;
  /** Writes a file so that nobody ever sees half of it. Fails with what the file system says. */
  replaceFile(path: string, text: string): Promise<void>;
  run(program: string, args: readonly string[]): Promise<Ran>;
}
