// The npm package webdfu, which is written for WebUSB in a browser, as a command line:
// webdfu.mjs send ALTERNATE FILE | detach ALTERNATE | read ALTERNATE BYTES; ALTERNATE is a name or a number.
import { readFileSync } from 'node:fs';
import { WebUSB } from 'usb';
import webdfu from 'webdfu';

const { DFU } = webdfu;
const [, , verb, wanted, argument] = process.argv;

const webUsb = new WebUSB({ allowAllDevices: true });
const [device] = (await webUsb.getDevices()).filter(
  ({ vendorId, productId }) => vendorId === 0x0483 && productId === 0xdf11,
);
if (!device) throw new Error('no device in DFU mode');
const settings = DFU.findDeviceDfuInterfaces(device).find(
  ({ name, alternate }) => name === wanted || String(alternate.alternateSetting) === wanted,
);
if (!settings) throw new Error(`no alternate setting ${wanted}`);

const dfu = new DFU.Device(device, settings);
dfu.logDebug = () => undefined;
await dfu.open();
const configuration = DFU.parseConfigurationDescriptor(await dfu.readConfigurationDescriptor(0));
const { wTransferSize } = configuration.descriptors.find(({ bcdDFUVersion }) => bcdDFUVersion !== undefined);
if (verb === 'send') {
  const file = new Uint8Array(readFileSync(argument));
  await dfu.do_download(wTransferSize, file.buffer, true);
} else if (verb === 'detach') {
  await dfu.detach();
} else {
  const blob = await dfu.do_upload(Number(argument));
  process.stdout.write(`read ${Buffer.from(await blob.arrayBuffer()).toString('hex')}\n`);
}
await dfu.close();
