/** What an activity's result says to the log. */
import type { Handover } from './batch.js';
import type { JsonValue } from './json.js';
import type { ApprovalRequest, RoutedCall } from './routed-call.js';

/** Beside what is the result's own business. */
export interface ActivityOutcome extends Handover {
  /** An inference: what it asks us to run, and what hosted tools ask us to approve. */
  readonly calls?: readonly RoutedCall[];
  readonly approvals?: readonly ApprovalRequest[];
  /** A tool: what it answers. */
  readonly output?: JsonValue;
}

/** What the activity says that answers what a turn leaves open in a conversation. */
export interface CompletionOutcome {
  /** false: only a request can add outputs at this server. */
  readonly completed: boolean;
}

export function isCompletion(result: unknown): boolean {
  return (Object(result) as Partial<CompletionOutcome>).completed === true;
}

/** Whether one of our activities made this result: an operator may have completed the activity by hand. */
export function isHandover(result: unknown): result is ActivityOutcome {
  const { epoch, batches } = Object(result) as { epoch?: unknown; batches?: unknown };
  return typeof epoch === 'number' && Array.isArray(batches);
}
