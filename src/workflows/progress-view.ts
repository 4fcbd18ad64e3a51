/** Progress small enough for a query: what is left out goes oldest first, and `truncated` says so. Pure. */
import type { Step, TurnProgress } from '../events/progress.js';
import type { TurnEndEvent } from '../events/turn-event.js';
import { utf8Bytes } from '../events/bytes.js';
import type { ProgressQuery } from '../protocol/definitions.js';
import { bareStep } from './bare-step.js';

const FULL_BYTES = 1024 * 1024;
const SUMMARY_BYTES = 64 * 1024;
const SUMMARY_ENTRIES = 50;
const SUMMARY_TEXT = 500;

export function progressView(progress: TurnProgress, query: ProgressQuery | null = {}): TurnProgress {
  return query?.detail === 'summary'
    ? within(summary(progress), SUMMARY_BYTES)
    : within(progress, FULL_BYTES);
}

/** What can be had elsewhere goes first: texts and results by the events, the end by the workflow's result. */
function within(progress: TurnProgress, limit: number): TurnProgress {
  const over = (view: TurnProgress): number => bytesOf(view) - limit;
  return [bareSteps, shortEnd, bareInputs, fewerSteps].reduce(
    (view, cut) => (over(view) > 0 ? { ...cut(view, over(view)), truncated: true } : view),
    progress,
  );
}

function bareSteps(progress: TurnProgress, over: number): TurnProgress {
  let left = over;
  const steps = progress.steps.map((step) => {
    if (left <= 0) return step;
    const bare = bareStep(step);
    left -= bytesOf(step) - bytesOf(bare);
    return bare;
  });
  return { ...progress, steps };
}

function shortEnd(progress: TurnProgress): TurnProgress {
  return progress.end ? { ...progress, end: short(progress.end) } : progress;
}

function short(event: TurnEndEvent): TurnEndEvent {
  const { open_calls: _calls, response_ids, ...rest } = event;
  const end = { ...rest, response_ids: response_ids.slice(-SUMMARY_ENTRIES) };
  if (end.type !== 'turn_completed') return end;
  const { final_output: _output, refusal: _refusal, final_text, ...told } = end;
  return { ...told, final_text: final_text.slice(-SUMMARY_TEXT) };
}

function bareInputs(progress: TurnProgress): TurnProgress {
  const inputs = progress.inputs.slice(-SUMMARY_ENTRIES).map((input) => ({ ...input, arguments: '' }));
  return { ...progress, inputs, response_ids: progress.response_ids.slice(-SUMMARY_ENTRIES) };
}

/** So many steps that even their bare forms are too much: the oldest go. */
function fewerSteps(progress: TurnProgress, over: number): TurnProgress {
  let left = over;
  const from = progress.steps.findIndex((step) => {
    if (left <= 0) return true;
    left -= bytesOf(step) + 1;
    return false;
  });
  return { ...progress, steps: from < 0 ? [] : progress.steps.slice(from) };
}

function summary(progress: TurnProgress): TurnProgress {
  const steps = progress.steps.slice(-SUMMARY_ENTRIES).map((step): Step => {
    if (step.step_type === 'tool_execution') {
      return {
        ...step,
        arguments: step.arguments.slice(0, SUMMARY_TEXT),
        tool_responses: [],
        truncated: true,
      };
    }
    const text = step.text.slice(-SUMMARY_TEXT);
    return { ...step, text, reasoning: [], annotations: [], function_calls: [], truncated: true };
  });
  return { ...progress, steps, truncated: true };
}

const bytesOf = (value: unknown): number => utf8Bytes(JSON.stringify(value));
