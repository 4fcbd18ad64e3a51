/** The limits of a turn, looked at before it goes on. */
import { workflowInfo } from '@temporalio/workflow';
import type { InferResult } from '../protocol/activity.js';
import type { Turn } from './turn.js';

const DEFAULT_MAX_RESPONSES = 1000;
/** Temporal terminates a run at 51,200 events or 50 MB, and with it all that the turn has come to. */
const MAX_HISTORY_EVENTS = 45_000;
const MAX_HISTORY_BYTES = 40 * 1024 * 1024;

/** The stop reason of the first limit that is reached, else undefined. */
export function limitReached(turn: Turn, answer: InferResult): string | undefined {
  const { max_responses = DEFAULT_MAX_RESPONSES, max_tool_calls, max_tokens, max_seconds } = turn.limits;
  if (turn.response >= max_responses) return 'limit_responses';
  if (max_tool_calls !== undefined && turn.toolCalls + answer.calls.length > max_tool_calls)
    return 'limit_tool_calls';
  if (max_tokens !== undefined && turn.recorder.progress.usage.total_tokens >= max_tokens)
    return 'limit_tokens';
  const seconds = (Date.now() - workflowInfo().startTime.getTime()) / 1000;
  if (max_seconds !== undefined && seconds >= max_seconds) return 'limit_time';
  const { historyLength, historySize } = workflowInfo();
  if (historyLength > MAX_HISTORY_EVENTS || historySize > MAX_HISTORY_BYTES) return 'limit_history';
  return undefined;
}
