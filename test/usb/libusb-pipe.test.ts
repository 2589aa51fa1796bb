import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPhaselineError } from '../../src/base/errors.ts';
import { silentLog } from '../../src/base/log.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { libusbBusWith } from '../../src/usb/libusb.ts';
import { FakeUsb } from './libusb-fake.ts';

/** What libusb may take to give a cancelled transfer back before it is given up. */
const CANCEL_MS = 1_000;
/** What the bus may take to notice that a device has left. */
const NOTICE_MS = 550;
const STALL = 4;
const NO_MEMORY = -11;

interface Plan {
  readonly startMs: number;
  readonly timeoutMs: number;
  /** What the device makes of it, once those before are done. */
  readonly ending: 'answer' | 'stall' | 'never';
  readonly serviceMs: number;
  readonly refused: boolean;
}

interface Settled {
  readonly index: number;
  readonly atMs: number;
  /** The index that came back with the answer, or the error's code. */
  readonly outcome: number | string;
}

const plan: fc.Arbitrary<Plan> = fc.record({
  startMs: fc.constantFrom(0, 0, 0, 10, 500),
  timeoutMs: fc.constantFrom(1, 20, 40, 300, 1_500),
  ending: fc.constantFrom('answer', 'answer', 'answer', 'stall', 'never'),
  // Some end at the very moment of a deadline, some between a deadline and the end of all patience.
  serviceMs: fc.constantFrom(0, 1, 20, 40, 900),
  refused: fc.constantFrom(false, false, false, true),
});
const atMs = fc.option(fc.constantFrom(0, 15, 40, 1_200), { nil: Number.POSITIVE_INFINITY });

async function play(plans: readonly Plan[], wedged: boolean, closeAtMs: number, unplugAtMs: number) {
  const clock = new VirtualClock();
  const usb = new FakeUsb();
  const bus = libusbBusWith(usb, { clock, log: silentLog });
  const native = usb.plug({
    handler: async (transfer) => {
      const { ending, serviceMs } = plans[transfer.readUInt16LE(2)] as Plan;
      await clock.sleep(serviceMs);
      if (ending === 'never') return 'never';
      return ending === 'stall' ? { errno: STALL } : { data: Uint8Array.of(transfer.readUInt16LE(2)) };
    },
  });
  native.ignoresCancel = wedged;
  const device = await bus.open((await bus.list())[0]!);
  const settled: Settled[] = [];
  const run = async ({ startMs, timeoutMs, refused }: Plan, index: number) => {
    await clock.sleep(startMs);
    native.failures = refused ? { submit: NO_MEMORY } : {};
    const setup = { requestType: 0xa1, request: 3, value: index, index: 0 };
    const outcome = await device.controlIn(setup, 1, timeoutMs).then(
      ([value]) => value as number,
      (error: unknown) => (isPhaselineError(error) ? error.code : String(error)),
    );
    settled.push({ index, atMs: clock.now(), outcome });
  };
  const at = async (ms: number, act: () => unknown) => {
    if (ms === Number.POSITIVE_INFINITY) return;
    await clock.sleep(ms);
    await act();
  };
  await Promise.all([...plans.map(run), at(closeAtMs, () => device.close()), at(unplugAtMs, () => usb.unplug(native))]);
  await device.close();
  return { settled, native, clock };
}

test('whatever happens to transfers, each ends in time with its own answer, and the rest in their order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(plan, { minLength: 1, maxLength: 12 }),
      fc.boolean(),
      atMs,
      atMs,
      async (plans, ...rest) => {
        const { settled, native } = await play(plans, ...rest);
        expect(settled).toHaveLength(plans.length);
        for (const { index, outcome, atMs: end } of settled) {
          const { startMs, timeoutMs } = plans[index] as Plan;
          if (typeof outcome === 'number') expect(outcome).toBe(index);
          else expect(['usb/stall', 'usb/timeout', 'usb/gone', 'usb/io']).toContain(outcome);
          // An I/O error waits to see whether the device is leaving.
          const noticeMs = outcome === 'usb/io' || outcome === 'usb/gone' ? NOTICE_MS : 0;
          expect(end).toBeLessThanOrEqual(startMs + timeoutMs + CANCEL_MS + noticeMs);
        }
        const answered = settled.filter(({ outcome }) => typeof outcome === 'number').map(({ index }) => index);
        const inOrder = [...answered].sort((a, b) => plans[a]!.startMs - plans[b]!.startMs || a - b);
        expect(answered).toEqual(inOrder);
        expect(native.isOpen).toBe(native.inFlight > 0);
      },
    ),
    { numRuns: 300 },
  );
});

test('one that failed at once and one that is given up may end in the same moment; those behind are not lost', async () => {
  const usual = { startMs: 0, serviceMs: 0, refused: false } as const;
  const plans: readonly Plan[] = [
    { ...usual, ending: 'never', timeoutMs: 1 },
    { ...usual, ending: 'answer', timeoutMs: 1 + CANCEL_MS, refused: true },
    { ...usual, ending: 'never', timeoutMs: 5_000 },
  ];
  const { settled } = await play(plans, true, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  expect(settled.map(({ index, outcome }) => [index, outcome])).toEqual([
    [0, 'usb/timeout'],
    [1, 'usb/io'],
    [2, 'usb/timeout'],
  ]);
});
