/** What a step says while it runs. */
import type { JsonObject, JsonValue } from './json.js';
import type { TurnError } from './turn-event.js';

/** A piece of a step, told apart by `type`. Leave out types that you do not know. */
export type Delta =
  | TextDelta
  | ReasoningDelta
  | RefusalDelta
  | AnnotationDelta
  | ToolCallIssued
  | ToolCallDelta
  | ToolCallCompleted
  | AttemptStarted
  | AttemptFailed
  | ToolReport;

/** Text of the answer. */
export interface TextDelta {
  readonly type: 'text';
  readonly text: string;
}
/** Text of the model's reasoning. */
export interface ReasoningDelta {
  readonly type: 'reasoning';
  readonly kind: ReasoningKind;
  readonly text: string;
}
/** `summary`: of the reasoning; `text`: the reasoning itself. */
export type ReasoningKind = 'summary' | 'text';
/** Text of a refusal. */
export interface RefusalDelta {
  readonly type: 'refusal';
  readonly text: string;
}
/** A citation, as OpenAI writes it. */
export interface AnnotationDelta {
  readonly type: 'annotation';
  readonly annotation: JsonObject;
}
/** The model asks for one of our tools. `arguments` is what is known when the call opens, often "". */
export interface ToolCallIssued {
  readonly type: 'tool_call_issued';
  readonly call_id: string;
  readonly tool_type: string;
  readonly tool_name: string;
  readonly arguments: string;
}
/** A piece of the arguments of a call. */
export interface ToolCallDelta {
  readonly type: 'tool_call_delta';
  readonly call_id: string;
  readonly arguments_delta: string;
}
/** A hosted tool has its result. */
export interface ToolCallCompleted {
  readonly type: 'tool_call_completed';
  readonly call_id: string;
  readonly tool_type: string;
  readonly tool_name: string;
  readonly result: JsonValue;
}
/** One of our tools is tried. `worker` is the Temporal identity of the worker. */
export interface AttemptStarted {
  readonly type: 'attempt_started';
  readonly attempt: number;
  readonly worker: string;
}
/** A try of one of our tools failed; `retry_at` says when the next one is due, absent when there is none. */
export interface AttemptFailed {
  readonly type: 'attempt_failed';
  readonly attempt: number;
  readonly error: TurnError;
  readonly retry_at?: string;
}
/** What a running tool said with `ctx.report(data)`, or what a hosted one printed while it ran. */
export interface ToolReport {
  readonly type: 'tool_report';
  readonly data: JsonValue;
}
