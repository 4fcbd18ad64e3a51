/** The one rule by which a step ends that could not speak for itself any more. */
import type { InferenceStep, Step, ToolExecutionStep } from './progress.js';
import type { StepCompleted, StepStatus, ToolResponse, TurnError } from './turn-event.js';

export function endOfStep(
  turnId: string,
  step: Step,
  status: Extract<StepStatus, 'incomplete' | 'failed' | 'cancelled'>,
  error: TurnError | undefined,
  at: string,
): StepCompleted {
  const base = {
    type: 'step_completed',
    turn_id: turnId,
    step_id: step.step_id,
    at,
    status,
    ...(error && status === 'failed' ? { error } : {}),
  } as const;
  return step.step_type === 'inference'
    ? { ...base, step_type: 'inference', result: partialAnswer(step, status) }
    : { ...base, step_type: 'tool_execution', result: partialExecution(step, status, error) };
}

/** What was said so far. Its calls were never whole, so none of them is passed on. */
function partialAnswer(step: InferenceStep, status: string) {
  const { response_id, model = '', text, reasoning, refusal, annotations } = step;
  return {
    ...(response_id === undefined ? {} : { response_id }),
    model,
    text_content: text,
    ...(reasoning.length > 0 ? { reasoning } : {}),
    ...(refusal === undefined ? {} : { refusal }),
    ...(annotations.length > 0 ? { annotations } : {}),
    function_calls: [],
    server_tool_executions: [],
    stop_reason: status,
  };
}

function partialExecution(step: ToolExecutionStep, status: string, error: TurnError | undefined) {
  const { call_id = step.step_id, tool_type, tool_name, arguments: written, server_side } = step;
  const told: ToolResponse[] =
    !server_side && status === 'failed' && error
      ? [{ call_id, tool_name, content: toolErrorText(error), is_error: true }]
      : [];
  return { tool_calls: [{ call_id, tool_type, tool_name, arguments: written }], tool_responses: told };
}

/** What the model is told of a tool that failed for good: the message only, nothing of our internals. */
export function toolErrorText(error: TurnError): string {
  return `The tool failed: ${error.message}`;
}
