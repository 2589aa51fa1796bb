import type { ErrorCode } from '../base/error-codes.ts';
import { hexNumber } from '../base/sizes.ts';
import { PHASE, type PhaseReply } from '../stm32/phases.ts';
import type { StageName } from './events.ts';
import { type History, hasWritten, worksFromOurLayout } from './history.ts';

/** What the session loop does next. */
export type Action =
  | { readonly kind: 'send'; readonly id: number }
  /** U-Boot still has the offset of the image before: SetPhase back to 0. */
  | { readonly kind: 'rewind'; readonly id: number }
  /** `header`: whether the STM32 header is mandatory here (TF-A of ST up to v2.4, protocol.md §1.2). */
  | { readonly kind: 'send-layout'; readonly header: boolean }
  | { readonly kind: 'detach'; readonly next: NextStage }
  /** STM32MP15: TF-A takes over the ROM's USB session; nothing detaches. */
  | { readonly kind: 'await-take-over' }
  /** Somebody else's session: provoke the error that makes U-Boot reset the board (FINDINGS trap 5d). */
  | { readonly kind: 'reset'; readonly reason: string }
  | { readonly kind: 'finish' }
  | { readonly kind: 'fail'; readonly code: ErrorCode; readonly message: string };

export type NextStage = 'rom-tfa' | 'tfa-tfa' | 'tfa-uboot' | 'layout';

/** Everything the decision depends on. */
export interface Situation {
  readonly stage: StageName;
  /** U-Boot's first enumeration, or the second one after an error: the FlashLayout alternate is there. */
  readonly takesLayout: boolean;
  /** `silent`: the stage has no phase to tell (ROM code, protocol.md §2.3). */
  readonly reply: PhaseReply | 'silent';
  /** True when the alternates of U-Boot's second enumeration are those that the layout makes. */
  readonly alternatesFit: boolean;
  /** True when the ROM of this family starts the FSBL only after DETACH. */
  readonly romNeedsDetach: boolean;
  readonly history: History;
  /** Phases of the storage that this layout has the board ask for, ascending. */
  readonly storagePhases: readonly number[];
  /** Phases for which there is a file. */
  readonly filePhases: ReadonlySet<number>;
}

/** The one place that knows what a stage's GetPhase answer asks of the host. Pure. */
export function decide(now: Situation): Action {
  const { reply } = now;
  if (reply !== 'silent' && reply.phase === PHASE.ERROR) return afterError(now, reply.text);
  switch (now.stage) {
    case 'rom':
      return decideRom(now);
    case 'tfa':
      return reply === 'silent' ? silent(now) : decideTfa(now, reply);
    case 'uboot':
      if (reply === 'silent') return silent(now);
      return now.takesLayout ? decideLayout(now, reply) : decidePartition(now, reply);
  }
}

function decideRom({ reply, history, filePhases, romNeedsDetach }: Situation): Action {
  if (!history.sent.includes(PHASE.FSBL)) {
    if (filePhases.has(PHASE.FSBL)) return { kind: 'send', id: PHASE.FSBL };
    return fail(
      'board/unexpected-phase',
      `the ROM takes phase ${hexNumber(PHASE.FSBL)}, and the layout has no file for it`,
    );
  }
  const wantsDetach = reply !== 'silent' && reply.phase === PHASE.FLASHLAYOUT && reply.needDetach;
  return wantsDetach || romNeedsDetach ? { kind: 'detach', next: 'rom-tfa' } : { kind: 'await-take-over' };
}

/** Where DRAM begins on STM32MP2, below that of STM32MP1. Up to v2.2 ST's TF-A took the first block into SYSRAM. */
const DRAM_BASE = 0x8000_0000;
/** What the places are multiples of that TF-A loads to: megabytes of DRAM, pages of SYSRAM. protocol.md §6.2. */
const TFA_PLACE_UNIT: Readonly<Record<number, number>> = { [PHASE.SSBL]: 0x10_0000, [PHASE.DDR_FIP]: 0x1000 };

function decideTfa(now: Situation, reply: PhaseReply): Action {
  if (reply.phase === PHASE.FLASHLAYOUT) {
    if (reply.needDetach) return { kind: 'detach', next: afterTfa(now.history) };
    if (!now.history.layoutSentTo.has('tfa')) return { kind: 'send-layout', header: true };
    return unexpected(reply, 'TF-A asks for the FlashLayout again');
  }
  // TF-A's pointer moves with the data and nothing rewinds it (protocol.md §6.2): a partly loaded image stays so.
  const address = reply.address ?? 0;
  const hasPlace = reply.phase === PHASE.DDR_FIP || address >= DRAM_BASE;
  const isPartlyLoaded = hasPlace && address % (TFA_PLACE_UNIT[reply.phase] ?? 1) !== 0;
  if (isPartlyLoaded && !now.history.sent.includes(reply.phase)) {
    return fail(
      'board/foreign-session',
      `TF-A already holds a part of another image (pointer ${hexNumber(address, 8)})`,
    );
  }
  return sendFile(now, reply);
}

/** Who comes next; U-Boot, the slowest, where an earlier job has loaded what TF-A holds. */
function afterTfa({ sent }: History): NextStage {
  return sent.includes(PHASE.DDR_FIP) && !sent.includes(PHASE.SSBL) ? 'tfa-tfa' : 'tfa-uboot';
}

function decideLayout({ history }: Situation, reply: PhaseReply): Action {
  if (reply.phase !== PHASE.FLASHLAYOUT) return unexpected(reply, 'U-Boot asks for it before it has a layout');
  if (history.layoutApplied) {
    return fail('board/layout-refused', 'U-Boot shows the FlashLayout alternate again after the layout was detached');
  }
  if (!history.layoutSentTo.has('uboot')) return { kind: 'send-layout', header: false };
  if (reply.needDetach) return { kind: 'detach', next: 'layout' };
  return fail('board/layout-refused', 'U-Boot took the layout but does not say that it could read it');
}

function decidePartition(now: Situation, reply: PhaseReply): Action {
  const { history, storagePhases } = now;
  const ours = worksFromOurLayout(history);
  if (!now.alternatesFit) {
    const message = 'the alternate settings of U-Boot are not those of this layout';
    return ours ? fail('board/unexpected-phase', message) : { kind: 'reset', reason: message };
  }
  const done = storagePhases.filter((id) => history.sent.includes(id)).length;
  const expected = storagePhases[done] ?? PHASE.END;
  if (reply.phase !== expected) {
    const message = `U-Boot asks for phase ${hexNumber(reply.phase)}, ${hexNumber(expected)} is next`;
    return ours || done > 0 ? fail('board/unexpected-phase', message) : { kind: 'reset', reason: message };
  }
  // With no current partition the offset means nothing, and SetPhase to the end is an error (FINDINGS §3).
  if (expected === PHASE.END) return { kind: 'finish' };
  if (reply.offset === 0) return sendFile(now, reply);
  if (reply.offset === history.offset) return { kind: 'rewind', id: reply.phase };
  const message = `U-Boot would write phase ${hexNumber(reply.phase)} at offset ${reply.offset}`;
  return ours || done > 0 ? fail('board/unexpected-phase', message) : { kind: 'reset', reason: message };
}

function sendFile({ history, filePhases }: Situation, reply: PhaseReply): Action {
  if (history.sent.includes(reply.phase)) return unexpected(reply, 'it was sent already');
  if (!filePhases.has(reply.phase)) return unexpected(reply, 'the layout has no file for it');
  return { kind: 'send', id: reply.phase };
}

/**
 * How U-Boot's parser begins what it says of a text that it cannot read. It says so in the first enumeration,
 * where DETACH ends the session without a reset; what the layout's devices lack it tells in the second one.
 * FINDINGS §4, protocol.md §5.2.
 */
const PARSERS_WORDS = /^Layout line \d+:|^Layout: (?:too many partition|no partition found)/;

/** Phase 0xFF. Only the second enumeration of U-Boot resets at the DETACH that follows (FINDINGS §1). */
function afterError({ stage, history, takesLayout, storagePhases }: Situation, text: string): Action {
  const isEarlier = history.layoutSentTo.size === 0 && !hasWritten(history, storagePhases);
  if (stage === 'uboot' && isEarlier) {
    if (takesLayout && PARSERS_WORDS.test(text)) {
      return fail('board/foreign-session', `U-Boot has refused an earlier layout, and takes no other one: ${text}`);
    }
    return { kind: 'reset', reason: `U-Boot reports an earlier error: ${text}` };
  }
  return fail(stage === 'uboot' && takesLayout ? 'board/layout-refused' : 'board/error', text);
}

function silent({ stage }: Situation): Action {
  return fail('dfu/protocol', `${stage === 'tfa' ? 'TF-A' : 'U-Boot'} does not answer GetPhase`);
}

function unexpected(reply: PhaseReply, why: string): Action {
  return fail('board/unexpected-phase', `the board asks for phase ${hexNumber(reply.phase)}: ${why}`);
}

function fail(code: ErrorCode, message: string): Action {
  return { kind: 'fail', code, message };
}
