import { ACK, type ControlReply, type Setup } from '../gadget.ts';
import { FUNCTIONAL_DESCRIPTOR } from './descriptors.ts';

const GET_DESCRIPTOR = 6;
const DEVICE_IN = 0x80;
/** bDescriptorType. USB 2.0 table 9-5; BOS is USB 3. */
const TYPE = { DEVICE: 1, CONFIGURATION: 2, STRING: 3, DEVICE_QUALIFIER: 6, OTHER_SPEED: 7, BOS: 15 } as const;
const COMPOSITE_TYPES: readonly number[] = Object.values(TYPE);
const QUALIFIER = Uint8Array.of(10, TYPE.DEVICE_QUALIFIER, 0x00, 0x02, 0, 0, 0, 64, 1, 0);
/** The only language that the strings are in. */
const ENGLISH_US = 0x0409;

/**
 * What U-Boot's composite core answers to a GET_DESCRIPTOR beside what every device does; undefined for
 * all other requests. golden e_wrong_state.
 */
export function answerDescriptorRequest(setup: Setup, configuration: () => Uint8Array): ControlReply | undefined {
  if (setup.request !== GET_DESCRIPTOR || (setup.requestType & 0x60) !== 0) return undefined;
  const type = setup.value >> 8;
  const index = setup.value & 0xff;
  // What the core does not understand is left to DFU, which acknowledges anything.
  if (setup.requestType !== DEVICE_IN || !COMPOSITE_TYPES.includes(type)) {
    if ((setup.index & 0xff) !== 0) return 'stall';
    return type === FUNCTIONAL_DESCRIPTOR[1] ? FUNCTIONAL_DESCRIPTOR.subarray(0, setup.length) : ACK;
  }
  if (type === TYPE.DEVICE_QUALIFIER) return QUALIFIER.subarray(0, setup.length);
  if (type === TYPE.OTHER_SPEED && index === 0) return otherSpeed(configuration(), setup.length);
  return type === TYPE.STRING && index !== 0 && setup.index !== ENGLISH_US ? 'stall' : undefined;
}

/** The same configuration at full speed. USB 2.0 §9.6.4. */
function otherSpeed(configuration: Uint8Array, length: number): Uint8Array {
  const reply = configuration.slice(0, length);
  if (reply.length > 1) reply[1] = TYPE.OTHER_SPEED;
  return reply;
}
