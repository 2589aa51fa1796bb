import { open } from 'node:fs/promises';

/** The new name is on the disk only with its folder; systems that cannot open a folder have no such call. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
