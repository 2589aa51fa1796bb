import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { bootGuest } from '../vm/guest.ts';
import { missingTools } from './tools.ts';
import { makeImages, pullAll, type UsbBench } from './usb-stack/bench.ts';
import { dfuUtilSuite } from './usb-stack/dfu-util.ts';
import { doctorSuite } from './usb-stack/doctor.ts';
import { faultSuite } from './usb-stack/faults.ts';
import { flashSuite } from './usb-stack/flash.ts';
import { hotplugSuite } from './usb-stack/hotplug.ts';
import { inGuestSuite } from './usb-stack/in-guest.ts';
import { neighbourSuite } from './usb-stack/neighbours.ts';
import { traceSuite } from './usb-stack/trace.ts';
import { webdfuSuite } from './usb-stack/webdfu.ts';

const missing = missingTools([
  'apt-get',
  'dpkg-deb',
  'qemu-system-x86_64',
  'busybox',
  'cpio',
  'xz',
  'dfu-util',
  'lsusb',
]);
if (missing) process.stderr.write(`interop: ${missing}\n`);

describe.skipIf(missing)('a real Linux USB stack', () => {
  let bench: UsbBench | undefined;
  let images: ReturnType<typeof makeImages> | undefined;

  beforeAll(async () => {
    images = makeImages();
    bench = { guest: await bootGuest(), folder: images.folder };
  });
  afterEach(pullAll);
  afterAll(async () => {
    await bench?.guest.close();
    images?.remove();
  });

  const ready = () => {
    if (!bench) throw new Error('the guest is not there');
    return bench;
  };
  inGuestSuite(ready);
  flashSuite(ready);
  faultSuite(ready);
  traceSuite(ready);
  neighbourSuite(ready);
  dfuUtilSuite(ready);
  webdfuSuite(ready);
  doctorSuite(ready);
  hotplugSuite(ready); // last, as the end of doctorSuite: they start a udev daemon
});
