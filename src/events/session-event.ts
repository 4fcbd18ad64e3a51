/** What a session tells: the events of its turns, one turn after another, and what becomes of its messages. */
import type { TurnEvent } from './turn-event.js';

/** Closed, as TurnEvent is. Readers ignore types that they do not know. */
export type SessionEvent = TurnEvent | TurnQueued | MessageSteered;

/** The session has taken a message; `turn_id` is the turn that it will be. */
export interface TurnQueued {
  readonly type: 'turn_queued';
  readonly session_id: string;
  readonly message_id: string;
  readonly turn_id: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
}

/** A message has joined the turn `turn_id`, and will be no turn of its own. */
export interface MessageSteered {
  readonly type: 'message_steered';
  readonly session_id: string;
  readonly message_id: string;
  readonly turn_id: string;
  readonly at: string;
}
