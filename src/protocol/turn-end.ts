/** The event that ends a turn, made from what the run leaves behind: the same in workflow and reader. */
import { ApplicationFailure } from '@temporalio/common';
import type { TurnProgress } from '../events/progress.js';
import type {
  ToolCall,
  TurnCancelled,
  TurnCompleted,
  TurnEndEvent,
  TurnError,
  TurnFailed,
} from '../events/turn-event.js';
import { turnErrorOf } from './turn-error.js';
import type { TurnResult } from './turn.js';

/** What a failed turn's ApplicationFailure carries as `details[0]`. */
export type TurnFailureDetails = Omit<TurnFailed, 'type' | 'turn_id' | 'session_id' | 'at'>;

export function turnCompleted(result: TurnResult, at: string): TurnCompleted {
  return { type: 'turn_completed', at, ...result };
}

/** What a run leaves behind: a TurnLog, or what shows one. */
export interface Left {
  readonly progress: TurnProgress;
  readonly openCalls: readonly ToolCall[];
}

export function turnCancelled(left: Left, at: string): TurnCancelled {
  const { progress } = left;
  return { type: 'turn_cancelled', turn_id: progress.turn_id, ...session(progress), at, ...soFar(left) };
}

/** Also for runs that Temporal ended: `failure` is then what it says of them. */
export function turnFailed(failure: unknown, left: Left, at: string): TurnFailed {
  const { progress } = left;
  const base = { type: 'turn_failed', turn_id: progress.turn_id, ...session(progress), at } as const;
  const details = failure instanceof ApplicationFailure ? failure.details?.[0] : undefined;
  if (isFailureDetails(details)) return { ...base, ...details };
  return { ...base, ...failureDetails(turnErrorOf(failure, 'workflow'), left) };
}

export function failureDetails(error: TurnError, left: Left): TurnFailureDetails {
  return { error, ...soFar(left) };
}

/** What every end says. */
export function soFar({ progress, openCalls }: Left): Omit<TurnFailureDetails, 'error'> {
  return {
    response_ids: progress.response_ids,
    num_steps: progress.num_steps,
    usage: progress.usage,
    ...(openCalls.length > 0 ? { open_calls: openCalls } : {}),
  };
}

/** Whether the event ends a turn. */
export function isTurnEnd(event: { readonly type: string }): event is TurnEndEvent {
  return event.type === 'turn_completed' || event.type === 'turn_failed' || event.type === 'turn_cancelled';
}

function session(progress: TurnProgress): { session_id?: string } {
  return progress.session_id === undefined ? {} : { session_id: progress.session_id };
}

function isFailureDetails(value: unknown): value is TurnFailureDetails {
  return typeof value === 'object' && value !== null && 'error' in value && 'num_steps' in value;
}
