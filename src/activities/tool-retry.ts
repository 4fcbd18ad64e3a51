/** Whether and when Temporal will try a tool again, told to watchers. Pure. */
import type { ApplicationFailure, RetryPolicy } from '@temporalio/common';
import { durationMs } from '../protocol/duration.js';

export interface TryInfo {
  readonly attempt: number;
  readonly retryPolicy?: RetryPolicy;
}

/** Milliseconds until the next try, by Temporal's rules; undefined when there is none. */
export function nextTryIn(
  failure: ApplicationFailure,
  { attempt, retryPolicy = {} }: TryInfo,
): number | undefined {
  const { maximumAttempts, nonRetryableErrorTypes = [] } = retryPolicy;
  if (failure.nonRetryable || nonRetryableErrorTypes.includes(failure.type ?? '')) return undefined;
  if (maximumAttempts && attempt >= maximumAttempts) return undefined;
  if (failure.nextRetryDelay !== undefined && failure.nextRetryDelay !== null)
    return durationMs(failure.nextRetryDelay);
  const initial = durationMs(retryPolicy.initialInterval ?? 1000);
  const greatest =
    retryPolicy.maximumInterval === undefined ? initial * 100 : durationMs(retryPolicy.maximumInterval);
  return Math.min(greatest, initial * (retryPolicy.backoffCoefficient ?? 2) ** (attempt - 1));
}
