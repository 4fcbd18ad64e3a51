/** What the gateway's HTTP API gives and takes, beside the events. */
import type { JsonObject, JsonValue } from '../../events/json.js';

export const TURN_STATUSES = [
  'running',
  'completed',
  'failed',
  'cancelled',
  'terminated',
  'timed_out',
] as const;

/** How Temporal sees a turn's workflow. */
export type TurnStatus = (typeof TURN_STATUSES)[number];

export interface TurnSummary {
  readonly turn_id: string;
  readonly agent: string;
  readonly session_id?: string;
  readonly status: TurnStatus;
  readonly started_at: string;
  readonly closed_at?: string;
}

export type SessionStatus = 'open' | 'closed';

export interface SessionSummary {
  readonly session_id: string;
  readonly agent: string;
  readonly status: SessionStatus;
  readonly started_at: string;
  readonly closed_at?: string;
}

/** How a session stands: `idle` and `running` take messages. */
export interface SessionProgress {
  readonly state: 'idle' | 'running' | 'closed';
}

export interface Page<T> {
  readonly data: readonly T[];
  readonly next_page?: string;
}

export interface TurnFilter {
  readonly agent?: string;
  readonly status?: TurnStatus;
  readonly session_id?: string;
  readonly page?: string;
}

export interface SessionFilter {
  readonly agent?: string;
  readonly status?: SessionStatus;
  readonly page?: string;
}

/** A turn's start: at least agent and input, and whatever else a turn takes. */
export interface NewTurn {
  readonly turn_id?: string;
  readonly agent: string;
  readonly input: string;
  readonly [field: string]: JsonValue | undefined;
}

/** What a turn was asked. */
export interface TurnInput {
  readonly agent: string;
  /** The message, or input items of the Responses API. */
  readonly input: string | readonly JsonObject[];
  readonly [field: string]: JsonValue | undefined;
}

export const WHILE_BUSY = ['queue', 'steer', 'interrupt'] as const;

/** What becomes of a message that comes while a turn runs. */
export type WhileBusy = (typeof WHILE_BUSY)[number];

export interface NewMessage {
  readonly agent: string;
  readonly input: string;
  readonly message_id?: string;
  readonly while_busy?: WhileBusy;
}

export interface MessageReceipt {
  readonly session_id: string;
  readonly message_id: string;
  readonly turn_id: string;
}

export type Decision =
  | { readonly decision: 'approve' | 'deny'; readonly reason?: string }
  | { readonly decision: 'output'; readonly output: JsonValue }
  | { readonly decision: 'error'; readonly reason: string };
