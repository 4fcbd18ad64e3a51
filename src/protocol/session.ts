/** What crosses the border of a session: messages in, reports of its turns, and what it tells of itself. */
import type { ResponseInputItem } from 'openai/resources/responses/responses';
import type { JsonValue } from '../events/json.js';
import type { TurnInput } from './turn.js';

/**
 * What happens with a message while a turn runs. `queue`: it waits for its turn; `steer`: it joins the running
 * turn before its next response, and runs as a turn of its own if there is none; `interrupt`: the running turn is
 * cancelled, and the message runs next.
 */
export type WhileBusy = 'queue' | 'steer' | 'interrupt';

/** A turn's input without what the session adds to it. */
export type MessageInput = Omit<
  TurnInput,
  'session_id' | 'conversation' | 'previous_response_id' | 'previous_turn_id' | 'report_to' | 'said_again'
>;

/** The signal `message`. */
export interface SessionMessage extends MessageInput {
  /** 1 to 128 of `a-z A-Z 0-9 _ . : -`. The turn's id is `<session>/<message_id>`; a repeated id does nothing. */
  readonly message_id: string;
  /** Default `queue`. */
  readonly while_busy?: WhileBusy;
  /** Stands beside the message's turn in Temporal's lists; `turn` and `turn_events` are taken. */
  readonly memo?: Readonly<Record<string, JsonValue>>;
}

/** The signal `cancel_message`: to a session, and from it to the running turn that the message was to join. */
export interface CancelMessage {
  readonly message_id: string;
}

/** The signal `steer`, from a session to its running turn. */
export interface SteerMessage {
  readonly message_id: string;
  readonly input: TurnInput['input'];
}

/** The signal `messages_taken`, from a turn: these messages stand in a request to the model. */
export interface MessagesTaken {
  readonly turn_id: string;
  readonly message_ids: readonly string[];
}

/** The signal `turn_ended`, from a turn to the workflow of its `report_to`: what the next turn needs to know. */
export interface TurnReport {
  readonly turn_id: string;
  readonly status: 'completed' | 'incomplete' | 'failed' | 'cancelled';
  readonly conversation?: string;
  /** The last response that ended: the next turn can go on from it. */
  readonly last_response_id?: string;
  /** The server keeps nothing: the next turn is given the transcript of this one. */
  readonly stateless?: true;
  /** Messages that joined the turn. */
  readonly message_ids?: readonly string[];
  /** Of a cancelled turn: what the user said in a request that was not answered. */
  readonly unanswered?: readonly ResponseInputItem[];
  /** The newest items of the conversation before that was said: it may be there, unheard. */
  readonly unanswered_after?: readonly string[];
  /** What the turn itself was given to go on from; of a turn that was looked at, and did not report. */
  readonly went_on_from?: Pick<TurnInput, 'previous_response_id' | 'previous_turn_id'>;
}

/** `queued`: waits; `steered`: joined another turn; the others as in TurnProgress. */
export type SessionTurnState =
  'queued' | 'running' | 'steered' | 'completed' | 'incomplete' | 'failed' | 'cancelled';

/** An entry of the query `turns`, in order of acceptance. */
export interface SessionTurn {
  readonly message_id: string;
  readonly turn_id: string;
  readonly state: SessionTurnState;
  /** Of a message that joined another turn: that turn. */
  readonly steered_into?: string;
}

/** The query `progress` of a session. */
export interface SessionProgress {
  readonly session_id: string;
  /** `closed`: it takes no more messages; a turn may still be on its way to its end. */
  readonly state: 'idle' | 'running' | 'closed';
  readonly running_turn_id?: string;
  /** Messages that wait, the next one first; with those that may still join the running turn. */
  readonly queue: readonly Pick<SessionTurn, 'message_id' | 'turn_id'>[];
  /** Messages taken so far, repeated ones aside. */
  readonly messages: number;
  /** Turns that have ended. */
  readonly turns: number;
  readonly conversation?: string;
  readonly previous_response_id?: string;
}

/** What a session goes on with after a continue-as-new: its only argument. */
export interface SessionCarry {
  readonly queue: readonly SessionMessage[];
  readonly running?: RunningTurn;
  /** The last 1,000 messages, and all that wait. */
  readonly ledger: readonly SessionTurn[];
  readonly messages: number;
  readonly turns: number;
  readonly conversation?: string;
  readonly previous_response_id?: string;
  readonly previous_turn_id?: string;
  /** What the user said in turns that were interrupted before the model heard it. */
  readonly unanswered?: readonly ResponseInputItem[];
  /** See TurnReport. */
  readonly unanswered_after?: readonly string[];
  readonly closed?: true;
}

export interface RunningTurn {
  readonly turn_id: string;
  readonly message_id: string;
  readonly agent: string;
  /** Messages that may join the turn: sent to it, and not yet known to be in a request. */
  readonly steering: readonly SessionMessage[];
  /** Why the turn is to end: its own message was cancelled, another one interrupts it, or the session was closed. */
  readonly ending?: 'cancel' | 'interrupt' | 'close';
  /** The turn was asked to. */
  readonly asked?: true;
}

/** What `make_conversation` is given. */
export interface MakeConversation {
  readonly agent: string;
  readonly session_id: string;
}

/** What `make_conversation` gives: empty where the agent keeps no conversation. */
export interface MadeConversation {
  readonly conversation?: string;
}

export function turnIdOf(sessionId: string, messageId: string): string {
  return `${sessionId}/${messageId}`;
}
