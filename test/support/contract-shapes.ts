/**
 * Every object of the event contract by its name, with its fields. A field or a union member that is added to
 * the types and not here is a type error; what stands here and not in events.schema.json fails a test.
 */
import type {
  AnnotationDelta,
  AttemptFailed,
  AttemptStarted,
  Delta,
  ErrorSource,
  InferenceCompleted,
  InferenceMetadata,
  InferenceResult,
  InferenceStarted,
  InputDecision,
  InputKind,
  InputRequired,
  InputResolved,
  ReasoningDelta,
  ReasoningKind,
  ReasoningText,
  RefusalDelta,
  ServerToolExecution,
  StepProgress,
  StepStatus,
  StepSuperseded,
  StepType,
  SupersedeReason,
  TextDelta,
  ToolCall,
  ToolCallCompleted,
  ToolCallDelta,
  ToolCallIssued,
  ToolExecutionCompleted,
  ToolExecutionResult,
  ToolExecutionStarted,
  ToolMetadata,
  ToolReport,
  ToolResponse,
  TurnCancelled,
  TurnCompleted,
  TurnError,
  TurnFailed,
  TurnStarted,
  TurnUsage,
  Usage,
} from '../../src/events/turn-event.js';
import type { MessageSteered, TurnQueued } from '../../src/events/session-event.js';

export interface EventShapes {
  TurnStarted: TurnStarted;
  InferenceStarted: InferenceStarted;
  ToolExecutionStarted: ToolExecutionStarted;
  StepProgress: StepProgress;
  InferenceCompleted: InferenceCompleted;
  ToolExecutionCompleted: ToolExecutionCompleted;
  StepSuperseded: StepSuperseded;
  InputRequired: InputRequired;
  InputResolved: InputResolved;
  TurnCompleted: TurnCompleted;
  TurnFailed: TurnFailed;
  TurnCancelled: TurnCancelled;
  TurnQueued: TurnQueued;
  MessageSteered: MessageSteered;
}

export interface DeltaShapes {
  TextDelta: TextDelta;
  ReasoningDelta: ReasoningDelta;
  RefusalDelta: RefusalDelta;
  AnnotationDelta: AnnotationDelta;
  ToolCallIssued: ToolCallIssued;
  ToolCallDelta: ToolCallDelta;
  ToolCallCompleted: ToolCallCompleted;
  AttemptStarted: AttemptStarted;
  AttemptFailed: AttemptFailed;
  ToolReport: ToolReport;
}

interface PartShapes {
  InferenceMetadata: InferenceMetadata;
  ToolMetadata: ToolMetadata;
  InferenceResult: InferenceResult;
  ToolExecutionResult: ToolExecutionResult;
  ToolCall: ToolCall;
  ToolResponse: ToolResponse;
  ServerToolExecution: ServerToolExecution;
  ReasoningText: ReasoningText;
  Usage: Usage;
  TurnUsage: TurnUsage;
  InputTokensDetails: NonNullable<Usage['input_tokens_details']>;
  OutputTokensDetails: NonNullable<Usage['output_tokens_details']>;
  SupersedeReason: SupersedeReason;
  TurnError: TurnError;
}

type Shapes = EventShapes & DeltaShapes & PartShapes;

type Fields<T> = { readonly [K in keyof T]-?: object extends Pick<T, K> ? 'optional' : 'required' };

const step = { type: 'required', turn_id: 'required', step_id: 'required', step_type: 'required' } as const;
const completed = {
  ...step,
  at: 'required',
  status: 'required',
  result: 'required',
  error: 'optional',
} as const;
const end = {
  type: 'required',
  turn_id: 'required',
  session_id: 'optional',
  at: 'required',
  response_ids: 'required',
  num_steps: 'required',
  usage: 'required',
  open_calls: 'optional',
} as const;
const message = {
  type: 'required',
  session_id: 'required',
  message_id: 'required',
  turn_id: 'required',
  at: 'required',
} as const;
const call = { call_id: 'required', tool_type: 'required', tool_name: 'required' } as const;
const usage = {
  input_tokens: 'required',
  output_tokens: 'required',
  total_tokens: 'required',
  input_tokens_details: 'optional',
  output_tokens_details: 'optional',
} as const;

export const fieldsOf: { readonly [N in keyof Shapes]: Fields<Shapes[N]> } = {
  TurnStarted: {
    type: 'required',
    turn_id: 'required',
    session_id: 'optional',
    agent: 'required',
    schema: 'required',
    at: 'required',
  },
  InferenceStarted: { ...step, at: 'required', metadata: 'required' },
  ToolExecutionStarted: { ...step, at: 'required', metadata: 'required' },
  StepProgress: { ...step, delta: 'required' },
  InferenceCompleted: completed,
  ToolExecutionCompleted: completed,
  StepSuperseded: {
    ...step,
    at: 'required',
    was_completed: 'required',
    may_have_run: 'required',
    retry_at: 'optional',
    reason: 'required',
  },
  InputRequired: {
    type: 'required',
    turn_id: 'required',
    input_id: 'required',
    step_id: 'required',
    kind: 'required',
    call_id: 'required',
    tool_name: 'required',
    arguments: 'required',
    arguments_hash: 'required',
    server_label: 'optional',
    expires_at: 'optional',
    at: 'required',
  },
  InputResolved: {
    type: 'required',
    turn_id: 'required',
    input_id: 'required',
    decision: 'required',
    by: 'optional',
    reason: 'optional',
    at: 'required',
  },
  TurnCompleted: {
    ...end,
    status: 'required',
    stop_reason: 'required',
    final_text: 'required',
    final_output: 'optional',
    refusal: 'optional',
  },
  TurnFailed: { ...end, error: 'required' },
  TurnCancelled: end,
  TurnQueued: message,
  MessageSteered: message,
  TextDelta: { type: 'required', text: 'required' },
  ReasoningDelta: { type: 'required', kind: 'required', text: 'required' },
  RefusalDelta: { type: 'required', text: 'required' },
  AnnotationDelta: { type: 'required', annotation: 'required' },
  ToolCallIssued: { type: 'required', ...call, arguments: 'required' },
  ToolCallDelta: { type: 'required', call_id: 'required', arguments_delta: 'required' },
  ToolCallCompleted: { type: 'required', ...call, result: 'required' },
  AttemptStarted: { type: 'required', attempt: 'required', worker: 'required' },
  AttemptFailed: { type: 'required', attempt: 'required', error: 'required', retry_at: 'optional' },
  ToolReport: { type: 'required', data: 'required' },
  InferenceMetadata: { response_id: 'optional', model: 'optional', attempt: 'required' },
  ToolMetadata: {
    server_side: 'required',
    tool_type: 'required',
    tool_name: 'required',
    call_id: 'optional',
    server_label: 'optional',
    arguments: 'optional',
  },
  InferenceResult: {
    response_id: 'optional',
    model: 'required',
    agent_hash: 'optional',
    text_content: 'required',
    reasoning: 'optional',
    refusal: 'optional',
    annotations: 'optional',
    function_calls: 'required',
    server_tool_executions: 'required',
    stop_reason: 'required',
    usage: 'optional',
    service_tier: 'optional',
  },
  ToolExecutionResult: { tool_calls: 'required', tool_responses: 'required' },
  ToolCall: { ...call, arguments: 'required' },
  ToolResponse: {
    call_id: 'required',
    tool_name: 'required',
    content: 'required',
    is_error: 'required',
    metadata: 'optional',
  },
  ServerToolExecution: { step_id: 'required', ...call, status: 'required' },
  ReasoningText: { kind: 'required', text: 'required' },
  Usage: usage,
  TurnUsage: { ...usage, superseded: 'optional' },
  InputTokensDetails: { cached_tokens: 'required' },
  OutputTokensDetails: { reasoning_tokens: 'required' },
  SupersedeReason: { code: 'required', message: 'required' },
  TurnError: {
    code: 'required',
    message: 'required',
    source: 'required',
    retryable: 'required',
    http_status: 'optional',
    request_id: 'optional',
    response_id: 'optional',
    step_id: 'optional',
    attempt: 'optional',
  },
};

const valuesOf = <T extends string>(values: Readonly<Record<T, true>>): string[] => Object.keys(values);

/** The strings that have a closed list of values. */
export const namedValues = {
  StepType: valuesOf<StepType>({ inference: true, tool_execution: true }),
  StepStatus: valuesOf<StepStatus>({
    completed: true,
    incomplete: true,
    failed: true,
    cancelled: true,
    denied: true,
  }),
  ReasoningKind: valuesOf<ReasoningKind>({ summary: true, text: true }),
  InputKind: valuesOf<InputKind>({ approval: true, tool_output: true }),
  InputDecision: valuesOf<InputDecision>({
    approve: true,
    deny: true,
    output: true,
    error: true,
    timeout: true,
    cancelled: true,
  }),
  ErrorSource: valuesOf<ErrorSource>({ model: true, tool: true, limit: true, workflow: true }),
  TurnCompletedStatus: valuesOf<TurnCompleted['status']>({ completed: true, incomplete: true }),
  Delta: valuesOf<Delta['type']>({
    text: true,
    reasoning: true,
    refusal: true,
    annotation: true,
    tool_call_issued: true,
    tool_call_delta: true,
    tool_call_completed: true,
    attempt_started: true,
    attempt_failed: true,
    tool_report: true,
  }),
};
