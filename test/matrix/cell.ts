import type { ErrorCode } from '../../src/base/error-codes.ts';
import type { FramedEvent } from '../../src/flash/events.ts';
import type { BoardStage } from '../../src/simulator/board.ts';
import type { UsbBus } from '../../src/usb/port.ts';
import { flash } from '../flash/harness.ts';
import { fileBench } from './bench.ts';
import type { MatrixFault } from './faults.ts';
import { firstDifference } from './landed.ts';
import { WINDOW } from './moments.ts';
import type { Way } from './ways.ts';

/** What became of one job under one fault, as somebody outside of phaseline sees it. */
export interface Outcome {
  readonly ok: boolean;
  readonly exitCode: number;
  readonly code: ErrorCode | 'ok';
  readonly message: string;
  readonly hint: string;
  /** Virtual time. */
  readonly seconds: number;
  /** Where the files of the storage are not what they should be. */
  readonly difference: string | undefined;
  /** What the board does half a minute later, and whether a host can see it. */
  readonly left: BoardStage;
  readonly visible: boolean;
  /** Devices that were opened and not closed. */
  readonly openDevices: number;
  readonly results: number;
}

/** Flashes the way once, with the fault. */
export async function runCell(way: Way, fault: MatrixFault): Promise<Outcome> {
  const settings = { ...way.settings, ...fault.settings };
  const bench = fileBench({ ...way, settings }, fault.settings ? [] : [fault.text]);
  const events: FramedEvent[] = [];
  const counted = countOpen(bench.bus);
  try {
    const { result } = await flash(
      { ...bench, bus: counted.bus },
      {
        ...way,
        window: WINDOW,
        show: (event) => events.push(event),
        verify: fault.readback ? 'readback' : 'none',
      },
    );
    const { ok, exitCode, code, message, hint, seconds } = result;
    return {
      ok,
      exitCode,
      code,
      message,
      hint,
      seconds,
      difference: firstDifference(bench.folder, way.landings, way.images),
      left: bench.board.stage,
      visible: bench.board.connector.visible !== undefined,
      openDevices: counted.open(),
      results: events.filter(({ event }) => event === 'result').length,
    };
  } finally {
    bench.clear();
  }
}

/** The same bus, and how many of its devices are open. */
function countOpen(bus: UsbBus): { readonly bus: UsbBus; open(): number } {
  const open = new Set<object>();
  return {
    open: () => open.size,
    bus: {
      name: bus.name,
      list: () => bus.list(),
      waitForChange: (timeoutMs) => bus.waitForChange(timeoutMs),
      close: () => bus.close(),
      async open(info) {
        const device = await bus.open(info);
        open.add(device);
        const close = device.close.bind(device);
        device.close = () => {
          open.delete(device);
          return close();
        };
        return device;
      },
    },
  };
}
