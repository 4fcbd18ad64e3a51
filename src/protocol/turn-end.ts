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

export function turnCancelled(progress: TurnProgress, at: string): TurnCancelled {
  return { type: 'turn_cancelled', turn_id: progress.turn_id, ...session(progress), at, ...soFar(progress) };
}

/** Also for runs that Temporal ended: `failure` is then what it says of them. */
export function turnFailed(failure: unknown, progress: TurnProgress, at: string): TurnFailed {
  const base = { type: 'turn_failed', turn_id: progress.turn_id, ...session(progress), at } as const;
  const details = failure instanceof ApplicationFailure ? failure.details?.[0] : undefined;
  if (isFailureDetails(details)) return { ...base, ...details };
  return { ...base, ...failureDetails(turnErrorOf(failure, 'workflow'), progress) };
}

export function failureDetails(error: TurnError, progress: TurnProgress): TurnFailureDetails {
  return { error, ...soFar(progress) };
}

/** What every end says. */
export function soFar(progress: TurnProgress): Omit<TurnFailureDetails, 'error'> {
  const open = openCalls(progress);
  return {
    response_ids: progress.response_ids,
    num_steps: progress.num_steps,
    usage: progress.usage,
    ...(open.length > 0 ? { open_calls: open } : {}),
  };
}

/** Calls of the last whole response: only a further response would have taken their outputs. */
export function openCalls(progress: TurnProgress): readonly ToolCall[] {
  const last = progress.steps.findLast(
    (step) =>
      step.step_type === 'inference' && step.state === 'completed' && step.stop_reason !== 'server_tool_call',
  );
  return last?.step_type === 'inference' ? last.function_calls : [];
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
