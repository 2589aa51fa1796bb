import type {
  BoardEvent,
  BoardLeft,
  EventFrame,
  FramedEvent,
  PhaseResult,
  ResultEvent,
  StageName,
  VerifyEvent,
} from './events.ts';

/**
 * What became of one job, as a document to keep: docs/report.schema.json. Sizes in bytes, times ISO 8601 or
 * seconds. What a job did not get to is null or empty, never left out.
 */
export interface Report {
  readonly schema: 'phaseline/report';
  /** Counted up when a field goes away or means something else; readers ignore fields that they do not know. */
  readonly version: 1;
  readonly tool: { readonly name: string; readonly version: string };
  readonly host: ReportHost;
  readonly startedAt: string;
  readonly endedAt: string;
  /** Of the whole job, waiting and checking included. */
  readonly seconds: number;
  readonly ok: boolean;
  readonly exitCode: number;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** Null when no board was seen. */
  readonly board: ReportedBoard | null;
  /** Null when there was nothing to read. */
  readonly layout: ReportedLayout | null;
  /** Acknowledged by the board, all phases together. */
  readonly bytes: number;
  readonly phases: readonly PhaseResult[];
  /** Id of the phase that was under way (sent, or read back), or done last; null when none began. */
  readonly lastPhase: string | null;
  readonly verified: ResultEvent['verified'];
  /** How the board was left; null when none was found. */
  readonly left: BoardLeft | null;
  /** What was read back and compared equal; `verified` says whether that was all of it. */
  readonly readBack: readonly ReadBack[];
  readonly checked: boolean;
  readonly warnings: readonly ReportedWarning[];
  /** In order, at least one; the last one made the verdict. */
  readonly attempts: readonly Attempt[];
}

/** The machine, without names of users or computers. */
export interface ReportHost {
  readonly platform: string;
  readonly release: string;
  readonly arch: string;
  readonly node: string;
}

export interface ReportedBoard {
  readonly family: string;
  readonly deviceId: string;
  readonly revision: string;
  readonly serial: string | null;
  readonly port: string | null;
  /** In the order in which they were seen. */
  readonly stages: readonly { readonly time: string; readonly stage: StageName; readonly product: string }[];
}

export interface ReportedLayout {
  readonly path: string;
  readonly bytes: number;
  /** Of the file as it is, comments included. */
  readonly sha256: string;
}

/** A phase whose partition was read back, from its start to the last byte that was sent. */
export interface ReadBack {
  readonly id: string;
  readonly bytes: number;
  readonly seconds: number;
  /** Of the ranges that were sent. */
  readonly sha256: string;
}

export interface ReportedWarning {
  readonly time: string;
  readonly message: string;
}

/** One way from the ROM to a verdict. */
export interface Attempt {
  readonly number: number;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly ok: boolean;
  readonly code: string;
  readonly message: string;
  readonly bytes: number;
}

/** Who wrote it and where; the rooms below know neither. */
export interface ReportOrigin {
  readonly tool: Report['tool'];
  readonly host: ReportHost;
  readonly startedAt: Date;
}

/** Gathers a report from the events of a job. */
export class ReportDraft {
  readonly #origin: ReportOrigin;
  readonly #warnings: ReportedWarning[] = [];
  readonly #stages: ReportedBoard['stages'][number][] = [];
  readonly #attempts: Attempt[] = [];
  #attemptStartedAt: string;
  #board: (BoardEvent & EventFrame) | undefined;
  #layout: ReportedLayout | undefined;
  #lastPhase: string | undefined;
  #readBack: ReadBack[] = [];

  constructor(origin: ReportOrigin) {
    this.#origin = origin;
    this.#attemptStartedAt = origin.startedAt.toISOString();
  }

  layout(layout: ReportedLayout): void {
    this.#layout = layout;
  }

  warned(warning: ReportedWarning): void {
    this.#warnings.push(warning);
  }

  see(event: FramedEvent): void {
    switch (event.event) {
      case 'board':
        this.#board = event;
        break;
      case 'stage':
        this.#stages.push({ time: event.time, stage: event.stage, product: event.product });
        break;
      case 'phase':
        this.#lastPhase = event.id;
        break;
      case 'verify':
        this.#seeVerify(event);
        break;
      case 'attempt':
        this.attemptEnded(event);
        break;
      case 'warning':
        this.warned({ time: event.time, message: event.message });
        break;
    }
  }

  #seeVerify(event: VerifyEvent): void {
    if (event.step === 'planned') return;
    const { id, bytes, seconds } = event;
    this.#lastPhase = id;
    if (event.step === 'equal') this.#readBack.push({ id, bytes, seconds, sha256: event.sha256 });
  }

  /** An attempt is over and another one follows. */
  attemptEnded(result: Pick<ResultEvent, 'ok' | 'code' | 'message' | 'bytes'> & EventFrame): void {
    const { time, ok, code, message, bytes } = result;
    const number = this.#attempts.length + 1;
    this.#attempts.push({ number, startedAt: this.#attemptStartedAt, endedAt: time, ok, code, message, bytes });
    this.#attemptStartedAt = time;
  }

  /** `result` is that of the last attempt, and the verdict on the job. */
  finish(result: ResultEvent & EventFrame): Report {
    // A board that did not come back for another attempt has made none.
    if (this.#attempts.length === 0 || result.attempts.length > this.#attempts.length) this.attemptEnded(result);
    const { tool, host, startedAt } = this.#origin;
    const { time, ok, exitCode, code, message, hint, bytes, phases, verified, checked, left = null } = result;
    return {
      schema: 'phaseline/report',
      version: 1,
      tool,
      host,
      startedAt: startedAt.toISOString(),
      endedAt: time,
      seconds: (Date.parse(time) - startedAt.getTime()) / 1000,
      ok,
      exitCode,
      code,
      message,
      hint,
      board: this.#reportedBoard(result),
      layout: this.#layout ?? null,
      bytes,
      phases,
      lastPhase: this.#lastPhase ?? null,
      verified,
      left,
      readBack: this.#readBack,
      checked,
      warnings: this.#warnings,
      attempts: this.#attempts,
    };
  }

  #reportedBoard({ serial, port }: EventFrame): ReportedBoard | null {
    if (!this.#board) return null;
    const { family, deviceId, revision } = this.#board;
    return {
      family,
      deviceId,
      revision,
      serial: serial ?? this.#board.serial ?? null,
      port: port ?? this.#board.port ?? null,
      stages: this.#stages,
    };
  }
}
