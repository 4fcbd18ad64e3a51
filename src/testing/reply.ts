/** Builders of reply steps; several in a list make one response. */
import type { JsonObject } from '../events/json.js';
import type {
  BreakOptions,
  BreakStep,
  DelayStep,
  FaultOptions,
  MalformedStep,
  SplitBytesStep,
} from './fault-step.js';
import type {
  AnnotatedText,
  ErrorStep,
  FailStep,
  FileSearchStep,
  FromHits,
  FunctionCallStep,
  IncompleteStep,
  McpApprovalStep,
  McpCallStep,
  ReasoningStep,
  RecordedStep,
  RefusalStep,
  StatusStep,
  TextOptions,
  TextStep,
  WebSearchStep,
} from './reply-step.js';
import type { WireEvent } from './wire.js';

/** A frame that ends in the middle of its JSON. */
const HALF_AN_EVENT = '{"type":"response.output_text.delta","del';

/** The steps of a reply: what models say, and how they fail. */
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
  /** An empty text is reasoning of which nothing is shown, as OpenAI sends it without `summary`. */
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
  /** An HTTP error in place of an answer; with `times`, later requests get the other steps of the reply. */
  status: (
    status: number,
    options: {
      readonly message?: string;
      readonly code?: string;
      readonly retryAfter?: number;
    } & FaultOptions = {},
  ): StatusStep => ({
    ...options,
    kind: 'status',
    status,
    message: options.message ?? `Scripted answer with status ${status}.`,
    code: options.code ?? null,
  }),
  /** The connection breaks in the middle of the answer; `cut(0)`: before any byte of it. */
  cut: (afterEvents?: number, options: BreakOptions = {}): BreakStep =>
    at(afterEvents, { kind: 'cut', ...options }),
  /** As `cut`, by a TCP reset. */
  reset: (afterEvents?: number, options: BreakOptions = {}): BreakStep =>
    at(afterEvents, { kind: 'reset', ...options }),
  /** The stream ends cleanly, without its terminal event. */
  end: (afterEvents?: number, options: BreakOptions = {}): BreakStep =>
    at(afterEvents, { kind: 'end', ...options }),
  /** The stream falls silent until the client leaves. */
  stall: (afterEvents?: number, options: BreakOptions = {}): BreakStep =>
    at(afterEvents, { kind: 'stall', ...options }),
  /** A frame that is no JSON. */
  malformed: (afterEvents?: number, options: { readonly data?: string } & FaultOptions = {}): MalformedStep =>
    at(afterEvents, { kind: 'malformed', data: HALF_AN_EVENT, ...options }),
  /** `ms` milliseconds of silence; `delay(ms, 0)`: before the headers. */
  delay: (ms: number, afterEvents?: number, options: FaultOptions = {}): DelayStep =>
    at(afterEvents, { kind: 'delay', ms, ...options }),
  /** The whole stream comes in pieces of `bytes` bytes. */
  splitBytes: (bytes = 3, options: FaultOptions = {}): SplitBytesStep => ({
    kind: 'split_bytes',
    bytes,
    afterEvents: 0,
    ...options,
  }),
  recorded: (events: readonly WireEvent[]): RecordedStep => ({ kind: 'recorded', events }),
};

function at<T extends object>(
  afterEvents: number | undefined,
  step: T,
): T & { readonly afterEvents?: number } {
  return afterEvents === undefined ? step : { ...step, afterEvents };
}
