/** Numbers, times and states in words for people. */
import type { TurnState, StepState } from '../../events/progress.js';
import type { Usage } from '../../events/turn-event.js';
import type { TurnStatus } from '../net/wire.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `340 ms`, `2.4 s`, `1 m 05 s`, `2 h 03 m`, `2 d 03 h`. Clocks differ, so less than nothing is nothing. */
export function duration(ms: number): string {
  const left = Math.max(0, ms);
  if (left < SECOND) return `${Math.round(left)} ms`;
  if (left < 10 * SECOND) return `${(Math.floor(left / 100) / 10).toFixed(1)} s`;
  if (left < MINUTE) return `${Math.floor(left / SECOND)} s`;
  if (left < HOUR) return `${Math.floor(left / MINUTE)} m ${padded((left % MINUTE) / SECOND)} s`;
  if (left < DAY) return `${Math.floor(left / HOUR)} h ${padded((left % HOUR) / MINUTE)} m`;
  return `${Math.floor(left / DAY)} d ${padded((left % DAY) / HOUR)} h`;
}

/** From one RFC 3339 time to another, in ms. */
export function between(start: string, end: string): number {
  return Date.parse(end) - Date.parse(start);
}

/** `just now`, `4 m ago`, `3 h ago`, `2 d ago`. */
export function ago(at: string, now: number): string {
  const past = Math.max(0, now - Date.parse(at));
  if (past < 10 * SECOND) return 'just now';
  if (past < MINUTE) return `${Math.floor(past / SECOND)} s ago`;
  if (past < HOUR) return `${Math.floor(past / MINUTE)} m ago`;
  if (past < DAY) return `${Math.floor(past / HOUR)} h ago`;
  return `${Math.floor(past / DAY)} d ago`;
}

export const count = (n: number): string => n.toLocaleString('en-US');

/** `1 step`, `2 steps`. */
export const counted = (n: number, one: string, many = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : many}`;

/** `1,204 in (1,000 cached) · 312 out (64 reasoning)`. */
export function tokens(usage: Usage): string {
  const cached = usage.input_tokens_details?.cached_tokens ?? 0;
  const reasoning = usage.output_tokens_details?.reasoning_tokens ?? 0;
  const inside = (n: number, what: string): string => (n > 0 ? ` (${count(n)} ${what})` : '');
  const input = `${count(usage.input_tokens)} in${inside(cached, 'cached')}`;
  return `${input} · ${count(usage.output_tokens)} out${inside(reasoning, 'reasoning')}`;
}

/** How long a text is, for somebody who decides whether to open it. */
export function size(characters: number): string {
  if (characters < 1000) return counted(characters, 'character');
  return characters < 1_000_000
    ? `${Math.round(characters / 1000)} K characters`
    : `${(characters / 1_000_000).toFixed(1)} M characters`;
}

export type AnyState = TurnState | StepState | TurnStatus | SessionState;

type SessionState = 'queued' | 'open' | 'idle' | 'closed';

/** How a state looks: five tones for all of them. */
export type Tone = 'busy' | 'good' | 'attention' | 'bad' | 'quiet';

export function toneOf(state: AnyState): Tone {
  switch (state) {
    case 'running':
    case 'open':
      return 'busy';
    case 'completed':
      return 'good';
    case 'waiting':
    case 'incomplete':
      return 'attention';
    case 'failed':
    case 'terminated':
    case 'timed_out':
    case 'denied':
      return 'bad';
    case 'cancelled':
    case 'superseded':
    case 'queued':
    case 'idle':
    case 'closed':
      return 'quiet';
    default: {
      const unknownToThisVersion: never = state;
      void unknownToThisVersion;
      return 'quiet';
    }
  }
}

export const stateWord = (state: AnyState): string => state.replaceAll('_', ' ');

/** `end_of_turn` and its kin, in words. A word of the server's own stays as it is. */
export function stopReason(reason: string): string {
  return STOP_REASONS[reason] ?? reason.replaceAll('_', ' ');
}

const STOP_REASONS: Readonly<Record<string, string>> = {
  approval_required: 'it asks for an approval',
  refusal: 'it refuses',
  max_output_tokens: 'max_output_tokens were used up',
  content_filter: 'by the content filter',
  limit_responses: 'the limit of responses was reached',
  limit_tool_calls: 'the limit of tool calls was reached',
  limit_tokens: 'the limit of tokens was reached',
  limit_time: 'the limit of time was reached',
  limit_history: 'the history is nearly full',
};

const padded = (n: number): string => String(Math.floor(n)).padStart(2, '0');
