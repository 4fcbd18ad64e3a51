/**
 * A reply is a list of steps, as data: what the pretended model does in one response, in order.
 * What each step becomes on the wire is told in item-events.ts, response-stream.ts and deliver.ts.
 */
import type { JsonObject } from '../events/json.js';
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
export interface StatusStep {
  readonly kind: 'status';
  readonly status: number;
  readonly message: string;
  readonly code: string | null;
  /** Seconds; fractions go out as `retry-after-ms` too. */
  readonly retryAfter?: number;
}

/** The stream breaks: `cut` destroys the socket, `end` closes it cleanly, `stall` falls silent. */
export interface BreakStep {
  readonly kind: 'cut' | 'end' | 'stall';
  /** Events sent before it; default: those of the steps that stand before it. */
  readonly afterEvents?: number;
  /** The response is completed, stored and added to its conversation all the same; default false. */
  readonly committed?: boolean;
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

export type ReplyStep =
  ItemStep | IncompleteStep | FailStep | ErrorStep | StatusStep | BreakStep | RecordedStep;

/** What one request is answered with. */
export type Reply = ReplyStep | readonly ReplyStep[];

export interface BreakOptions {
  readonly committed?: boolean;
}

/** Builders of reply steps; several in a list make one response. */
export const reply = {
  /** A message of the assistant, in deltas. A function gets the hits of the file searches before it. */
  text: (text: FromHits<string | AnnotatedText>, options: TextOptions = {}): TextStep => ({
    kind: 'text',
    text,
    ...options,
  }),
  /** A call of a function of the client; several in one reply are parallel calls. */
  functionCall: (
    name: string,
    args: FromHits<JsonObject | string> = {},
    options: { readonly callId?: string } = {},
  ): FunctionCallStep => ({ kind: 'function_call', name, arguments: args, ...options }),
  reasoning: (
    text: string,
    options: Partial<Pick<ReasoningStep, 'as' | 'deltas' | 'perSecond'>> = {},
  ): ReasoningStep => ({ kind: 'reasoning', text, as: 'summary', ...options }),
  refusal: (refusal: string): RefusalStep => ({ kind: 'refusal', refusal }),
  /** Searches the vector stores of the request's `file_search` tool, really. */
  fileSearch: (...queries: string[]): FileSearchStep => ({
    kind: 'file_search',
    ...(queries.length > 0 && { queries }),
  }),
  webSearch: (query: string, sources: readonly string[] = []): WebSearchStep => ({
    kind: 'web_search',
    query,
    sources,
  }),
  mcpCall: (
    serverLabel: string,
    name: string,
    args: JsonObject | string,
    result: { readonly output?: string; readonly error?: string },
  ): McpCallStep => ({
    kind: 'mcp_call',
    serverLabel,
    name,
    arguments: args,
    output: result.output ?? null,
    error: result.error ?? null,
  }),
  mcpApproval: (serverLabel: string, name: string, args: JsonObject | string = {}): McpApprovalStep => ({
    kind: 'mcp_approval_request',
    serverLabel,
    name,
    arguments: args,
  }),
  incomplete: (reason = 'max_output_tokens'): IncompleteStep => ({ kind: 'incomplete', reason }),
  fail: (error: { readonly code: string; readonly message: string }): FailStep => ({
    kind: 'fail',
    ...error,
  }),
  error: (error: { readonly code: string; readonly message: string; readonly type?: string }): ErrorStep => ({
    kind: 'error',
    type: 'server_error',
    ...error,
  }),
  status: (
    status: number,
    options: { readonly message?: string; readonly code?: string; readonly retryAfter?: number } = {},
  ): StatusStep => ({
    kind: 'status',
    status,
    message: options.message ?? `Scripted answer with status ${status}.`,
    code: options.code ?? null,
    ...(options.retryAfter !== undefined && { retryAfter: options.retryAfter }),
  }),
  /** `cut(0)` destroys the socket before any byte of the answer. */
  cut: (afterEvents?: number, options: BreakOptions = {}): BreakStep =>
    breakStep('cut', afterEvents, options),
  end: (afterEvents?: number, options: BreakOptions = {}): BreakStep =>
    breakStep('end', afterEvents, options),
  stall: (afterEvents?: number, options: BreakOptions = {}): BreakStep =>
    breakStep('stall', afterEvents, options),
  recorded: (events: readonly WireEvent[]): RecordedStep => ({ kind: 'recorded', events }),
};

function breakStep(
  kind: BreakStep['kind'],
  afterEvents: number | undefined,
  options: BreakOptions,
): BreakStep {
  return { kind, ...(afterEvents !== undefined && { afterEvents }), ...options };
}
