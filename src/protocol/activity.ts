/** What crosses between the workflow and its activities. */
import type { CompletionOutcome } from '../events/activity-outcome.js';
import type { Handover } from '../events/batch.js';
import type { JsonObject, JsonValue } from '../events/json.js';
import type { ApprovalRequest, RoutedCall } from '../events/routed-call.js';
import type { StopReason } from '../events/turn-event.js';
import type { PublishingInput, SaidAgain, TurnInput, TurnLimits, TurnOverrides } from './turn.js';

/** One request to the model. */
export interface InferInput {
  readonly agent: string;
  /** Hash of the agent's definition when the turn began; absent on the first response. */
  readonly agent_hash?: string;
  /** Ordinal of the response in the turn, from 1. */
  readonly response: number;
  /** What is new since the response before: the user's input, then tool outputs. */
  readonly input: TurnInput['input'] | readonly JsonObject[];
  readonly conversation?: string;
  /** The response to go on from, when there is one. */
  readonly previous_response_id?: string;
  /** Stateless agents: the turn whose transcript precedes this one's. */
  readonly previous_turn_id?: string;
  /** Of the turn's first response: what its input says again. */
  readonly said_again?: SaidAgain;
  readonly overrides?: TurnOverrides;
  readonly context?: JsonValue;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly publishing?: PublishingInput;
}

export interface InferResult extends Handover {
  readonly status: 'completed' | 'incomplete';
  readonly stop_reason: StopReason;
  readonly response_id?: string;
  readonly agent_hash: string;
  /** Left out when it is the text of the response's steps. */
  readonly final_text?: string;
  readonly final_output?: JsonValue;
  readonly refusal?: string;
  /** The conversation that was made for the turn. */
  readonly conversation?: string;
  /** The agent's limits, said once. */
  readonly limits?: TurnLimits;
  readonly calls: readonly RoutedCall[];
  /** Hosted MCP tools that wait for an approval. */
  readonly approvals?: readonly ApprovalRequest[];
  /** The agent wants its calls run one after another. */
  readonly sequential?: boolean;
  /** Stateless agents: the response's items, to be sent again with the next request. */
  readonly output_items?: readonly JsonObject[];
}

/** What a turn that ends leaves open in its conversation. */
export interface CompletionInput {
  readonly agent: string;
  readonly conversation: string;
  /** What is known of the outputs: items for those calls that lack one there. */
  readonly outputs: readonly JsonObject[];
}

export type CompletionResult = CompletionOutcome;

/** A response in the background that nobody wants any more. */
export interface ReleaseInput {
  readonly agent: string;
  readonly response_id: string;
}

/** One call of one of our tools. */
export interface ToolInput {
  readonly tool: string;
  readonly agent: string;
  readonly call_id: string;
  /** JSON text that fits the tool's schema; free text for custom tools. */
  readonly arguments: string;
  /** (turn, response, call): the same over attempts, crashes, replay and reset. */
  readonly idempotency_key: string;
  readonly context?: JsonValue;
  readonly publishing?: PublishingInput;
  /** How many calls run side by side: each then speaks less often. */
  readonly siblings: number;
}

export interface ToolResult extends Handover {
  /** What the model is told. */
  readonly output: JsonValue;
}
