import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { recoverToIdle } from '../../src/dfu/recover.ts';
import { dfuOn } from './dfu-on.ts';
import { type Exchange, WireScript } from './wire-script.ts';

const STATUS = 'a1 03 0000 0000 0600';
const ABORT: Exchange = ['21 06 0000 0000 0000', 'ack'];
const CLRSTATUS: Exchange = ['21 04 0000 0000 0000', 'ack'];
const answers = (...states: readonly string[]) => states.map((state): Exchange => [STATUS, `00000000${state}00`]);

describe('going back to dfuIDLE', () => {
  const cases: readonly [string, readonly Exchange[]][] = [
    ['asks once when the board is idle: a CLRSTATUS there would be an error', answers('02')],
    ['sends CLRSTATUS in dfuERROR', [...answers('0a'), CLRSTATUS, ...answers('02')]],
    ['sends ABORT in dfuDNLOAD-IDLE', [...answers('05'), ABORT, ...answers('02')]],
    ['sends ABORT in dfuUPLOAD-IDLE', [...answers('09'), ABORT, ...answers('02')]],
    ['lets an unfinished block become idle first', [...answers('03', '05'), ABORT, ...answers('02')]],
    ['waits for a manifest', answers('06', '07', '07', '02')],
  ];

  test.each(cases)('%s', async (_, exchanges) => {
    const device = new WireScript(...exchanges);
    await recoverToIdle(dfuOn(device), 1000);
    expect(device.left).toEqual([]);
  });

  test.each([
    ['run-time mode', '00'],
    ['a state that only a reset ends', '08'],
    ['a state that does not exist', '0b'],
  ])('fails in %s', async (_, state) => {
    await expect(recoverToIdle(dfuOn(new WireScript(...answers(state))), 1000)).rejects.toMatchObject({
      code: 'dfu/protocol',
    });
  });

  test('ends at its deadline when the board stays busy', async () => {
    const clock = new VirtualClock();
    const device = new WireScript(...answers(...Array.from({ length: 200 }, () => '04')));
    await expect(recoverToIdle(dfuOn(device, 4096, clock), 1000)).rejects.toMatchObject({ code: 'usb/timeout' });
    expect(clock.now()).toBe(1000);
  });

  test('ends when CLRSTATUS never helps', async () => {
    const stuck = Array.from({ length: 2000 }, () => [...answers('0a'), CLRSTATUS]).flat();
    await expect(recoverToIdle(dfuOn(new WireScript(...stuck)), 1000)).rejects.toMatchObject({ code: 'usb/timeout' });
  });
});
