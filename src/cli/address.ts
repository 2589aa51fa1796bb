import { PhaselineError } from '../base/errors.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Reads `HOST:PORT` or `[v6]:PORT`; usage/arguments with the flag's name when it is neither. */
export function parseAddress(text: string, flag: string): Address {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/i.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port > 0xffff) {
    throw new PhaselineError('usage/arguments', `${flag} ${text} is not HOST:PORT`);
  }
  return { host, port };
}

export function isLoopback({ host }: Address): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

export function addressText({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
