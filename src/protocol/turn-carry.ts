/**
 * What a run of a turn hands to the next one when it continues as new: the second argument of `agentTurn`.
 * Private to this package and versioned; the contract for others is the first argument alone.
 */
import type { TurnProgress } from '../events/progress.js';
import type { InferResult } from './activity.js';
import type { InputOutcome } from './resolve-input.js';
import type { SteerMessage } from './session.js';
import type { TurnLimits } from './turn.js';

export const CARRY_VERSION = 1;

/** The most that is carried, in bytes of JSON; a run that would carry more goes on as it is. */
export const CARRY_BYTES = 512 * 1024;

export interface TurnCarry {
  readonly version: typeof CARRY_VERSION;
  /** Start of the turn's first run, RFC 3339: `max_seconds` counts from there. */
  readonly started_at: string;
  /** Ordinal of the response whose calls come next. */
  readonly response: number;
  /** The answer whose calls come next: none of them was scheduled yet. */
  readonly answer: CarriedAnswer;
  readonly tool_calls: number;
  readonly agent_hash?: string;
  readonly limits: TurnLimits;
  readonly conversation?: string;
  /** Without texts and results of the responses before, and without superseded steps. */
  readonly progress: TurnProgress;
  /** Offset of the next event, for the query `events`. */
  readonly next_offset: number;
  /** What was decided lately: the same decision again must get the same outcome. */
  readonly decided: readonly DecidedInput[];
  readonly steering: CarriedSteering;
  /** The server keeps nothing of the turn. */
  readonly stateless?: boolean;
}

/** Messages that came from a session: those that wait to join, and the ids of those that have. */
export interface CarriedSteering {
  readonly waiting: readonly SteerMessage[];
  readonly taken: readonly string[];
}

export type CarriedAnswer = Pick<
  InferResult,
  | 'status'
  | 'stop_reason'
  | 'response_id'
  | 'final_text'
  | 'final_output'
  | 'refusal'
  | 'calls'
  | 'approvals'
  | 'sequential'
>;

/** A question that has its outcome. */
export interface DecidedInput {
  readonly kind: 'approval' | 'tool_output';
  readonly arguments_hash: string;
  readonly outcome: InputOutcome;
  /** Of an output that was given: tells the same one from another. */
  readonly fingerprint?: string;
}

/** Whether a run's second argument is what this version carries. */
export function isCarry(value: unknown): value is TurnCarry {
  return (Object(value) as { version?: unknown }).version === CARRY_VERSION;
}
