/** Calls that the last response asks for and that no further response was given the outputs of. Pure. */
import type { InferenceStep, TurnProgress } from './progress.js';
import type { ApprovalRequest } from './routed-call.js';
import { responseOfStep } from './step-id.js';
import type { ToolCall } from './turn-event.js';

/**
 * The last step of the last response that came to its end: the one that another turn can go on from, by its
 * `response_id`. A response that was cut off or failed is none: servers do not keep it.
 */
export function lastResponse(progress: TurnProgress): InferenceStep | undefined {
  return progress.steps.findLast(isEndOfResponse);
}

/** What a response asks for. The questions of hosted tools are answered with the next request, as calls are. */
export interface Asked {
  /** Ordinal of the response in the turn. */
  readonly response: number;
  readonly calls: readonly ToolCall[];
  readonly approvals: readonly ApprovalRequest[];
}

/** `asked`: by the newest response that was handed over; its own step may be all that is known of a later one. */
export function openCallsOf(progress: TurnProgress, asked: Asked | undefined): readonly ToolCall[] {
  const last = lastResponse(progress);
  if (!last) return [];
  if (asked?.response !== responseOfStep(last.step_id)) return last.function_calls;
  return [...asked.calls.map(bare), ...asked.approvals.map(callOf)];
}

function isEndOfResponse(step: TurnProgress['steps'][number]): step is InferenceStep {
  return (
    step.step_type === 'inference' &&
    (step.state === 'completed' || step.state === 'incomplete') &&
    step.stop_reason !== 'server_tool_call'
  );
}

function bare({ call_id, tool_type, tool_name, arguments: written }: ToolCall): ToolCall {
  return { call_id, tool_type, tool_name, arguments: written };
}

function callOf({ approval_request_id, tool_name, arguments: written }: ApprovalRequest): ToolCall {
  return { call_id: approval_request_id, tool_type: 'mcp', tool_name, arguments: written };
}
