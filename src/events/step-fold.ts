/** The fold of one step: how it opens, grows, closes and is superseded. Pure; used by advance.ts only. */
import type { InferenceStep, Step, ToolExecutionStep } from './progress.js';
import type {
  Delta,
  InferenceCompleted,
  ReasoningDelta,
  ReasoningText,
  StepCompleted,
  StepStarted,
  StepSuperseded,
  ToolCall,
  ToolExecutionCompleted,
} from './turn-event.js';

const KEPT_FAILED_ATTEMPTS = 10;

export function newStep(event: StepStarted): Step {
  const base = { step_id: event.step_id, number: 0, state: 'running', started_at: event.at } as const;
  if (event.step_type === 'inference') {
    return {
      ...base,
      step_type: 'inference',
      ...event.metadata,
      text: '',
      reasoning: [],
      annotations: [],
      function_calls: [],
      server_tool_executions: [],
    };
  }
  const { arguments: written = '', ...metadata } = event.metadata;
  return {
    ...base,
    step_type: 'tool_execution',
    ...metadata,
    arguments: written,
    failed_attempts: [],
    tool_responses: [],
  };
}

export function withDelta(step: Step, delta: Delta): Step {
  return step.step_type === 'inference' ? withModelDelta(step, delta) : withToolDelta(step, delta);
}

function withModelDelta(step: InferenceStep, delta: Delta): InferenceStep {
  switch (delta.type) {
    case 'text':
      return { ...step, text: step.text + delta.text };
    case 'reasoning':
      return { ...step, reasoning: appendReasoning(step.reasoning, delta) };
    case 'refusal':
      return { ...step, refusal: (step.refusal ?? '') + delta.text };
    case 'annotation':
      return { ...step, annotations: [...step.annotations, delta.annotation] };
    case 'tool_call_issued': {
      const { type: _type, ...call } = delta;
      return { ...step, function_calls: [...step.function_calls, call] };
    }
    case 'tool_call_delta':
      return { ...step, function_calls: growCall(step.function_calls, delta.call_id, delta.arguments_delta) };
    default:
      return step;
  }
}

function withToolDelta(step: ToolExecutionStep, delta: Delta): ToolExecutionStep {
  switch (delta.type) {
    case 'tool_call_delta':
      return { ...step, arguments: step.arguments + delta.arguments_delta };
    case 'attempt_started':
      return { ...step, attempt: delta.attempt };
    case 'attempt_failed': {
      const { type: _type, ...failed } = delta;
      return { ...step, failed_attempts: [...step.failed_attempts, failed].slice(-KEPT_FAILED_ATTEMPTS) };
    }
    case 'tool_report':
      return { ...step, report: delta.data };
    default:
      return step;
  }
}

/** The result is the truth: what it says takes the place of what the deltas had said. */
export function closeStep(step: Step, event: StepCompleted): Step {
  const closed = {
    state: event.status,
    ended_at: event.at,
    ...(event.error === undefined ? {} : { error: event.error }),
  };
  if (step.step_type === 'inference' && event.step_type === 'inference') {
    const { refusal: _saidSoFar, ...known } = step;
    return { ...known, ...closed, ...fromInferenceResult(event) };
  }
  if (step.step_type === 'tool_execution' && event.step_type === 'tool_execution') {
    return { ...step, ...closed, ...fromToolResult(step, event) };
  }
  return step;
}

function fromInferenceResult({ result }: InferenceCompleted): Partial<InferenceStep> {
  const { text_content, reasoning, annotations, ...rest } = result;
  return { ...rest, text: text_content, reasoning: reasoning ?? [], annotations: annotations ?? [] };
}

function fromToolResult(
  step: ToolExecutionStep,
  { result }: ToolExecutionCompleted,
): Partial<ToolExecutionStep> {
  const call = result.tool_calls.find((candidate) => candidate.call_id === step.call_id);
  return { tool_responses: result.tool_responses, ...(call ? { arguments: call.arguments } : {}) };
}

/** A superseded step keeps what it was and why it is void, and no text, call or result. */
export function supersedeStep(step: Step, event: StepSuperseded): Step {
  const void_ = { state: 'superseded', ended_at: event.at, reason: event.reason } as const;
  if (step.step_type === 'tool_execution') return { ...step, ...void_, tool_responses: [] };
  const { refusal: _refusal, usage: _usage, stop_reason: _stop, ...rest } = step;
  return {
    ...rest,
    ...void_,
    text: '',
    reasoning: [],
    annotations: [],
    function_calls: [],
    server_tool_executions: [],
  };
}

/** Deltas of one kind that follow each other are one text. */
function appendReasoning(
  reasoning: readonly ReasoningText[],
  { kind, text }: ReasoningDelta,
): readonly ReasoningText[] {
  const last = reasoning.at(-1);
  if (last?.kind !== kind) return [...reasoning, { kind, text }];
  return reasoning.with(-1, { kind, text: last.text + text });
}

function growCall(calls: readonly ToolCall[], callId: string, written: string): readonly ToolCall[] {
  const index = calls.findLastIndex((call) => call.call_id === callId);
  const call = calls[index];
  return call ? calls.with(index, { ...call, arguments: call.arguments + written }) : calls;
}
