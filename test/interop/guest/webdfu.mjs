// The npm package webdfu, which is written for WebUSB in a browser, as a command line; one after the other:
// webdfu.mjs (send ALTERNATE FILE | detach ALTERNATE | read ALTERNATE)…; ALTERNATE is a name or a number.
import { readFileSync } from 'node:fs';
import { WebUSB } from 'usb';
import webdfu from 'webdfu';

const { DFU } = webdfu;
const webUsb = new WebUSB({ allowAllDevices: true });
const [device] = (await webUsb.getDevices()).filter(
  ({ vendorId, productId }) => vendorId === 0x0483 && productId === 0xdf11,
);
if (!device) throw new Error('no device in DFU mode');

/** Opens an alternate setting, does something there, and closes it. */
async function at(wanted, act) {
  const settings = DFU.findDeviceDfuInterfaces(device).find(
    ({ name, alternate }) => name === wanted || String(alternate.alternateSetting) === wanted,
  );
  if (!settings) throw new Error(`no alternate setting ${wanted}`);
  const dfu = new DFU.Device(device, settings);
  dfu.logDebug = () => undefined;
  await dfu.open();
  const configuration = DFU.parseConfigurationDescriptor(await dfu.readConfigurationDescriptor(0));
  const { wTransferSize } = configuration.descriptors.find(({ bcdDFUVersion }) => bcdDFUVersion !== undefined);
  await act(dfu, wTransferSize);
  await dfu.close();
}

const words = process.argv.slice(2);
for (let verb = words.shift(); verb !== undefined; verb = words.shift()) {
  const alternate = words.shift();
  if (verb === 'send') {
    const file = new Uint8Array(readFileSync(words.shift()));
    await at(alternate, (dfu, blockBytes) => dfu.do_download(blockBytes, file.buffer, true));
  } else if (verb === 'detach') {
    await at(alternate, (dfu) => dfu.detach());
  } else {
    await at(alternate, async (dfu) => {
      const blob = await dfu.do_upload(512);
      process.stdout.write(`read ${Buffer.from(await blob.arrayBuffer()).toString('hex')}\n`);
    });
  }
}
