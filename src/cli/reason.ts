/** What the operating system said, in one word (`ENOSPC`) where it has one. */
export function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.message : String(error));
}
