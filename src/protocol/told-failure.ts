/** A failure that the model is told in its own words: trying the same again would not help. */
import { ApplicationFailure } from '@temporalio/common';

export function toldFailure(type: string, message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, type);
}
