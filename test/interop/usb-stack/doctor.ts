import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Examined } from '../../../src/doctor/examine.ts';
import { RULES_PATH, udevRules } from '../../../src/doctor/udev-rules.ts';
import type { RunOptions } from '../../vm/guest.ts';
import { type RunningUdev, startUdev } from '../../vm/udev.ts';
import { makeBoard, phaseline, plugInAll, type UsbBench } from './bench.ts';
import { startClaimer } from './claimer.ts';

/** In no group of the rules; Debian's plugdev has the number 46. */
const SOMEBODY = { uid: 1000 };
const PLUGDEV = { uid: 1000, gid: 46 };
/** Waits until udev has given a device node to plugdev. */
const GIVEN = 'for i in $(seq 100); do find /dev/bus/usb -gid 46 | grep -q . && exit 0; sleep 0.1; done; exit 1';

async function doctor(bench: UsbBench, user: RunOptions = {}) {
  const { exitCode, stdout, stderr } = await phaseline(bench, ['doctor', '--json'], user);
  expect(stdout, stderr).toMatch(/^\{/);
  const { checks } = JSON.parse(stdout) as { readonly checks: readonly Examined[] };
  const failed = checks.filter(({ status }) => status === 'failed').map(({ id }) => id);
  return { exitCode, failed, of: (id: string) => checks.find((check) => check.id === id) };
}

export function doctorSuite(bench: () => UsbBench): void {
  describe('phaseline doctor', () => {
    beforeAll(async () => {
      // The guest has the files of its host, which may be a container; it is none.
      await bench().guest.run(['rm', '-f', '/.dockerenv']);
    });
    const plugIn = () => plugInAll(bench().guest, [makeBoard('stm32mp157c-dk2')]);

    test('finds no fault where root may open a free board', async () => {
      await plugIn();
      const { exitCode, failed, of } = await doctor(bench());
      expect(failed).toEqual([]);
      expect(exitCode).toBe(0);
      expect(of('libusb')).toMatchObject({ status: 'ok' });
      expect(of('board')).toMatchObject({ status: 'ok', message: expect.stringContaining('@Device ID /0x500') });
      expect(of('access')).toMatchObject({ status: 'ok', message: expect.stringContaining('may be opened') });
      expect(of('claimed')).toMatchObject({ status: 'ok', message: '1-1: free' });
      expect(of('speed')).toMatchObject({ status: 'ok', message: '1-1: 480 Mbit/s' });
    });

    test('tells a user who may not open it, and names the rules', async () => {
      await plugIn();
      const { exitCode, stdout } = await phaseline(bench(), ['doctor'], SOMEBODY);
      expect(stdout).toMatch(
        /^FAILED {2}access {11}1-1: no permission for \/dev\/bus\/usb\/\d{3}\/\d{3}\. Run phaseline udev --install/m,
      );
      expect(stdout).toMatch(/^FAILED {2}udevd /m);
      expect(exitCode).toBe(5);
    });

    test('names the program that has claimed it, until that ends', async () => {
      await plugIn();
      const claimer = await startClaimer(bench().guest);
      const busy = await doctor(bench());
      expect(busy.failed).toEqual(['claimed']);
      expect(busy.of('claimed')?.message).toMatch(/^1-1: claimed by \S+ \(process \d+\)$/);
      expect(busy.exitCode).toBe(5);
      claimer.kill('SIGKILL');
      await claimer.result;
      expect((await doctor(bench())).failed).toEqual([]);
    });

    describe('with a udev daemon', () => {
      let udev: RunningUdev | undefined;

      beforeAll(async () => {
        udev = await startUdev(bench().guest, RULES_PATH, '');
      });
      afterAll(() => udev?.stop());

      test('and phaseline udev --install for a group: no fault for somebody of that group, the others are told to join', async () => {
        await plugIn();
        // The board is there already: the rules are applied to it as well.
        const installed = await phaseline(bench(), ['udev', '--install', '--group', 'plugdev'], {
          env: udev?.env ?? {},
        });
        expect(installed, installed.stderr).toMatchObject({ exitCode: 0 });
        const { stdout: written } = await bench().guest.run(['cat', RULES_PATH]);
        expect(written).toBe(udevRules('plugdev'));
        expect((await bench().guest.run(['/bin/sh', '-c', GIVEN])).exitCode).toBe(0);
        const { exitCode, failed, of } = await doctor(bench(), PLUGDEV);
        expect(failed).toEqual([]);
        expect(exitCode).toBe(0);
        expect(of('udev-rules')).toMatchObject({ status: 'ok', message: expect.stringContaining(RULES_PATH) });
        expect(of('access')).toMatchObject({ status: 'ok' });
        const other = await doctor(bench(), SOMEBODY);
        expect(other.failed).toEqual(['access']);
        expect(other.of('access')?.help).toMatch(/^Join the group plugdev/);
      });
    });
  });
}
