/** A call of one of our tools, and where it goes. The inference activity decides: the workflow knows no schemas. */
import type { JsonObject, JsonValue } from './json.js';
import type { InputKind, ToolCall } from './turn-event.js';

export interface RoutedCall extends ToolCall {
  /** Type of the activity, or of the workflow, that runs the tool. Absent when the call is rejected. */
  readonly activity?: string;
  /** Its ActivityOptions, or ChildWorkflowOptions, as JSON. */
  readonly options?: JsonObject;
  /** It exists without us, and knows nothing of our wrapper. */
  readonly foreign?: ForeignCall;
  /** A failure of the tool fails the turn, instead of being told to the model. */
  readonly fails_turn?: boolean;
  /** Somebody must decide before the call runs, or give its output. */
  readonly input?: InputNeed;
  /** The call cannot run: this is answered to the model. */
  readonly rejection?: CallRejection;
  /** What the item that answers the call has to repeat: who called, acknowledged safety checks. */
  readonly repeated?: JsonObject;
}

/** A call of an activity or a child workflow as it is. */
export interface ForeignCall {
  readonly kind: 'activity' | 'workflow';
  readonly args: readonly JsonValue[];
  readonly max_output_bytes: number;
}

/** What is asked, and what happens when nobody answers. */
export interface InputNeed {
  readonly kind: InputKind;
  /** Hex SHA-256 of the arguments: the decision is bound to them. */
  readonly arguments_hash: string;
  /** Default: no time limit. */
  readonly timeout_ms?: number;
  /** Default `deny`. */
  readonly on_timeout?: 'deny' | 'approve' | 'fail-turn';
}

/** A hosted MCP tool that its server runs only when the client approves. */
export interface ApprovalRequest {
  /** Of the `mcp_approval_request` item; the answer names it. */
  readonly approval_request_id: string;
  readonly server_label: string;
  readonly tool_name: string;
  readonly arguments: string;
  readonly arguments_hash: string;
}

export interface CallRejection {
  /** `unknown_tool` or `invalid_arguments`. */
  readonly code: string;
  /** What the model is told. */
  readonly message: string;
}
