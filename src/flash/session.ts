import { isPhaselineError, PhaselineError } from '../base/errors.ts';
import { hexNumber } from '../base/sizes.ts';
import { PHASE, type PhaseReply } from '../stm32/phases.ts';
import { fitsLayout, refuseUnfit } from './alternates-fit.ts';
import { announce } from './arrival.ts';
import { askPhase } from './ask.ts';
import { findBoard } from './boards.ts';
import { type Connection, romNeedsDetach, takesLayout } from './connection.ts';
import { erasingMs } from './deadlines.ts';
import { type Action, decide, type NextStage, type Situation } from './decide.ts';
import { deliverByDfu } from './delivery.ts';
import type { BoardLeft } from './events.ts';
import { followBoard } from './follow.ts';
import { hasWritten, NOTHING_DONE, worksFromOurLayout } from './history.ts';
import type { FlashJob } from './job.ts';
import { boardError, fileError } from './layout-line.ts';
import { detachAfterFailure, resetAfterFailure } from './leave.ts';
import type { Ledger } from './ledger.ts';
import { BoardLink } from './link.ts';
import type { PlannedFile } from './plan.ts';
import type { Proving } from './proving.ts';
import { resetThroughError } from './reset.ts';
import { setOffset } from './start-at.ts';
import { awaitTakeOver } from './take-over.ts';

/** What a job needs beyond its phases: re-enumerations, a layout sent twice, one reset at the start. */
const STEPS_BESIDE_PHASES = 24;

/** Failures after which nobody is there who could be told to reset. */
const LINK_LOST = ['usb/gone', 'usb/timeout', 'usb/io', 'board/lost', 'board/other-device', 'board/restarted'] as const;

/**
 * The loop from plug to phase 0xFE: ask the board what it wants, do that, ask again. Ends when the
 * board's last word was 0xFE and DETACH was given; fails with the PhaselineError of what went wrong,
 * after it has told the board to reset where that is possible (FINDINGS §1).
 */
export class Session {
  readonly #job: FlashJob;
  readonly #ledger: Ledger;
  readonly #proving: Proving;
  /** Of the board as it was found: a later stage may have another one. */
  #serial: string | undefined;
  readonly #link: BoardLink;
  #history = NOTHING_DONE;
  #wasReset = false;
  /** It has left a stage, and nothing is known of the next one. */
  #isBetweenStages = false;
  #left: BoardLeft | undefined;
  #flushPending = false;
  /** All was written, and what came behind failed: nothing is to be reset. */
  #ended = false;

  constructor(job: FlashJob, ledger: Ledger, proving: Proving) {
    this.#job = job;
    this.#ledger = ledger;
    this.#proving = proving;
    this.#link = new BoardLink(job, () => this.#isOurSession);
  }

  /** How the board was left, once it was; undefined when there was none. */
  get left(): BoardLeft | undefined {
    return this.#left;
  }

  get board(): Connection['board'] | undefined {
    return this.#link.board;
  }

  async run(): Promise<void> {
    const { bus, clock, device, waitMs, signal, plan } = this.#job;
    try {
      this.#enter(await findBoard(bus, clock, device, waitMs, signal));
      this.#serial = this.#link.board?.serial;
      const mostSteps = STEPS_BESIDE_PHASES + 3 * plan.files.size;
      for (let step = 0; step < mostSteps; step += 1) {
        signal.throwIfAborted();
        const action = await this.#link.overCuts(() => this.#decide());
        this.#job.log.debug({ action }, 'next step');
        // What it asks for says that what came before is on its medium.
        if (action.kind !== 'fail' && action.kind !== 'reset') this.#proving.proven(this.#history.sent);
        if (!(await this.#perform(action))) continue;
        this.#left = 'finished';
        return;
      }
      throw new PhaselineError('board/unexpected-phase', `the board has not come to an end after ${mostSteps} steps`);
    } catch (error) {
      await this.#leaveBehind(error);
      throw error;
    } finally {
      await this.#link.close();
    }
  }

  /** A new enumeration, or the same one under a new program. */
  #enter(connection: Connection): void {
    const before = this.#link.board?.stage;
    this.#link.connection = connection;
    this.#isBetweenStages = false;
    announce(this.#job.emit, connection, before);
  }

  async #decide(): Promise<Action> {
    const { board } = this.#link.now;
    const { plan } = this.#job;
    const alternatesFit = fitsLayout(board.alternates, plan.alternates);
    refuseUnfit(board, plan, alternatesFit);
    const reply = await this.#askPhase();
    const situation: Situation = {
      stage: board.stage,
      reply,
      takesLayout: takesLayout(board),
      alternatesFit,
      romNeedsDetach: romNeedsDetach(board),
      history: this.#history,
      storagePhases: plan.storagePhases,
      filePhases: new Set(plan.files.keys()),
    };
    return decide(situation);
  }

  async #askPhase(): Promise<PhaseReply | 'silent'> {
    const { board } = this.#link.now;
    const { deadlines } = this.#job;
    // The ROM of STM32MP15 has jumped into the FSBL: nobody is there to be asked until TF-A is.
    if (board.stage === 'rom' && !romNeedsDetach(board) && this.#history.sent.includes(PHASE.FSBL)) return 'silent';
    const timeoutMs = this.#flushPending ? deadlines.manifestMs[board.stage] : deadlines.transferMs[board.stage];
    const reply = await askPhase(this.#link.now, timeoutMs);
    this.#flushPending = false;
    return reply;
  }

  /** True when the job is done. */
  async #perform(action: Action): Promise<boolean> {
    const { plan } = this.#job;
    switch (action.kind) {
      case 'send':
        if (plan.storagePhases.includes(action.id)) this.#proving.begin(this.#serial);
        await this.#sendOrReset(plan.files.get(action.id) ?? fileMissing(action.id));
        return false;
      case 'rewind':
        await this.#link.overCuts(() => setOffset(this.#job, this.#link.now, { phase: action.id, offset: 0 }));
        this.#history = { ...this.#history, offset: 0 };
        return false;
      case 'send-layout':
        this.#proving.begin(this.#serial);
        await this.#sendLayout(action.header);
        return false;
      case 'await-take-over':
        this.#isBetweenStages = true;
        this.#enter(await awaitTakeOver(this.#job, this.#link.now));
        return false;
      case 'detach':
        await this.#detach(action.next);
        return false;
      case 'reset':
        await this.#reset(action.reason);
        return false;
      case 'finish':
        await this.#finish();
        return true;
      case 'fail':
        throw boardError(action, plan, this.#link.now.board.stage);
    }
  }

  /**
   * In a session that this job has joined, the first file may meet what another host's broken download
   * left behind, which no GetPhase tells (FINDINGS trap 5): the board is reset then.
   */
  async #sendOrReset(file: PlannedFile): Promise<void> {
    const joined = this.#link.now.board.stage === 'uboot' && !this.#isOurSession;
    try {
      await this.#send(file);
      const offset = file.extents.at(-1)?.offset ?? 0;
      this.#history = { ...this.#history, sent: [...this.#history.sent, file.id], offset };
    } catch (error) {
      if (!joined || !isPhaselineError(error, 'board/error', 'dfu/status', 'usb/stall')) throw error;
      await this.#reset(error.message);
    }
  }

  async #send(file: PlannedFile): Promise<void> {
    this.#flushPending = true;
    try {
      await deliverByDfu(this.#job, this.#link, file, this.#ledger);
    } catch (error) {
      throw await this.#withBoardsWords(error, file);
    }
  }

  /** A refusal on the wire has no text; TF-A and U-Boot tell it through GetPhase (FINDINGS §3). */
  async #withBoardsWords(error: unknown, file: PlannedFile): Promise<unknown> {
    const { stage } = this.#link.now.board;
    if (stage === 'rom' || !isPhaselineError(error, 'dfu/status', 'usb/stall', 'dfu/protocol')) return error;
    try {
      const reply = await this.#askPhase();
      if (reply === 'silent' || reply.phase !== PHASE.ERROR) return error;
      return fileError(error, reply.text, file);
    } catch (failure) {
      this.#job.log.warn({ failure: String(failure) }, 'the board gave no reason');
      return error;
    }
  }

  async #sendLayout(headerWanted: boolean): Promise<void> {
    const stage = this.#link.now.board.stage === 'tfa' ? 'tfa' : 'uboot';
    const { plan } = this.#job;
    await this.#send(plan.layoutFile(headerWanted || this.#history.layoutSentTo.has('tfa')));
    this.#history = { ...this.#history, layoutSentTo: new Set([...this.#history.layoutSentTo, stage]) };
  }

  async #detach(next: NextStage): Promise<void> {
    const { stage } = this.#link.now.board;
    const { deadlines, plan } = this.#job;
    await this.#link.now.dfu.detach(deadlines.transferMs[stage]);
    this.#isBetweenStages = true;
    this.#job.emit({ event: 'detach', stage });
    if (next === 'layout') this.#history = { ...this.#history, layoutApplied: true };
    const erasing = next === 'layout' ? erasingMs(deadlines, plan.eraseBytes) : 0;
    this.#flushPending = false;
    this.#enter(await followBoard(this.#job, this.#link.now, next, deadlines.comeBackMs[next] + erasing));
  }

  /** The board wants no more: what is still to be done with it, and DETACH, whatever became of that. */
  async #finish(): Promise<void> {
    try {
      await this.#job.atEnd?.(this.#job, this.#link.now);
    } catch (error) {
      this.#ended = true;
      if (!isPhaselineError(error, ...LINK_LOST)) await detachAfterFailure(this.#job, this.#link.now);
      throw error;
    }
    await this.#link.now.dfu.detach(this.#job.deadlines.transferMs.uboot);
    this.#job.emit({ event: 'detach', stage: 'uboot' });
  }

  /** Out of somebody else's session, once: the board resets and the job starts from its ROM. */
  async #reset(reason: string): Promise<void> {
    const { deadlines } = this.#job;
    const foreign = new PhaselineError(
      'board/foreign-session',
      `the board is in a session of another layout: ${reason}`,
    );
    if (this.#wasReset) throw foreign;
    this.#wasReset = true;
    this.#job.emit({ event: 'warning', message: `${reason}; the board is told to reset` });
    if (!(await resetThroughError(this.#link.now, deadlines.transferMs.uboot))) throw foreign;
    this.#job.emit({ event: 'detach', stage: 'uboot' });
    const old = this.#link.now;
    const back = await followBoard(this.#job, old, 'reset');
    this.#link.connection = undefined;
    this.#history = NOTHING_DONE;
    this.#flushPending = false;
    this.#enter(back);
  }

  /** After a failure in U-Boot's second enumeration the board is told to reset; other stages are left as they are. */
  async #leaveBehind(error: unknown): Promise<void> {
    if (!this.board) return;
    this.#left = 'finished';
    if (this.#ended) return;
    this.#left = 'unreachable';
    const romAnswers = isPhaselineError(error) && error.details.romAnswered === true;
    if (isPhaselineError(error, ...LINK_LOST) || (this.#isBetweenStages && !romAnswers)) return;
    this.#left = this.board.stage;
    if (this.#left !== 'uboot' || !this.#isOurSession) return;
    if (await resetAfterFailure(this.#job, this.#link.now)) this.#left = 'reset';
  }

  /** What is in U-Boot now comes from this job. */
  get #isOurSession(): boolean {
    return worksFromOurLayout(this.#history) || hasWritten(this.#history, this.#job.plan.storagePhases);
  }
}

function fileMissing(id: number): never {
  throw new PhaselineError('bug/unexpected', `no file for phase ${hexNumber(id)}`);
}
