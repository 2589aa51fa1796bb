import type { Clock } from '../../base/clock.ts';
import { PhaselineError } from '../../base/errors.ts';
import type { UsbBus } from '../port.ts';
import { parseTrace } from './parse.ts';
import { ReplayedDevice } from './replayed-device.ts';
import { failureOf } from './status.ts';
import { Tape } from './tape.ts';

/**
 * A recorded trace as a bus: each request is answered as the board answered it then, and has to be the
 * one that was recorded (`trace/differs` otherwise, with the line). Waits of 20 ms and more take their
 * time on `clock`. `text` is what recordBus wrote; `trace/format` when it is not.
 */
export function traceBus(text: string, clock: Clock): UsbBus {
  const { head, lines } = parseTrace(text);
  const tape = new Tape(lines);
  const opened = new Set<ReplayedDevice>();
  return {
    name: `trace of ${head.bus}`,
    async list() {
      tape.look();
      return [...tape.present.values()];
    },
    async open(info) {
      const entry = [...tape.present].find(([, { key }]) => key === info.key);
      if (!entry) throw new PhaselineError('usb/gone', `device ${info.port} left the bus`, { port: info.port });
      const [device, present] = entry;
      const { line, number } = tape.call('open', device);
      if (line.status !== 'OK') throw failureOf(line.status, number);
      const replayed = new ReplayedDevice({
        info: present,
        device,
        tape,
        clock,
        onClose: () => opened.delete(replayed),
      });
      opened.add(replayed);
      return replayed;
    },
    async waitForChange(timeoutMs) {
      if (!tape.changes) await clock.sleep(timeoutMs);
    },
    async close() {
      await Promise.all([...opened].map((device) => device.close()));
    },
  };
}
