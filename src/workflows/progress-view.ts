/** Progress small enough for a query: what is left out goes oldest first, and `truncated` says so. Pure. */
import type { Step, TurnProgress } from '../events/progress.js';
import { utf8Bytes } from '../protocol/bytes.js';
import type { ProgressQuery } from '../protocol/definitions.js';

const FULL_BYTES = 1024 * 1024;
const SUMMARY_BYTES = 64 * 1024;
const SUMMARY_STEPS = 50;
const SUMMARY_TEXT = 500;

export function progressView(progress: TurnProgress, { detail = 'full' }: ProgressQuery = {}): TurnProgress {
  return detail === 'summary' ? within(summary(progress), SUMMARY_BYTES) : within(progress, FULL_BYTES);
}

function within(progress: TurnProgress, limit: number): TurnProgress {
  let over = utf8Bytes(JSON.stringify(progress)) - limit;
  if (over <= 0) return progress;
  const steps = progress.steps.map((step) => {
    if (over <= 0) return step;
    const bare = withoutContent(step);
    over -= utf8Bytes(JSON.stringify(step)) - utf8Bytes(JSON.stringify(bare));
    return bare;
  });
  const trimmed = { ...progress, steps, truncated: true };
  return over <= 0 ? trimmed : withoutFinalText(dropSteps(trimmed, over), limit);
}

/** So many steps that even their bare forms are too much: the oldest go. */
function dropSteps(progress: TurnProgress, over: number): TurnProgress {
  let left = over;
  const from = progress.steps.findIndex((step) => {
    if (left <= 0) return true;
    left -= utf8Bytes(JSON.stringify(step)) + 1;
    return false;
  });
  return { ...progress, steps: from < 0 ? [] : progress.steps.slice(from) };
}

/** A final text of its own near the limit: the result of the workflow has it whole. */
function withoutFinalText(progress: TurnProgress, limit: number): TurnProgress {
  const { end } = progress;
  if (end?.type !== 'turn_completed' || utf8Bytes(JSON.stringify(progress)) <= limit) return progress;
  return { ...progress, end: { ...end, final_text: end.final_text.slice(-SUMMARY_TEXT) } };
}

function withoutContent(step: Step): Step {
  if (step.step_type === 'tool_execution') return { ...step, arguments: '', tool_responses: [] };
  return { ...step, text: '', reasoning: [], annotations: [], server_tool_executions: [] };
}

function summary(progress: TurnProgress): TurnProgress {
  const steps = progress.steps.slice(-SUMMARY_STEPS).map((step): Step => {
    if (step.step_type === 'tool_execution') {
      return { ...step, arguments: step.arguments.slice(0, SUMMARY_TEXT), tool_responses: [] };
    }
    return {
      ...step,
      text: step.text.slice(-SUMMARY_TEXT),
      reasoning: [],
      annotations: [],
      function_calls: [],
    };
  });
  return { ...progress, steps, truncated: true };
}
