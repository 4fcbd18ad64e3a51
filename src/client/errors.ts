/** What the client throws. Each name is stable; `instanceof` and `error.name` both work. */
import type { TurnProgress } from '../events/progress.js';
import type { TurnCancelled, TurnError, TurnFailed } from '../events/turn-event.js';

/** No turn of this id is known: it never started, or its retention is over. */
export class TurnNotFoundError extends Error {
  override readonly name = 'TurnNotFoundError';
  readonly turnId: string;

  constructor(turnId: string) {
    super(`No turn ${JSON.stringify(turnId)} is known: it never started here, or its retention is over.`);
    this.turnId = turnId;
  }
}

/**
 * The turn's first events are gone with the retention of its earlier runs. `progress` is what is known of them,
 * without texts and results; `after` is the cursor of the events that are left.
 */
export class EventsExpiredError extends Error {
  override readonly name = 'EventsExpiredError';
  readonly turnId: string;
  readonly progress: TurnProgress;
  readonly after: string;

  constructor(turnId: string, progress: TurnProgress, after: string) {
    super(
      `The first events of turn ${JSON.stringify(turnId)} are gone: the retention of its earlier runs is over. Show this error's progress, and read on with events({ after: error.after }).`,
    );
    this.turnId = turnId;
    this.progress = progress;
    this.after = after;
  }
}

/** The id belongs to a turn that was started with another input. Use another id, or getHandle(id) to follow it. */
export class TurnIdConflictError extends Error {
  override readonly name = 'TurnIdConflictError';
  readonly turnId: string;

  constructor(turnId: string) {
    super(
      `Turn ${JSON.stringify(turnId)} was started with another input. Use another turnId, or getHandle() to follow that turn.`,
    );
    this.turnId = turnId;
  }
}

/** The input cannot be right; the message names the field. The server was not asked. */
export class InvalidTurnInputError extends Error {
  override readonly name = 'InvalidTurnInputError';
}

/** No worker polls the task queue: turns would wait. */
export class NoWorkerError extends Error {
  override readonly name = 'NoWorkerError';
  readonly taskQueue: string;

  constructor(taskQueue: string) {
    super(
      `No worker polls the task queue ${JSON.stringify(taskQueue)}. Start one with that taskQueue, in the same namespace.`,
    );
    this.taskQueue = taskQueue;
  }
}

/** The turn failed; `error` says why, `end` is its last event. */
export class TurnFailedError extends Error {
  override readonly name = 'TurnFailedError';
  readonly error: TurnError;
  readonly end: TurnFailed;

  constructor(end: TurnFailed) {
    super(end.error.message);
    this.end = end;
    this.error = end.error;
  }
}

/** The turn was cancelled; `end` is its last event. */
export class TurnCancelledError extends Error {
  override readonly name = 'TurnCancelledError';
  readonly end: TurnCancelled;

  constructor(end: TurnCancelled) {
    super(`Turn ${JSON.stringify(end.turn_id)} was cancelled.`);
    this.end = end;
  }
}

/** The turn asks nothing under this input_id. Take it from an `input_required` event or from progress.inputs. */
export class InputNotFoundError extends Error {
  override readonly name = 'InputNotFoundError';
}

/** The question was decided before, in another way, and that decision stands. */
export class InputAlreadyResolvedError extends Error {
  override readonly name = 'InputAlreadyResolvedError';
}

/** The decision does not fit the question, or was made about other arguments than those asked about. */
export class InvalidResolutionError extends Error {
  override readonly name = 'InvalidResolutionError';
}

/** `after` is no cursor: pass the `id` of an event as it was given. */
export class InvalidCursorError extends Error {
  override readonly name = 'InvalidCursorError';

  constructor(cursor: string) {
    super(`${JSON.stringify(cursor)} is no cursor: pass the id of an event of this turn, unchanged.`);
  }
}

/** A list cannot be narrowed so; `field` names what is wrong. The server was not asked. */
export class InvalidFilterError extends Error {
  override readonly name = 'InvalidFilterError';
  readonly field: string;

  constructor(field: string, problem: string) {
    super(`${field} ${problem}.`);
    this.field = field;
  }
}

/** No session of this id is known: nobody has sent it a message, or its retention is over. */
export class SessionNotFoundError extends Error {
  override readonly name = 'SessionNotFoundError';
  readonly sessionId: string;

  constructor(sessionId: string) {
    super(
      `No session ${JSON.stringify(sessionId)} is known: it starts with its first message, and its retention may be over.`,
    );
    this.sessionId = sessionId;
  }
}

/** The session was closed and takes no more messages. Begin another one, under another id. */
export class SessionClosedError extends Error {
  override readonly name = 'SessionClosedError';
  readonly sessionId: string;

  constructor(sessionId: string) {
    super(
      `Session ${JSON.stringify(sessionId)} is closed and takes no more messages: begin another one, under another id.`,
    );
    this.sessionId = sessionId;
  }
}

/** Nobody answers at Temporal's address, or nobody that lets us in; `cause` says more. */
export class TemporalUnreachableError extends Error {
  override readonly name = 'TemporalUnreachableError';
  readonly address: string;

  constructor(address: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(
      `No Temporal server answers at ${address} (${why}). Start it, or set TEMPORAL_ADDRESS and its kin to where it is.`,
      { cause },
    );
    this.address = address;
  }
}
