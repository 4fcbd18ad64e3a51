/** Adds to an event of a batch what was left out because every reader has it already. */
import type { BatchEvent, BatchInferenceCompleted, BatchInputRequired, BatchToolCompleted } from './batch.js';
import type { JsonValue } from './json.js';
import type { InferenceStep, Step } from './progress.js';
import type { ApprovalRequest, RoutedCall } from './routed-call.js';
import type {
  InferenceResult,
  ToolExecutionResult,
  ToolMetadata,
  TurnError,
  TurnEvent,
  InputRequired,
} from './turn-event.js';

export interface Known {
  readonly turnId: string;
  /** The step that the event names, as folded so far. */
  readonly step: Step | undefined;
  /** The call that the step runs, when it is one of our tools. */
  readonly call: RoutedCall | undefined;
  /** The approval request that the event names. */
  readonly approval: ApprovalRequest | undefined;
  /** What the tool's activity returned, or somebody outside gave. */
  readonly output: JsonValue | undefined;
}

/** The whole event, or undefined when it speaks of a step that does not exist, or is void and does not start anew. */
export function completeEvent(event: BatchEvent, known: Known): TurnEvent | undefined {
  const { turnId, step } = known;
  switch (event.type) {
    case 'step_started':
      if (step && step.state !== 'superseded') return undefined;
      if (event.step_type === 'inference') return { ...event, turn_id: turnId };
      return { ...event, turn_id: turnId, metadata: event.metadata ?? toolMetadata(known.call) };
    case 'step_progress':
      return step?.state === 'running' ? { ...event, turn_id: turnId, step_type: step.step_type } : undefined;
    case 'step_completed':
      if (step?.state !== 'running') return undefined;
      if (event.step_type === 'inference') {
        if (step.step_type !== 'inference') return undefined;
        return { ...event, turn_id: turnId, result: inferenceResult(event, step) };
      }
      return {
        ...event,
        ...rejectionOf(event, known.call),
        turn_id: turnId,
        result: toolResult(event, known),
      };
    case 'step_superseded':
      return !step || step.state === 'superseded' ? undefined : { ...event, turn_id: turnId };
    case 'input_required':
      return inputRequired(event, known);
    case 'input_resolved':
      return { ...event, turn_id: turnId };
  }
}

function inferenceResult(event: BatchInferenceCompleted, step: InferenceStep): InferenceResult {
  const { text_content = step.text, reasoning = step.reasoning, ...rest } = event.result;
  return { ...rest, text_content, ...(reasoning.length > 0 ? { reasoning } : {}) };
}

function inputRequired(
  event: BatchInputRequired,
  { turnId, call, approval }: Known,
): InputRequired | undefined {
  if (approval) {
    const { approval_request_id, ...asked } = approval;
    return { ...event, ...asked, turn_id: turnId, call_id: approval_request_id };
  }
  if (!call?.input) return undefined;
  const { call_id, tool_name, arguments: written, input } = call;
  const { arguments_hash } = input;
  return { ...event, turn_id: turnId, call_id, tool_name, arguments: written, arguments_hash };
}

function toolMetadata(call: RoutedCall | undefined): ToolMetadata {
  if (!call) return { server_side: false, tool_type: 'function', tool_name: 'unknown' };
  const { call_id, tool_type, tool_name, arguments: written } = call;
  return { server_side: false, tool_type, tool_name, call_id, arguments: written };
}

function rejectionOf(event: BatchToolCompleted, call: RoutedCall | undefined): { error?: TurnError } {
  if (event.error || !call?.rejection) return {};
  return { error: { ...call.rejection, source: 'tool', retryable: false } };
}

function toolResult(event: BatchToolCompleted, { call, output }: Known): ToolExecutionResult {
  if (!call) return event.result ?? { tool_calls: [], tool_responses: [] };
  const { call_id, tool_type, tool_name, arguments: written } = call;
  return {
    tool_calls: [{ call_id, tool_type, tool_name, arguments: written }],
    tool_responses: event.result?.tool_responses ?? [
      {
        call_id,
        tool_name,
        content: output === undefined ? (call.rejection?.message ?? '') : output,
        is_error: event.status !== 'completed',
      },
    ],
  };
}
