/** A step without what it said and what came of it. Pure. */
import type { Step } from '../events/progress.js';

export function bareStep(step: Step): Step {
  if (step.step_type === 'tool_execution') {
    const { report: _report, ...rest } = step;
    return { ...rest, arguments: '', tool_responses: [], failed_attempts: [], truncated: true };
  }
  const { refusal: _refusal, ...rest } = step;
  return {
    ...rest,
    text: '',
    reasoning: [],
    annotations: [],
    function_calls: [],
    server_tool_executions: [],
    truncated: true,
  };
}
