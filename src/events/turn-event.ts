/**
 * The contract: everything that happens in a turn, as readonly JSON with a literal `type`.
 * docs/events.md describes the same for readers in any language; events.schema.json is its machine form.
 * Readers ignore event and delta types that they do not know.
 */
import type { Delta, ReasoningKind } from './delta.js';
import type { JsonObject, JsonValue } from './json.js';

export type {
  AnnotationDelta,
  AttemptFailed,
  AttemptStarted,
  Delta,
  ReasoningDelta,
  ReasoningKind,
  RefusalDelta,
  TextDelta,
  ToolCallCompleted,
  ToolCallDelta,
  ToolCallIssued,
  ToolReport,
} from './delta.js';

/** The version of the event contract that `turn_started` names. */
export const EVENT_SCHEMA = 1;

/** What happens in a turn, told apart by `type`. Leave out types that you do not know. */
export type TurnEvent =
  | TurnStarted
  | StepStarted
  | StepProgress
  | StepCompleted
  | StepSuperseded
  | InputRequired
  | InputResolved
  | TurnCompleted
  | TurnFailed
  | TurnCancelled;

/** The event that ends a turn; there is exactly one. */
export type TurnEndEvent = TurnCompleted | TurnFailed | TurnCancelled;

/** `inference`: a response of the model; `tool_execution`: one call of a tool, of yours or of the server. */
export type StepType = 'inference' | 'tool_execution';

/** The first event of a turn. */
export interface TurnStarted {
  readonly type: 'turn_started';
  readonly turn_id: string;
  /** The session, else the conversation, when there is one. */
  readonly session_id?: string;
  readonly agent: string;
  readonly schema: typeof EVENT_SCHEMA;
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
}

/** A step has begun. */
export type StepStarted = InferenceStarted | ToolExecutionStarted;

/** The model is asked. */
export interface InferenceStarted {
  readonly type: 'step_started';
  readonly turn_id: string;
  readonly step_id: string;
  readonly step_type: 'inference';
  readonly at: string;
  readonly metadata: InferenceMetadata;
}

/** What is known of a response when it begins. */
export interface InferenceMetadata {
  readonly response_id?: string;
  readonly model?: string;
  /** Temporal's attempt number of the activity that asks the model, from 1. */
  readonly attempt: number;
}

/** A call is run. */
export interface ToolExecutionStarted {
  readonly type: 'step_started';
  readonly turn_id: string;
  readonly step_id: string;
  readonly step_type: 'tool_execution';
  readonly at: string;
  readonly metadata: ToolMetadata;
}

/** Which tool is called, and who runs it. */
export interface ToolMetadata {
  /** true: the model server runs the tool; false: we run it. */
  readonly server_side: boolean;
  /** The Responses item type without `_call`: `function`, `file_search`, `mcp` ... */
  readonly tool_type: string;
  readonly tool_name: string;
  /** Of a hosted tool: its call_id, else its item id. */
  readonly call_id?: string;
  readonly server_label?: string;
  /** JSON text as the model wrote it. */
  readonly arguments?: string;
}

/** A piece of what a step says or does. */
export interface StepProgress {
  readonly type: 'step_progress';
  readonly turn_id: string;
  readonly step_id: string;
  readonly step_type: StepType;
  readonly delta: Delta;
}

/** How a step has ended. */
export type StepStatus = 'completed' | 'incomplete' | 'failed' | 'cancelled' | 'denied';

/** A step has ended, well or not. */
export type StepCompleted = InferenceCompleted | ToolExecutionCompleted;

/** A response has ended, well or not. */
export interface InferenceCompleted {
  readonly type: 'step_completed';
  readonly turn_id: string;
  readonly step_id: string;
  readonly step_type: 'inference';
  readonly at: string;
  readonly status: StepStatus;
  readonly result: InferenceResult;
  readonly error?: TurnError;
}

/** A call has ended, well or not. */
export interface ToolExecutionCompleted {
  readonly type: 'step_completed';
  readonly turn_id: string;
  readonly step_id: string;
  readonly step_type: 'tool_execution';
  readonly at: string;
  readonly status: StepStatus;
  readonly result: ToolExecutionResult;
  readonly error?: TurnError;
}

/**
 * One response may span several inference steps. Only the last of them carries the response's
 * `function_calls`, `server_tool_executions` and `usage`.
 */
export interface InferenceResult {
  readonly response_id?: string;
  readonly model: string;
  /** Hash of the agent's definition that was used. */
  readonly agent_hash?: string;
  readonly text_content: string;
  readonly reasoning?: readonly ReasoningText[];
  readonly refusal?: string;
  readonly annotations?: readonly JsonObject[];
  /** Calls of our tools that this response asks for. */
  readonly function_calls: readonly ToolCall[];
  /** Hosted tools that the server ran in this response. */
  readonly server_tool_executions: readonly ServerToolExecution[];
  readonly stop_reason: StopReason;
  readonly usage?: Usage;
  readonly service_tier?: string;
}

/** A piece of reasoning. */
export interface ReasoningText {
  readonly kind: ReasoningKind;
  readonly text: string;
}

/** A call that the model asks for. */
export interface ToolCall {
  readonly call_id: string;
  readonly tool_type: string;
  readonly tool_name: string;
  /** JSON text as the model wrote it; free text for custom tools. */
  readonly arguments: string;
}

/** A call that the model's server ran within the response. */
export interface ServerToolExecution {
  readonly step_id: string;
  readonly call_id: string;
  readonly tool_type: string;
  readonly tool_name: string;
  readonly status: StepStatus;
}

/** What was called, and what came of it. */
export interface ToolExecutionResult {
  readonly tool_calls: readonly ToolCall[];
  readonly tool_responses: readonly ToolResponse[];
}

/** The output of one call, as the model is told it. */
export interface ToolResponse {
  readonly call_id: string;
  readonly tool_name: string;
  /** For our tools what the model is told; for hosted tools what the server said of the result. */
  readonly content: JsonValue;
  readonly is_error: boolean;
  readonly metadata?: JsonObject;
}

/**
 * Why a step or turn stopped. An open string: the server's own word is passed on.
 * @example end_of_turn, tool_calls, server_tool_call, approval_required, refusal, max_output_tokens,
 * content_filter, limit_responses, limit_tool_calls, limit_tokens, limit_time, limit_history
 */
export type StopReason = string;

/** Tokens, named as the Responses API names them. */
export interface Usage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly total_tokens: number;
  readonly input_tokens_details?: { readonly cached_tokens: number };
  readonly output_tokens_details?: { readonly reasoning_tokens: number };
}

/** Usage of a whole turn. `superseded` was paid for attempts whose steps are void; it is not in the sums. */
export interface TurnUsage extends Usage {
  readonly superseded?: Usage;
}

/**
 * An attempt was lost, so this step is void: drop what it said. The work is done again, in new steps.
 */
export interface StepSuperseded {
  readonly type: 'step_superseded';
  readonly turn_id: string;
  readonly step_id: string;
  readonly step_type: StepType;
  readonly at: string;
  /** true: the step had already said `step_completed`. */
  readonly was_completed: boolean;
  /** true: a hosted tool of the lost attempt may have had its effect. */
  readonly may_have_run: boolean;
  /** When the next attempt is due, where that is known. */
  readonly retry_at?: string;
  readonly reason: SupersedeReason;
}

/** Why a step is void. */
export interface SupersedeReason {
  /** A failure's code, or `attempt_lost`: the attempt fell silent. */
  readonly code: string;
  readonly message: string;
}

/** `approval`: may the call run? `tool_output`: somebody else is to run it. */
export type InputKind = 'approval' | 'tool_output';

/** The turn waits for a decision of somebody. */
export interface InputRequired {
  readonly type: 'input_required';
  readonly turn_id: string;
  readonly input_id: string;
  readonly step_id: string;
  readonly kind: InputKind;
  readonly call_id: string;
  readonly tool_name: string;
  readonly arguments: string;
  /** Hex SHA-256 of `arguments`: the decision is bound to them. */
  readonly arguments_hash: string;
  readonly server_label?: string;
  readonly expires_at?: string;
  readonly at: string;
}

/** How a question was decided. */
export type InputDecision = 'approve' | 'deny' | 'output' | 'error' | 'timeout' | 'cancelled';

/** What the turn waited for is decided, or wanted no more. */
export interface InputResolved {
  readonly type: 'input_resolved';
  readonly turn_id: string;
  readonly input_id: string;
  readonly decision: InputDecision;
  readonly by?: string;
  readonly reason?: string;
  readonly at: string;
}

/** The turn has ended, with an answer or at a limit. */
export interface TurnCompleted {
  readonly type: 'turn_completed';
  readonly turn_id: string;
  readonly session_id?: string;
  readonly at: string;
  readonly status: 'completed' | 'incomplete';
  readonly stop_reason: StopReason;
  /** Message text of the last response; of its phase `final_answer` if it has one. */
  readonly final_text: string;
  /** The parsed answer, when the agent has an `outputType`. */
  readonly final_output?: JsonValue;
  readonly refusal?: string;
  readonly response_ids: readonly string[];
  /** Steps that were not superseded. */
  readonly num_steps: number;
  readonly usage: TurnUsage;
  /** Calls that the server still waits for. */
  readonly open_calls?: readonly ToolCall[];
}

/** The turn has failed; `error` says why. */
export interface TurnFailed {
  readonly type: 'turn_failed';
  readonly turn_id: string;
  readonly session_id?: string;
  readonly at: string;
  readonly error: TurnError;
  readonly response_ids: readonly string[];
  readonly num_steps: number;
  readonly usage: TurnUsage;
  readonly open_calls?: readonly ToolCall[];
}

/** The turn was cancelled. */
export interface TurnCancelled {
  readonly type: 'turn_cancelled';
  readonly turn_id: string;
  readonly session_id?: string;
  readonly at: string;
  readonly response_ids: readonly string[];
  readonly num_steps: number;
  readonly usage: TurnUsage;
  readonly open_calls?: readonly ToolCall[];
}

/** Where an error comes from. */
export type ErrorSource = 'model' | 'tool' | 'limit' | 'workflow';

/** Why a turn, a step or an attempt has failed. */
export interface TurnError {
  /** The server's or our own code, for programs. */
  readonly code: string;
  /** For people: what happened and what to do. */
  readonly message: string;
  readonly source: ErrorSource;
  /** Whether the same work may succeed when it is tried again. */
  readonly retryable: boolean;
  /** Of the model server's answer. */
  readonly http_status?: number;
  /** The model server's `x-request-id`: its support asks for it. */
  readonly request_id?: string;
  readonly response_id?: string;
  readonly step_id?: string;
  /** Temporal's attempt that failed, from 1. */
  readonly attempt?: number;
}
