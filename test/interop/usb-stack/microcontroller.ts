import { realClock } from '../../../src/base/clock.ts';
import { encodeFunctionalDescriptor } from '../../../src/dfu/functional-descriptor.ts';
import type { BusSocket } from '../../../src/simulator/bus-addresses.ts';
import { encodeConfiguration, encodeInterface } from '../../../src/simulator/configuration-descriptor.ts';
import { encodeDeviceDescriptor } from '../../../src/simulator/device-descriptor.ts';
import type { ControlReply, Gadget, Setup } from '../../../src/simulator/gadget.ts';
import { StandardRequests } from '../../../src/simulator/standard-requests.ts';
import { UsbConnector } from '../../../src/simulator/usb-connector.ts';

/** Interface strings of an STM32F4's boot loader (ST AN2606, AN3156: DfuSe names its memories so). */
const MEMORIES = [
  '@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg',
  '@Option Bytes  /0x1FFFC000/01*016 e',
  '@OTP Memory /0x1FFF7800/01*512 e,01*016 e',
];
const STRINGS = ['STMicroelectronics', 'STM32  BOOTLOADER', '3573365D3233', ...MEMORIES];
const FIRST_MEMORY_STRING = 4;
/** DfuSe calls itself version 1.1a. */
const DFUSE = { attributes: 0x0b, detachTimeoutMs: 255, transferSize: 2048, version: 0x011a };

/** The DFU boot loader of an STM32 microcontroller: same VID and PID as a board's, and none of ours. */
class MicrocontrollerGadget implements Gadget {
  readonly #requests: Setup[];
  readonly #deviceVersion: number;
  readonly #standard = new StandardRequests(
    {
      device: () => this.deviceDescriptor(),
      configuration: () => this.configurationDescriptor(),
      string: (index) => STRINGS[index - 1],
    },
    () => undefined,
  );

  constructor(deviceVersion: number, requests: Setup[]) {
    this.#deviceVersion = deviceVersion;
    this.#requests = requests;
  }

  deviceDescriptor(): Uint8Array {
    const noClass = { deviceClass: 0, deviceSubClass: 0, deviceProtocol: 0 };
    return encodeDeviceDescriptor({
      vendorId: 0x0483,
      productId: 0xdf11,
      deviceVersion: this.#deviceVersion,
      ...noClass,
    });
  }

  configurationDescriptor(): Uint8Array {
    const dfuMode = { interfaceClass: 0xfe, interfaceSubClass: 1, interfaceProtocol: 2 };
    const interfaces = MEMORIES.map((_, alternate) =>
      encodeInterface({ number: 0, alternate, endpoints: 0, ...dfuMode, stringIndex: FIRST_MEMORY_STRING + alternate }),
    );
    const head = { interfaces: 1, stringIndex: 0, attributes: 0xc0, maxPower: 50 };
    return encodeConfiguration(head, [...interfaces, encodeFunctionalDescriptor(DFUSE)]);
  }

  control(setup: Setup): ControlReply {
    this.#requests.push(setup);
    return this.#standard.answer(setup) ?? 'stall';
  }
}

/** A microcontroller in its socket, and every request that it was ever sent. `deviceVersion` is its bcdDevice: most say 22.00. */
export function microcontroller(
  port: string,
  deviceVersion = 0x2200,
): BusSocket & { readonly requests: readonly Setup[] } {
  const connector = new UsbConnector(realClock);
  const requests: Setup[] = [];
  connector.attach(new MicrocontrollerGadget(deviceVersion, requests));
  return { port, connector, requests };
}
