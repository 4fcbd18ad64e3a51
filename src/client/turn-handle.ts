/** A turn, from any process: follow it, ask how it stands, wait for it, cancel it. */
import type { Client } from '@temporalio/client';
import type { JsonValue } from '../events/json.js';
import type { TurnProgress } from '../events/progress.js';
import { checkTurnInput } from '../protocol/check-turn-input.js';
import { isTurnEnd } from '../protocol/turn-end.js';
import type { InputOutcome, InputResolution } from '../protocol/resolve-input.js';
import type { TurnInput, TurnResult } from '../protocol/turn.js';
import { AnswerText } from './answer-text.js';
import type { TextChunk } from './answer-text.js';
import { cancelMessageSignal } from '../protocol/session-definitions.js';
import { orInvalidInput } from './check-input.js';
import { deleteTurn } from './delete-turn.js';
import { InputNotFoundError, TurnCancelledError, TurnFailedError, TurnNotFoundError } from './errors.js';
import { givenInput } from './given-input.js';
import { isNotFound } from './grpc-errors.js';
import { fateOf } from './message-fate.js';
import { messageInput } from './message-input.js';
import { readMessageEvents, readMessageProgress } from './message-reader.js';
import { readCurrentRun } from './reader.js';
import { about, resolveInput } from './resolve-input.js';
import type { AskedInput, DecisionOptions } from './resolve-input.js';
import type { EventsOptions, EventWithId } from './reader.js';

/** One turn, wherever and whenever it was started: `turns.start` or `turns.getHandle(id)` gives it. */
export class TurnHandle {
  /** The workflow's id. */
  readonly turnId: string;
  readonly #client: Client;

  constructor(client: Client, turnId: string) {
    this.#client = client;
    this.turnId = turnId;
  }

  /**
   * Every event of the turn, from the start or behind a cursor, live until the turn has ended, or with
   * `follow: false` to the newest one. Any number of watchers may read; they change nothing.
   * @throws TurnNotFoundError, InvalidCursorError, EventsExpiredError
   */
  events(options: EventsOptions = {}): AsyncGenerator<EventWithId> {
    return readMessageEvents(this.#client, this.turnId, options);
  }

  /**
   * The answer's text as it grows. `reset` says that what came before is void.
   * @throws TurnFailedError, TurnCancelledError when the turn ends so.
   */
  async *text(options: Pick<EventsOptions, 'signal'> = {}): AsyncGenerator<TextChunk> {
    const answer = new AnswerText();
    for await (const event of readMessageEvents(this.#client, this.turnId, options, readCurrentRun)) {
      const chunk = answer.take(event);
      if (chunk) yield chunk;
      if (event.type === 'turn_failed') throw new TurnFailedError(event);
      if (event.type === 'turn_cancelled') throw new TurnCancelledError(event);
    }
  }

  /** What the turn has come to; needs no worker, and works after the end. */
  progress(options: Pick<EventsOptions, 'signal'> = {}): Promise<TurnProgress> {
    return readMessageProgress(this.#client, this.turnId, options);
  }

  /**
   * What the turn was started with; of a session's message that waits, or that has joined another turn, what it says.
   * @throws TurnNotFoundError, InvalidTurnInputError when it was started with something else
   */
  async input(): Promise<TurnInput> {
    const given = await givenInput(this.#client, this.turnId).catch((error: unknown) => {
      if (!(error instanceof TurnNotFoundError)) throw error;
      return messageInput(this.#client, this.turnId);
    });
    return orInvalidInput(() => checkTurnInput(given));
  }

  /**
   * Waits for the end.
   * @throws TurnFailedError, TurnCancelledError, TurnNotFoundError
   */
  async result(options: Pick<EventsOptions, 'signal'> = {}): Promise<TurnResult> {
    const events = readMessageEvents(this.#client, this.turnId, options, readCurrentRun);
    for await (const { id: _id, ...event } of events) {
      if (!isTurnEnd(event)) continue;
      if (event.type === 'turn_failed') throw new TurnFailedError(event);
      if (event.type === 'turn_cancelled') throw new TurnCancelledError(event);
      const { type: _type, at: _at, ...result } = event;
      return result;
    }
    throw new TurnNotFoundError(this.turnId);
  }

  /**
   * Approves a call: `input` is an `input_required` event, or an entry of `progress().inputs`. The same decision
   * again gives the recorded outcome, also after the turn's end.
   * @throws InputNotFoundError, InputAlreadyResolvedError, InvalidResolutionError
   */
  approve(input: AskedInput, options: DecisionOptions = {}): Promise<InputOutcome> {
    return this.resolve({ ...about(input, options), decision: 'approve' });
  }

  /** Denies a call, or the output that is asked for; the reason is told to the model. Throws as `approve` does. */
  deny(input: AskedInput, options: DecisionOptions = {}): Promise<InputOutcome> {
    return this.resolve({ ...about(input, options), decision: 'deny' });
  }

  /** Gives the output of a tool that somebody else runs: a string, or JSON. Throws as `approve` does. */
  submitToolOutput(
    input: AskedInput,
    output: JsonValue,
    options: DecisionOptions = {},
  ): Promise<InputOutcome> {
    return this.resolve({ ...about(input, options), decision: 'output', output });
  }

  /** Says that the tool which somebody else runs has failed; the reason is told to the model. */
  submitToolError(
    input: AskedInput,
    reason: string,
    options: Pick<DecisionOptions, 'by'> = {},
  ): Promise<InputOutcome> {
    return this.resolve({ ...about(input, options), decision: 'error', reason });
  }

  /** Hands on what was decided elsewhere; `approve` and its kin are the shorter way. Throws as `approve` does. */
  async resolve(resolution: InputResolution): Promise<InputOutcome> {
    try {
      return await resolveInput(this.#client, this.turnId, resolution);
    } catch (error) {
      if (!(error instanceof TurnNotFoundError)) throw error;
    }
    const fate = await fateOf(this.#client, this.turnId, { wait: false });
    // The turn that a session's message has joined asks in its place.
    if (fate.kind === 'turn') return resolveInput(this.#client, fate.turnId, resolution);
    throw new InputNotFoundError(`Turn ${this.turnId} has not run, and asks nothing.`);
  }

  /**
   * Asks the turn to end; it then ends as `turn_cancelled`. A turn that has ended stays as it is.
   * @throws TurnNotFoundError
   */
  async cancel(): Promise<void> {
    const run = this.#client.workflow.getHandle(this.turnId);
    try {
      await run.cancel();
    } catch (error) {
      if (!isNotFound(error)) throw error;
      // Temporal says the same of a run that has closed and of one that it never had.
      await run.describe().catch(async (unknown: unknown) => {
        if (!isNotFound(unknown)) throw unknown;
        await this.#cancelMessage();
      });
    }
  }

  /**
   * Deletes a turn that has ended, before Temporal's retention does. One that runs would be terminated first: cancel
   * it and wait for its end.
   * @throws TurnNotFoundError
   */
  delete(): Promise<void> {
    return deleteTurn(this.#client, this.turnId);
  }

  /** A message of a session that is no turn of its own: it still waits, or it has joined another turn. */
  async #cancelMessage(): Promise<void> {
    const fate = await fateOf(this.#client, this.turnId, { wait: false });
    if (fate.kind === 'queued') {
      const session = this.#client.workflow.getHandle(fate.sessionId);
      await session.signal(cancelMessageSignal, { message_id: fate.messageId });
    } else if (fate.kind === 'turn') {
      // It has just begun, or it is the turn that the message joined.
      await this.#client.workflow.getHandle(fate.turnId).cancel().catch(unlessNotFound);
    }
  }
}

/** A turn that has ended stays as it is. */
function unlessNotFound(error: unknown): void {
  if (!isNotFound(error)) throw error;
}
