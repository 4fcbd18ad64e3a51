/** SessionLog: the history of one run of a session as what becomes of its messages. */
import { NO_USAGE } from '../events/usage.js';
import type { MessageSteered, TurnQueued } from '../events/session-event.js';
import type { TurnCancelled } from '../events/turn-event.js';
import { sessionOfTurn } from '../protocol/message-id.js';
import {
  CANCEL_MESSAGE_SIGNAL,
  CLOSE_SIGNAL,
  MESSAGE_SIGNAL,
  MESSAGES_TAKEN_SIGNAL,
  TURN_ENDED_SIGNAL,
  TURN_REPORT,
} from '../protocol/names.js';
import { turnIdOf } from '../protocol/session.js';
import type { SessionCarry, SessionMessage, TurnReport } from '../protocol/session.js';
import { SessionBook } from '../protocol/session-book.js';
import { messageIdIn, messageIn, reportIn, takenIn } from '../protocol/session-signals.js';
import { closesRun } from './closes-run.js';
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
      return this.#turnEnded(reportIn(await this.#payloads.first(completed.result)), at);
    }
    return this.#end(event, at);
  }

  #signal(name: string, said: unknown, at: string): readonly SessionEntry[] {
    switch (name) {
      case MESSAGE_SIGNAL:
        return this.#message(messageIn(said), at);
      case CANCEL_MESSAGE_SIGNAL:
        return this.#cancel(messageIdIn(said), at);
      case CLOSE_SIGNAL:
        return this.#close(at);
      case MESSAGES_TAKEN_SIGNAL: {
        const taken = takenIn(said);
        return taken ? this.#steered(taken.turn_id, taken.message_ids, at) : [];
      }
      case TURN_ENDED_SIGNAL:
        return this.#turnEnded(reportIn(said), at);
      default:
        return [];
    }
  }

  #cancel(messageId: string | undefined, at: string): readonly SessionEntry[] {
    if (messageId === undefined) return [];
    const stood = this.#book.cancel(messageId);
    return stood === undefined || stood === 'runs' ? [] : [this.#cancelled(messageId, at)];
  }

  #message(message: SessionMessage | undefined, at: string): readonly SessionEntry[] {
    if (!message || !this.#book.accept(message)) return [];
    const { message_id } = message;
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

  #turnEnded(report: TurnReport | undefined, at: string): readonly SessionEntry[] {
    if (!report) return [];
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
    if (!continued && !closesRun(event)) return [];
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
