import { collectDevices, openDevice } from './devices.ts';
import { eraseRows } from './erase.ts';
import { writePartitionTables } from './gpt-command.ts';
import { fail, nextPhase, type Session } from './session.ts';

/**
 * What stands between the layout and its first phase: open the devices, erase, write partition tables.
 * After a failure the layout counts as never received, and phase 0xFF says why. protocol.md §5.3.
 */
export function prepareDevices(session: Session): void {
  if (session.rows.length === 0) return;
  if (prepare(session)) nextPhase(session);
  else session.rows = [];
}

function prepare(session: Session): boolean {
  const error = collectDevices(session) ?? firstError(session);
  if (error !== undefined) {
    fail(session, error);
    return false;
  }
  return eraseRows(session, 'raw') && writePartitionTables(session) && eraseRows(session, 'partitions');
}

function firstError(session: Session): string | undefined {
  for (const device of session.devices) {
    const error = openDevice(session, device);
    if (error !== undefined) return error;
  }
  return undefined;
}
