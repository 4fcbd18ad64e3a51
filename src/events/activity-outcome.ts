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

/** Whether one of our activities made this result: an operator may have completed the activity by hand. */
export function isHandover(result: unknown): result is ActivityOutcome {
  const { epoch, batches } = Object(result) as { epoch?: unknown; batches?: unknown };
  return typeof epoch === 'number' && Array.isArray(batches);
}
