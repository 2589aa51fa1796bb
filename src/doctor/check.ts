import type { Device } from './devices.ts';
import type { System } from './system.ts';

/** `note` is worth knowing and no fault; `skipped` could not be looked at. */
export type Status = 'ok' | 'note' | 'failed' | 'skipped';

export interface Finding {
  readonly status: Status;
  /** What is so. */
  readonly message: string;
  /** What to do about it. */
  readonly help?: string;
}

/** What a check looks at. */
export interface Scene {
  readonly system: System;
  /** The boards that are plugged in, microcontrollers left out. */
  readonly boards: readonly Device[];
}

export interface Check {
  readonly id: string;
  /** Skipped where that is not there. */
  readonly needs: 'nothing' | 'linux' | 'board';
  readonly look: (scene: Scene) => Finding | Promise<Finding>;
}

/** The worst of what was found on several boards, in one line. */
export function together(findings: readonly Finding[]): Finding {
  const status = (['failed', 'note'] as const).find((worse) => findings.some((one) => one.status === worse)) ?? 'ok';
  const said = findings.filter((one) => one.status === status);
  const help = said.find((one) => one.help !== undefined)?.help;
  return { status, message: said.map(({ message }) => message).join('; '), ...(help !== undefined && { help }) };
}
