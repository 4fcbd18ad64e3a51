/** The limits of a turn, looked at before it goes on. */
import type { CarriedAnswer } from '../protocol/turn-carry.js';
import type { Turn } from './turn.js';

const DEFAULT_MAX_RESPONSES = 1000;

/** The stop reason of the first limit that is reached, else undefined. */
export function limitReached(turn: Turn, answer: CarriedAnswer): string | undefined {
  const { max_responses = DEFAULT_MAX_RESPONSES, max_tool_calls, max_tokens, max_seconds } = turn.limits;
  if (turn.response >= max_responses) return 'limit_responses';
  if (max_tool_calls !== undefined && turn.toolCalls + answer.calls.length > max_tool_calls)
    return 'limit_tool_calls';
  if (max_tokens !== undefined && turn.recorder.progress.usage.total_tokens >= max_tokens)
    return 'limit_tokens';
  const seconds = (Date.now() - turn.startedAt) / 1000;
  if (max_seconds !== undefined && seconds >= max_seconds) return 'limit_time';
  return undefined;
}
