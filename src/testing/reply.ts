/** Builders of reply steps; several in a list make one response. */
import type { JsonObject } from '../events/json.js';
import type {
  AnnotatedText,
  BreakStep,
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

export interface BreakOptions {
  readonly committed?: boolean;
}

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
