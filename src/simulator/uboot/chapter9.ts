import { ACK, type ControlReply, type Setup } from '../gadget.ts';
import type { StandardRequests } from '../standard-requests.ts';
import { FUNCTIONAL_DESCRIPTOR } from './descriptors.ts';

const REQUEST = { GET_DESCRIPTOR: 6, GET_CONFIGURATION: 8, SET_CONFIGURATION: 9, GET_INTERFACE: 10, SET_INTERFACE: 11 };
/** The bmRequestType with which the core takes a request; with another one it goes to the function. */
const TAKEN: Readonly<Record<number, number>> = {
  [REQUEST.GET_DESCRIPTOR]: 0x80,
  [REQUEST.GET_CONFIGURATION]: 0x80,
  [REQUEST.SET_CONFIGURATION]: 0x00,
  [REQUEST.GET_INTERFACE]: 0x81,
  [REQUEST.SET_INTERFACE]: 0x01,
};
/** bDescriptorType. USB 2.0 table 9-5; BOS is USB 3. */
const TYPE = { DEVICE: 1, CONFIGURATION: 2, STRING: 3, DEVICE_QUALIFIER: 6, OTHER_SPEED: 7, BOS: 15 } as const;
const COMPOSITE_TYPES: readonly number[] = Object.values(TYPE);
const QUALIFIER = Uint8Array.of(10, TYPE.DEVICE_QUALIFIER, 0x00, 0x02, 0, 0, 0, 64, 1, 0);
/** The only language that the strings are in. */
const ENGLISH_US = 0x0409;
const RECIPIENT_MASK = 0x1f;
const RECIPIENT_INTERFACE = 1;

/** The standard requests as U-Boot's composite core answers them. golden e_wrong_state, protocol.md §6.1. */
export function answerStandardRequest(
  setup: Setup,
  standard: StandardRequests,
  configuration: () => Uint8Array,
): ControlReply {
  const taken = TAKEN[setup.request];
  // The controller itself knows GET_STATUS and the features.
  if (taken === undefined) return standard.answer(setup) ?? 'stall';
  if (setup.requestType !== taken) return answerAsFunction(setup, standard);
  switch (setup.request) {
    case REQUEST.GET_DESCRIPTOR:
      return answerDescriptor(setup, standard, configuration);
    case REQUEST.SET_CONFIGURATION:
      // A configuration that does not exist leaves the device without one.
      if (setup.value > 1) standard.configuration = 0;
      return standard.answer(setup) ?? 'stall';
    case REQUEST.GET_INTERFACE:
    case REQUEST.SET_INTERFACE:
      if (standard.configuration === 0 || setup.index !== 0) return 'stall';
      return standard.answer(setup) ?? 'stall';
    default:
      return standard.answer(setup) ?? 'stall';
  }
}

function answerDescriptor(setup: Setup, standard: StandardRequests, configuration: () => Uint8Array): ControlReply {
  const type = setup.value >> 8;
  const index = setup.value & 0xff;
  if (!COMPOSITE_TYPES.includes(type)) return answerAsFunction(setup, standard);
  if (type === TYPE.DEVICE_QUALIFIER) return QUALIFIER.subarray(0, setup.length);
  if (type === TYPE.OTHER_SPEED && index === 0) return otherSpeed(configuration(), setup.length);
  if (type === TYPE.STRING && index !== 0 && setup.index !== ENGLISH_US) return 'stall';
  return standard.answer(setup) ?? 'stall';
}

/** What the core does not take goes to DFU once it is configured: it knows its own descriptor, and acknowledges the rest. */
function answerAsFunction(setup: Setup, standard: StandardRequests): ControlReply {
  const isOurs = (setup.requestType & RECIPIENT_MASK) <= RECIPIENT_INTERFACE && (setup.index & 0xff) === 0;
  if (standard.configuration === 0 || !isOurs) return 'stall';
  const isDfuDescriptor = setup.request === REQUEST.GET_DESCRIPTOR && setup.value >> 8 === FUNCTIONAL_DESCRIPTOR[1];
  return isDfuDescriptor ? FUNCTIONAL_DESCRIPTOR.subarray(0, setup.length) : ACK;
}

/** The same configuration at full speed. USB 2.0 §9.6.4. */
function otherSpeed(configuration: Uint8Array, length: number): Uint8Array {
  const reply = configuration.slice(0, length);
  if (reply.length > 1) reply[1] = TYPE.OTHER_SPEED;
  return reply;
}
