/**
 * The book of a session: which message waits, which turn runs, what the next turn goes on from. Pure, and kept
 * in two places from the same entries: by the workflow, and by readers of its history.
 */
import type { ResponseInputItem } from 'openai/resources/responses/responses';
import { utf8Bytes } from '../events/bytes.js';
import { isInput, userItems } from './input-items.js';
import { behindInterrupts, firstWithin, joins, waitingIn } from './session-queue.js';
import type {
  RunningTurn,
  SessionCarry,
  SessionMessage,
  SessionProgress,
  SessionTurn,
  TurnReport,
} from './session.js';
import { turnIdOf } from './session.js';
import type { TurnInput } from './turn.js';

/** So many messages are remembered; a repeated one does nothing. */
const REMEMBERED = 1000;
/** A turn takes 1 MiB of input, with all that comes with it. */
const MAX_INPUT_BYTES = 896 * 1024;

export class SessionBook {
  readonly sessionId: string;
  #queue: SessionMessage[];
  #running: RunningTurn | undefined;
  readonly #ledger: Map<string, SessionTurn>;
  #messages: number;
  #turns: number;
  #conversation: string | undefined;
  #previousResponseId: string | undefined;
  #previousTurnId: string | undefined;
  #unanswered: readonly ResponseInputItem[];
  #unansweredAfter: readonly string[] | undefined;
  #closed: boolean;

  constructor(sessionId: string, carry: Partial<SessionCarry> = {}) {
    this.sessionId = sessionId;
    this.#queue = [...(carry.queue ?? [])];
    this.#running = carry.running;
    this.#ledger = new Map((carry.ledger ?? []).map((turn) => [turn.message_id, turn]));
    this.#messages = carry.messages ?? 0;
    this.#turns = carry.turns ?? 0;
    this.#conversation = carry.conversation;
    this.#previousResponseId = carry.previous_response_id;
    this.#previousTurnId = carry.previous_turn_id;
    this.#unanswered = carry.unanswered ?? [];
    this.#unansweredAfter = carry.unanswered_after;
    this.#closed = carry.closed ?? false;
  }

  get running(): RunningTurn | undefined {
    return this.#running;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get next(): SessionMessage | undefined {
    return this.#queue[0];
  }

  /** Nothing was said yet that a turn could go on from. */
  get isNew(): boolean {
    return (
      this.#conversation === undefined &&
      this.#previousResponseId === undefined &&
      this.#previousTurnId === undefined
    );
  }

  /** @returns false for a message that was taken before. After the close its turn counts as cancelled. */
  accept(message: SessionMessage): boolean {
    const { message_id } = message;
    if (this.#ledger.has(message_id)) return false;
    this.#messages += 1;
    this.#note(message_id, this.#closed ? 'cancelled' : 'queued');
    this.#forgetOldest();
    if (this.#closed) return true;
    if (message.while_busy === 'interrupt') this.#queue = behindInterrupts(this.#queue, [message]);
    else this.#queue.push(message);
    return true;
  }

  /**
   * @returns how the message stood: one that waits is cancelled, the turn of one that runs is to end, and from one
   * that was sent to the running turn it is to be taken back.
   */
  cancel(messageId: string): 'waited' | 'runs' | 'joins' | undefined {
    const running = this.#running;
    if (running?.message_id === messageId) {
      this.#running = { ending: 'cancel', ...running };
      return 'runs';
    }
    const steering = running?.steering.filter(({ message_id }) => message_id !== messageId) ?? [];
    if (running && steering.length < running.steering.length) {
      this.#running = { ...running, steering };
      this.#note(messageId, 'cancelled');
      return 'joins';
    }
    if (!this.#queue.some(({ message_id }) => message_id === messageId)) return undefined;
    this.#leaveQueue([messageId]);
    this.#note(messageId, 'cancelled');
    return 'waited';
  }

  /** What the turn of the next message is given. */
  inputFor(message: SessionMessage, report_to: { readonly workflow_id: string }): TurnInput {
    const { message_id: _id, while_busy: _busy, memo: _memo, input, ...rest } = message;
    return {
      ...rest,
      ...this.#withUnanswered(input),
      session_id: this.sessionId,
      ...this.#goesOnFrom(),
      report_to,
    };
  }

  /** The turn of a waiting message runs from now on. */
  start(messageId: string): void {
    const message = this.#queue.find(({ message_id }) => message_id === messageId);
    this.#leaveQueue([messageId]);
    this.#note(messageId, 'running');
    this.#unanswered = [];
    this.#unansweredAfter = undefined;
    this.#running = {
      turn_id: turnIdOf(this.sessionId, messageId),
      message_id: messageId,
      agent: message?.agent ?? '',
      steering: [],
    };
  }

  /**
   * The messages that are to join the running turn: to be sent to it now. No more than one request takes: what comes
   * behind that waits until others stand in a request.
   */
  steer(): readonly SessionMessage[] {
    const running = this.#running;
    if (!running) return [];
    const joining = firstWithin(MAX_INPUT_BYTES, running.steering, this.#joining);
    if (joining.length === 0) return [];
    this.#leaveQueue(joining.map(({ message_id }) => message_id));
    this.#running = { ...running, steering: [...running.steering, ...joining] };
    return joining;
  }

  /** Whether messages wait to join the running turn. */
  get maySteer(): boolean {
    return this.#joining.length > 0;
  }

  /** @returns true once for a running turn that is to end. */
  mustEnd(): boolean {
    const running = this.#running;
    if (!running || running.asked) return false;
    const ending = running.ending ?? (this.#closed ? 'close' : this.#isInterrupted ? 'interrupt' : undefined);
    if (!ending) return false;
    this.#running = { ...running, ending, asked: true };
    return true;
  }

  /**
   * The message waits that is to be this turn. What tells of the turn all the same came before the workflow was reset
   * to where the turn had not begun.
   */
  awaits(turnId: string): boolean {
    return this.#queue.some((message) => this.#turnIdOf(message) === turnId);
  }

  /** Messages that stand in a request of the running turn. */
  taken(turnId: string, messageIds: readonly string[]): readonly string[] {
    const running = this.#running;
    if (running?.turn_id !== turnId && !this.awaits(turnId)) return [];
    const news = messageIds.filter((id) => {
      const state = this.#ledger.get(id)?.state;
      return state === 'queued' || state === 'cancelled';
    });
    this.#leaveQueue(news);
    this.#running = running && {
      ...running,
      steering: running.steering.filter(({ message_id }) => !news.includes(message_id)),
    };
    for (const id of news) {
      this.#ledger.set(id, {
        message_id: id,
        turn_id: turnIdOf(this.sessionId, id),
        state: 'steered',
        steered_into: turnId,
      });
    }
    return news;
  }

  /** @returns false for a report of a turn that neither runs nor is awaited. */
  ended(report: TurnReport): boolean {
    this.taken(report.turn_id, report.message_ids ?? []);
    const running = this.#running?.turn_id === report.turn_id ? this.#running : undefined;
    const { message_id } =
      running ?? this.#queue.find((waits) => this.#turnIdOf(waits) === report.turn_id) ?? {};
    if (message_id === undefined) return false;
    this.#leaveQueue([message_id]);
    this.#turns += 1;
    this.#note(message_id, report.status);
    if (running) this.#runsNoMore(running);
    if (this.#isNewest(report)) {
      this.#previousResponseId = report.last_response_id ?? this.#previousResponseId;
      if (report.stateless) this.#previousTurnId = report.turn_id;
    }
    this.#conversation = report.conversation ?? this.#conversation;
    const ending = running?.ending ?? (this.#isInterrupted ? 'interrupt' : undefined);
    const repeats = ending === 'interrupt' && report.status === 'cancelled';
    this.#unanswered = repeats ? (report.unanswered ?? []) : [];
    this.#unansweredAfter = repeats ? report.unanswered_after : undefined;
    return true;
  }

  /** It ended without those that were to join it: they run as turns of their own, before what came after them. */
  #runsNoMore(running: RunningTurn): void {
    if (this.#closed) for (const { message_id } of running.steering) this.#note(message_id, 'cancelled');
    else this.#queue = [...this.#waiting];
    this.#running = undefined;
  }

  /** The conversation that was made for the session. */
  keepsTo(conversation: string | undefined): void {
    this.#conversation = conversation;
  }

  /** What waits is cancelled, and so is what still comes. @returns the messages that waited. */
  close(): readonly string[] {
    if (this.#closed) return [];
    this.#closed = true;
    const waited = this.#queue.map(({ message_id }) => message_id);
    for (const id of waited) this.#note(id, 'cancelled');
    this.#queue = [];
    return waited;
  }

  turns(): readonly SessionTurn[] {
    return [...this.#ledger.values()];
  }

  turn(messageId: string): SessionTurn | undefined {
    return this.#ledger.get(messageId);
  }

  progress(): SessionProgress {
    const running = this.#running;
    const waiting = this.#waiting;
    return {
      session_id: this.sessionId,
      state: this.#closed ? 'closed' : running || waiting.length > 0 ? 'running' : 'idle',
      ...(running ? { running_turn_id: running.turn_id } : {}),
      queue: waiting.map(({ message_id }) => ({ message_id, turn_id: turnIdOf(this.sessionId, message_id) })),
      messages: this.#messages,
      turns: this.#turns,
      ...(this.#conversation === undefined ? {} : { conversation: this.#conversation }),
      ...(this.#previousResponseId === undefined ? {} : { previous_response_id: this.#previousResponseId }),
    };
  }

  carry(): SessionCarry {
    return {
      queue: this.#queue,
      ...(this.#running ? { running: this.#running } : {}),
      ledger: this.turns(),
      messages: this.#messages,
      turns: this.#turns,
      ...(this.#conversation === undefined ? {} : { conversation: this.#conversation }),
      ...(this.#previousResponseId === undefined ? {} : { previous_response_id: this.#previousResponseId }),
      ...(this.#previousTurnId === undefined ? {} : { previous_turn_id: this.#previousTurnId }),
      ...(this.#unanswered.length > 0 ? { unanswered: this.#unanswered } : {}),
      ...(this.#unansweredAfter === undefined ? {} : { unanswered_after: this.#unansweredAfter }),
      ...(this.#closed ? { closed: true } : {}),
    };
  }

  /** What an interrupted turn left unanswered goes ahead, as far as a turn takes so much. */
  #withUnanswered(input: TurnInput['input']): Pick<TurnInput, 'input' | 'said_again'> {
    const items = this.#unanswered.length;
    if (items === 0 || !isInput(input)) return { input };
    const repeated = [...this.#unanswered, ...userItems(input)];
    if (jsonBytes(repeated) > MAX_INPUT_BYTES) return { input };
    const newest_items = this.#unansweredAfter;
    return {
      input: repeated,
      ...(newest_items === undefined ? {} : { said_again: { items, newest_items } }),
    };
  }

  /** A server that keeps a conversation or responses is told which; the transcript is for the others. */
  #goesOnFrom(): Pick<TurnInput, 'conversation' | 'previous_response_id' | 'previous_turn_id'> {
    if (this.#conversation !== undefined) return { conversation: this.#conversation };
    if (this.#previousTurnId !== undefined) return { previous_turn_id: this.#previousTurnId };
    if (this.#previousResponseId !== undefined) return { previous_response_id: this.#previousResponseId };
    return {};
  }

  get #waiting(): readonly SessionMessage[] {
    return waitingIn(this.#queue, this.#running);
  }

  get #joining(): readonly SessionMessage[] {
    const running = this.#running;
    return running ? this.#queue.filter((message) => joins(message, running)) : [];
  }

  get #isInterrupted(): boolean {
    return this.#queue[0]?.while_busy === 'interrupt';
  }

  /** The turn of a message that was forgotten and came again is older than what the session goes on from. */
  #isNewest({ went_on_from: from }: TurnReport): boolean {
    if (!from || this.#conversation !== undefined) return true;
    if (this.#previousTurnId !== undefined) return from.previous_turn_id === this.#previousTurnId;
    return from.previous_response_id === this.#previousResponseId;
  }

  #turnIdOf({ message_id }: SessionMessage): string {
    return turnIdOf(this.sessionId, message_id);
  }

  #note(messageId: string, state: SessionTurn['state']): void {
    const turn_id = turnIdOf(this.sessionId, messageId);
    this.#ledger.set(messageId, { message_id: messageId, turn_id, state });
  }

  #leaveQueue(messageIds: readonly string[]): void {
    this.#queue = this.#queue.filter(({ message_id }) => !messageIds.includes(message_id));
  }

  #forgetOldest(): void {
    for (const [id, { state }] of this.#ledger) {
      if (this.#ledger.size <= REMEMBERED) return;
      if (state !== 'queued' && state !== 'running') this.#ledger.delete(id);
    }
  }
}

function jsonBytes(value: unknown): number {
  return utf8Bytes(JSON.stringify(value));
}
