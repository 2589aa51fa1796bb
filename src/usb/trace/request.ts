import type { ControlSetup } from '../port.ts';
import type { SetupFields } from './lines.ts';

/** Bit 7 of bmRequestType and of an endpoint address: to the host. USB 2.0 §9.3.1. */
export const DIRECTION_IN = 0x80;

/** SET_INTERFACE to interface 0; wValue is the alternate setting. USB 2.0 §9.4.10. */
export const SET_INTERFACE: ControlSetup = { requestType: 0x01, request: 11, value: 0, index: 0 };

export function setupFields({ requestType, request, value, index }: ControlSetup, length: number): SetupFields {
  return [requestType, request, value, index, length];
}
