/** SessionLog: the history of one run of a session as what becomes of its messages. */
import { NO_USAGE } from '../events/usage.js';
import type { MessageSteered, TurnQueued } from '../events/session-event.js';
import type { TurnCancelled } from '../events/turn-event.js';
import { isMessageId, sessionOfTurn } from '../protocol/message-id.js';
import {
  CANCEL_MESSAGE_SIGNAL,
  CLOSE_SIGNAL,
  MESSAGE_SIGNAL,
  MESSAGES_TAKEN_SIGNAL,
  TURN_ENDED_SIGNAL,
  TURN_REPORT,
} from '../protocol/names.js';
import { turnIdOf } from '../protocol/session.js';
import type { MessagesTaken, SessionCarry, SessionMessage, TurnReport } from '../protocol/session.js';
import { SessionBook } from '../protocol/session-book.js';
import { isoTime, toNumber } from './event-time.js';
import type { HistoryEvent, PayloadReader } from './payloads.js';

/** `turn`: from here on this turn runs; its own history tells the rest of it. */
export type SessionEntry =
  | {
      readonly type: 'event';
      readonly event: TurnQueued | MessageSteered | TurnCancelled;
      /** Of `turn_queued`: what was said. */
      readonly message?: SessionMessage;
    }
  | { readonly type: 'turn'; readonly turnId: string };

export class SessionLog {
  readonly #sessionId: string;
  readonly #payloads: PayloadReader;
  readonly #reportsAsked = new Set<number>();
  #book: SessionBook;
  #ended = false;
  #nextRunId: string | undefined;

  constructor(sessionId: string, payloads: PayloadReader) {
    this.#sessionId = sessionId;
    this.#payloads = payloads;
    this.#book = new SessionBook(sessionId);
  }

  get book(): SessionBook {
    return this.#book;
  }

  /** The run has closed. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The run that goes on with the session. */
  get nextRunId(): string | undefined {
    return this.#nextRunId;
  }

  /** What this history event says of the session; most say nothing. */
  async read(event: HistoryEvent): Promise<readonly SessionEntry[]> {
    const at = isoTime(event.eventTime);
    const started = event.workflowExecutionStartedEventAttributes;
    if (started) {
      const carry = (await this.#payloads.first(started.input)) as SessionCarry | null | undefined;
      this.#book = new SessionBook(this.#sessionId, carry ?? {});
      return [];
    }
    const signal = event.workflowExecutionSignaledEventAttributes;
    if (signal) return this.#signal(signal.signalName ?? '', await this.#payloads.first(signal.input), at);
    if (event.workflowExecutionCancelRequestedEventAttributes) return this.#close(at);
    const child =
      event.childWorkflowExecutionStartedEventAttributes?.workflowExecution ??
      event.startChildWorkflowExecutionFailedEventAttributes;
    if (child) return this.#start(child.workflowId ?? '');
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled?.activityType?.name === TURN_REPORT) this.#reportsAsked.add(toNumber(event.eventId));
    const completed = event.activityTaskCompletedEventAttributes;
    if (completed && this.#reportsAsked.has(toNumber(completed.scheduledEventId))) {
      return this.#turnEnded((await this.#payloads.first(completed.result)) as TurnReport, at);
    }
    return this.#end(event, at);
  }

  #signal(name: string, said: unknown, at: string): readonly SessionEntry[] {
    switch (name) {
      case MESSAGE_SIGNAL:
        return this.#message(said as SessionMessage, at);
      case CANCEL_MESSAGE_SIGNAL: {
        const { message_id } = Object(said) as { message_id?: unknown };
        const stood = isMessageId(message_id) ? this.#book.cancel(message_id) : undefined;
        return stood === undefined || stood === 'runs' ? [] : [this.#cancelled(String(message_id), at)];
      }
      case CLOSE_SIGNAL:
        return this.#close(at);
      case MESSAGES_TAKEN_SIGNAL: {
        const { turn_id, message_ids } = said as MessagesTaken;
        return this.#steered(turn_id, message_ids, at);
      }
      case TURN_ENDED_SIGNAL:
        return this.#turnEnded(said as TurnReport, at);
      default:
        return [];
    }
  }

  #message(message: SessionMessage, at: string): readonly SessionEntry[] {
    const { message_id } = Object(message) as { message_id?: unknown };
    if (!isMessageId(message_id) || !this.#book.accept(message)) return [];
    const turn_id = turnIdOf(this.#sessionId, message_id);
    const queued = { type: 'turn_queued', session_id: this.#sessionId, message_id, turn_id, at } as const;
    const told: SessionEntry = { type: 'event', event: queued, message };
    return this.#book.closed ? [told, this.#cancelled(message_id, at)] : [told];
  }

  #start(turnId: string): readonly SessionEntry[] {
    const named = sessionOfTurn(turnId);
    if (named?.sessionId !== this.#sessionId) return [];
    this.#book.start(named.messageId);
    return [{ type: 'turn', turnId }];
  }

  #steered(turn_id: string, messageIds: readonly string[], at: string): readonly SessionEntry[] {
    return this.#book.taken(turn_id, messageIds).map((message_id) => ({
      type: 'event',
      event: { type: 'message_steered', session_id: this.#sessionId, message_id, turn_id, at },
    }));
  }

  #turnEnded(report: TurnReport, at: string): readonly SessionEntry[] {
    const turnId = report.turn_id;
    const ran: readonly SessionEntry[] = this.#book.awaits(turnId) ? [{ type: 'turn', turnId }] : [];
    const steered = this.#steered(turnId, report.message_ids ?? [], at);
    this.#book.ended(report);
    return [...ran, ...steered];
  }

  #close(at: string): readonly SessionEntry[] {
    return this.#book.close().map((messageId) => this.#cancelled(messageId, at));
  }

  #end(event: HistoryEvent, at: string): readonly SessionEntry[] {
    const continued = event.workflowExecutionContinuedAsNewEventAttributes;
    const closed =
      event.workflowExecutionCompletedEventAttributes ??
      event.workflowExecutionFailedEventAttributes ??
      event.workflowExecutionCanceledEventAttributes ??
      event.workflowExecutionTerminatedEventAttributes ??
      event.workflowExecutionTimedOutEventAttributes;
    if (!continued && !closed) return [];
    this.#ended = true;
    this.#nextRunId = continued?.newExecutionRunId ?? undefined;
    return continued ? [] : this.#close(at);
  }

  #cancelled(messageId: string, at: string): SessionEntry {
    const turn_id = turnIdOf(this.#sessionId, messageId);
    return { type: 'event', event: cancelledBeforeItsStart(this.#sessionId, turn_id, at) };
  }
}

/** The end of a turn that never ran. */
export function cancelledBeforeItsStart(session_id: string, turn_id: string, at: string): TurnCancelled {
  return {
    type: 'turn_cancelled',
    turn_id,
    session_id,
    at,
    response_ids: [],
    num_steps: 0,
    usage: NO_USAGE,
  };
}
