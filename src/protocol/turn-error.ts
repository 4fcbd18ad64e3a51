/** From what Temporal says of a failed activity or run to a TurnError: the same in workflow and reader. */
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  TerminatedFailure,
  TimeoutFailure,
} from '@temporalio/common';
import type { SourceEnd } from '../events/batch.js';
import type { ErrorSource, TurnError } from '../events/turn-event.js';

/** `source` is who failed, where the failure itself does not say. */
export function turnErrorOf(thrown: unknown, source: ErrorSource): TurnError {
  const cause = causeOf(thrown);
  if (cause !== thrown) return turnErrorOf(cause, source);
  if (thrown instanceof ApplicationFailure) {
    const said = thrown.details?.[0];
    if (isTurnError(said)) return said;
    return { code: thrown.type ?? 'error', message: thrown.message, source, retryable: !thrown.nonRetryable };
  }
  if (thrown instanceof TimeoutFailure) {
    const kind = (thrown.timeoutType ?? 'start_to_close').toLowerCase();
    return {
      code: `timeout_${kind}`,
      message: TIMEOUTS[kind] ?? 'It ran out of time.',
      source,
      retryable: true,
    };
  }
  if (thrown instanceof CancelledFailure) {
    return { code: 'cancelled', message: 'It was cancelled.', source, retryable: false };
  }
  if (thrown instanceof TerminatedFailure) {
    return { code: 'terminated', message: 'It was terminated.', source, retryable: false };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'error', message, source, retryable: false };
}

/** The `type` of the failure that a turn ends with: that of what failed. */
export function failureTypeOf(thrown: unknown): string {
  const cause = thrown instanceof ActivityFailure ? thrown.cause : thrown;
  return cause instanceof ApplicationFailure && cause.type ? cause.type : 'TurnFailed';
}

/**
 * How the steps of an activity end that threw. `cancelRequested`: of the turn. A worker that died with the cancel on its
 * way could not say so: what it had begun to answer was cancelled all the same. (What becomes of a tool's call is told
 * to the model as what it was.)
 */
export function sourceEndOf(
  thrown: unknown,
  source: ErrorSource,
  { cancelRequested = false }: { readonly cancelRequested?: boolean } = {},
): SourceEnd {
  const cause = causeOf(thrown);
  const isLost = cancelRequested && source === 'model' && fellSilent(cause);
  return {
    status: isLost || cause instanceof CancelledFailure ? 'cancelled' : 'failed',
    error: turnErrorOf(cause, source),
  };
}

/** Whether a worker could not say what became of its attempt, or the SDK had not heard of the cancel that it told of. */
function fellSilent(cause: unknown): boolean {
  return cause instanceof TimeoutFailure || failureTypeOf(cause) === 'CancelledFailure';
}

/** What an activity or a child workflow failed of. */
function causeOf(thrown: unknown): unknown {
  const isWrapper = thrown instanceof ActivityFailure || thrown instanceof ChildWorkflowFailure;
  return isWrapper ? (thrown.cause ?? thrown) : thrown;
}

const TIMEOUTS: Readonly<Record<string, string>> = {
  heartbeat: 'Its worker fell silent (heartbeat timeout).',
  start_to_close: 'It took longer than it may (startToCloseTimeout, or the timeout of a workflow).',
  schedule_to_start: 'No worker of its task queue took it in time (scheduleToStartTimeout).',
  schedule_to_close: 'All attempts together took longer than scheduleToCloseTimeout.',
};

export function isTurnError(value: unknown): value is TurnError {
  if (typeof value !== 'object' || value === null) return false;
  const { code, message, source, retryable } = value as Partial<Record<keyof TurnError, unknown>>;
  return (
    typeof code === 'string' &&
    typeof message === 'string' &&
    typeof source === 'string' &&
    typeof retryable === 'boolean'
  );
}
