/** One run of a session: takes messages, runs their turns, and hands over to the next run when its history is long. */
import {
  allHandlersFinished,
  condition,
  getExternalWorkflowHandle,
  log,
  makeContinueAsNewFunc,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { utf8Bytes } from '../events/bytes.js';
import { SESSION_MEMO } from '../protocol/names.js';
import type { MessagesTaken, SessionCarry, SessionMessage, TurnReport } from '../protocol/session.js';
import type { SessionBook } from '../protocol/session-book.js';
import {
  cancelMessageSignal,
  closeSignal,
  messageSignal,
  messagesTakenSignal,
  sessionProgressQuery,
  sessionTurnsQuery,
  steerSignal,
  turnEndedSignal,
} from '../protocol/session-definitions.js';
import { messageIdIn, messageIn, reportIn, takenIn } from '../protocol/session-signals.js';
import { SessionTurns } from './session-turns.js';

/** Temporal takes at most 2 MB of input: with more waiting than this, the run goes on until less waits. */
const MAX_CARRY_BYTES = 1.5 * 1024 * 1024;

export class SessionRun {
  readonly #book: SessionBook;
  readonly #turns: SessionTurns;
  /** Something has happened that the loop has not looked at yet. */
  #news = true;

  constructor(book: SessionBook) {
    this.#book = book;
    this.#turns = new SessionTurns(book, (report) => this.#ended(report));
    // Signals that are there when the run starts come name by name, in this order. After a reset those are all that
    // came behind it, and how turns ended counts before what has been cancelled since.
    setHandler(messageSignal, (message) => this.#accept(message));
    setHandler(messagesTakenSignal, (said) => this.#taken(said));
    setHandler(turnEndedSignal, (report) => this.#ended(report));
    setHandler(cancelMessageSignal, (said) => this.#cancel(messageIdIn(said)));
    setHandler(closeSignal, () => this.close());
    setHandler(sessionProgressQuery, () => book.progress());
    setHandler(sessionTurnsQuery, () => book.turns());
  }

  close(): void {
    this.#book.close();
    this.#news = true;
  }

  async untilClosed(): Promise<void> {
    this.#turns.followCarried();
    for (;;) {
      await condition(() => this.#news);
      this.#news = false;
      this.#steer();
      if (this.#book.mustEnd()) this.#turns.cancelRunning();
      if (!this.#book.running && this.#book.closed) break;
      await this.#handOverIfLong();
      const next = this.#book.running ? undefined : this.#book.next;
      if (!next) continue;
      await this.#turns.start(next);
      this.#news = true;
    }
    this.#tell();
  }

  /** Signals come from any language: what is no message can be answered by nobody. */
  #accept(said: SessionMessage): void {
    const message = messageIn(said);
    if (!message) return log.warn('A message without a valid message_id was dropped');
    this.#noteIf(this.#book.accept(message));
  }

  #taken(said: MessagesTaken): void {
    const taken = takenIn(said);
    if (taken) this.#book.taken(taken.turn_id, taken.message_ids);
    // There is room now for those that waited for it.
    if (this.#book.maySteer) this.#news = true;
  }

  #cancel(messageId: string | undefined): void {
    if (messageId === undefined) return;
    const stood = this.#book.cancel(messageId);
    if (stood === 'joins') this.#turns.takeBack(messageId);
    this.#noteIf(stood !== undefined);
  }

  #ended(report: TurnReport): void {
    this.#noteIf(reportIn(report) !== undefined && this.#book.ended(report));
    if (!this.#book.running) this.#turns.forget();
  }

  #noteIf(changed: boolean): void {
    if (!changed) return;
    this.#news = true;
    this.#tell();
  }

  /** A turn that has ended meanwhile does not hear it; its report then lacks the message. */
  #steer(): void {
    const turnId = this.#book.running?.turn_id;
    if (turnId === undefined) return;
    for (const { message_id, input } of this.#book.steer()) {
      getExternalWorkflowHandle(turnId)
        .signal(steerSignal, { message_id, input })
        .catch(() => undefined);
    }
  }

  async #handOverIfLong(): Promise<void> {
    if (!workflowInfo().continueAsNewSuggested) return;
    // Messages that came with this task are in the book before it is handed over.
    await condition(allHandlersFinished);
    const carry = this.#book.carry();
    if (utf8Bytes(JSON.stringify(carry)) > MAX_CARRY_BYTES) return;
    const { memo = {}, startTime } = workflowInfo();
    // Of the first run, whichever this one is. Rows of lists have that of the last one.
    // The first run writes when it started; later ones hand it on.
    const facts = { started_at: startTime.toISOString(), ...(Object(memo[SESSION_MEMO]) as object) };
    await makeContinueAsNewFunc<(carry: SessionCarry) => Promise<void>>({
      memo: { ...memo, [SESSION_MEMO]: facts },
    })(carry);
  }

  #tell(): void {
    const { state, running_turn_id, queue, turns } = this.#book.progress();
    const now = running_turn_id === undefined ? state : `running ${running_turn_id}`;
    setCurrentDetails(`${now}; ${queue.length} waiting; ${turns} turns so far`);
  }
}
