/**
 * A reply is a list of steps, as data: what the pretended model does in one response, in order.
 * What each step becomes on the wire is told in item-events.ts, response-stream.ts and, for faults, deliver.ts.
 */
import type { JsonObject } from '../events/json.js';
import type { FaultOptions, FaultStep } from './fault-step.js';
import type { SearchHit } from './search.js';
import type { WireEvent } from './wire.js';

/** Text with the citations that stand in it. */
export interface AnnotatedText {
  readonly text: string;
  /** As on the wire, for example `{type: "file_citation", file_id, filename, index}`. */
  readonly annotations: readonly JsonObject[];
}

/** What a step says: fixed, or made from what the file searches of this response found. */
export type FromHits<T> = T | ((hits: readonly SearchHit[]) => T);

export interface TextOptions {
  /** Characters per delta; default 15. */
  readonly deltas?: number;
  /** Deltas per second; default: the server's `perSecond`, else as fast as possible. */
  readonly perSecond?: number;
  readonly phase?: 'commentary' | 'final_answer';
}

export type TextStep = {
  readonly kind: 'text';
  readonly text: FromHits<string | AnnotatedText>;
} & TextOptions;

export type ReasoningStep = {
  readonly kind: 'reasoning';
  readonly text: string;
  /** `summary` as OpenAI streams it, `text` as open models do. Default `summary`. */
  readonly as: 'summary' | 'text';
} & Pick<TextOptions, 'deltas' | 'perSecond'>;

export type RefusalStep = { readonly kind: 'refusal'; readonly refusal: string } & Pick<
  TextOptions,
  'deltas' | 'perSecond'
>;

export interface FunctionCallStep {
  readonly kind: 'function_call';
  readonly name: string;
  /** A string goes out as it is, so arguments can be cut or broken. */
  readonly arguments: FromHits<JsonObject | string>;
  /** Default: a fresh one. */
  readonly callId?: string;
}

export interface FileSearchStep {
  readonly kind: 'file_search';
  /** Default: the last user text. */
  readonly queries?: readonly string[];
}

export interface WebSearchStep {
  readonly kind: 'web_search';
  readonly query: string;
  readonly sources: readonly string[];
}

export interface McpCallStep {
  readonly kind: 'mcp_call';
  readonly serverLabel: string;
  readonly name: string;
  readonly arguments: JsonObject | string;
  readonly output: string | null;
  readonly error: string | null;
}

export interface McpApprovalStep {
  readonly kind: 'mcp_approval_request';
  readonly serverLabel: string;
  readonly name: string;
  readonly arguments: JsonObject | string;
}

/** The response ends `incomplete`; the item before it is cut short. */
export interface IncompleteStep {
  readonly kind: 'incomplete';
  readonly reason: string;
}

/** The response ends `failed`. */
export interface FailStep {
  readonly kind: 'fail';
  readonly code: string;
  readonly message: string;
}

/** An `error` event, after which the stream ends unless another step follows. */
export interface ErrorStep {
  readonly kind: 'error';
  readonly code: string;
  readonly message: string;
  readonly type: string;
}

/** No response at all: an HTTP error. */
export interface StatusStep extends FaultOptions {
  readonly kind: 'status';
  readonly status: number;
  readonly message: string;
  readonly code: string | null;
  /** Seconds; fractions go out as `retry-after-ms` too. */
  readonly retryAfter?: number;
}

/** A recorded stream, word for word. */
export interface RecordedStep {
  readonly kind: 'recorded';
  readonly events: readonly WireEvent[];
}

export type ItemStep =
  | TextStep
  | ReasoningStep
  | RefusalStep
  | FunctionCallStep
  | FileSearchStep
  | WebSearchStep
  | McpCallStep
  | McpApprovalStep;

/** Made by `reply`. */
export type ReplyStep =
  ItemStep | IncompleteStep | FailStep | ErrorStep | StatusStep | FaultStep | RecordedStep;

/** What one request is answered with. */
export type Reply = ReplyStep | readonly ReplyStep[];
