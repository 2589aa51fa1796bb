import type { Clock } from '../base/clock.ts';
import { PhaselineError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { SimulatedBoard } from '../simulator/board.ts';
import { simulatedBus } from '../simulator/bus.ts';
import type { Fault } from '../simulator/faults/fault.ts';
import { parseFault } from '../simulator/faults/parse.ts';
import { boardProfile } from '../simulator/profiles.ts';
import { fileStorage } from '../simulator/storage/files.ts';
import { libusbBus } from '../usb/libusb.ts';
import type { UsbBus } from '../usb/port.ts';
import { traceBus } from '../usb/trace/replay.ts';
import { usbipBus } from '../usb/usbip/bus.ts';
import { parseAddress } from './address.ts';
import { powerOn } from './power-on.ts';
import { readTrace } from './read-trace.ts';

/**
 * The bus that `--bus` names. The native module of libusb is loaded only when it is wanted.
 * Errors: usage/arguments for a text that names none, usb/no-bus when it cannot be reached.
 */
export async function openBus(text: string, clock: Clock, log: Log): Promise<UsbBus> {
  if (text === 'libusb') return libusbBus({ clock, log });
  const usbip = /^usbip:\/\/(.+)$/.exec(text);
  if (usbip?.[1]) return usbipBus({ ...parseAddress(usbip[1], '--bus'), clock, log });
  const simulated = /^sim:(.+)$/.exec(text);
  if (simulated?.[1]) return openSimulated(simulated[1], clock, log);
  const trace = /^trace:(.+)$/.exec(text);
  if (trace?.[1]) return readTrace(trace[1], (lines) => traceBus(lines, clock));
  const ways = 'libusb, usbip://HOST:PORT, sim:BOARD and trace:FILE';
  throw new PhaselineError('usage/arguments', `--bus ${text} is none of ${ways}`);
}

/** `BOARD[,storage=DIR][,fault=SPEC]…`: a board of this process, switched off when the bus is closed. */
async function openSimulated(text: string, clock: Clock, log: Log): Promise<UsbBus> {
  const [name = '', ...settings] = text.split(',');
  const profile = boardProfile(name);
  const faults: Fault[] = [];
  let folder: string | undefined;
  for (const setting of settings) {
    const [key, ...rest] = setting.split('=');
    const value = rest.join('=');
    if (key === 'storage' && value !== '') folder = value;
    else if (key === 'fault') faults.push(parseFault(value));
    else
      throw new PhaselineError(
        'usage/arguments',
        `--bus sim:${text}: ${setting} is neither storage=DIR nor fault=SPEC`,
      );
  }
  const storage = folder === undefined ? {} : { storage: fileStorage(profile.storage, profile.chip.otpSize, folder) };
  const board = new SimulatedBoard({ profile, clock, faults, log, ...storage });
  const bus = simulatedBus([board], clock);
  await powerOn([board], clock);
  return {
    ...bus,
    async close() {
      await bus.close();
      board.close();
    },
  };
}
