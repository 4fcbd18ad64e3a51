/**
 * Answers open calls in a request of their own. Llama Stack shows its model the outputs of a request after the
 * messages of it, which breaks the pairs of calls and outputs; so there the user's message comes in a second
 * request. The model has to say something in between: it may call nothing, and a few tokens end it.
 */
import type { Agent } from '../agents/define-agent.js';
import type { JsonObject } from '../events/json.js';
import type { InferInput } from '../protocol/activity.js';
import { failureOf } from '../protocol/failures.js';
import type { Attempt } from './attempt.js';
import type { ModelClient } from './model-client.js';
import { saidFailure } from './model-errors.js';
import { requestBody } from './request.js';
import { capabilitiesFor } from './request-state.js';
import type { RequestState } from './request.js';

/** The least that OpenAI takes. */
const FEW_TOKENS = 16;
const TIMEOUT_MS = 60_000;

/** Whether these answers cannot go ahead of the input in one request. Decisions about hosted tools always can. */
export function mustGoApart(ahead: readonly JsonObject[], agent: Agent, client: ModelClient): boolean {
  const hasOutputs = ahead.some(({ type }) => type !== 'mcp_approval_response');
  return hasOutputs && !capabilitiesFor(agent, client).keepsInputOrder;
}

/** Gives the id of the response, from which the turn goes on. */
export async function answerApart(
  client: ModelClient,
  agent: Agent,
  input: InferInput,
  state: RequestState,
  ahead: readonly JsonObject[],
  { signal, number: attempt }: Pick<Attempt, 'signal' | 'number'>,
): Promise<string | undefined> {
  const {
    text: _format,
    background: _background,
    include: _include,
    ...body
  } = requestBody(agent, input, state);
  const outputs = {
    ...body,
    input: ahead,
    tool_choice: 'none',
    max_output_tokens: FEW_TOKENS,
    stream: false,
  } as const;
  const told = await client.responses.create(outputs, { signal, maxRetries: 0, timeout: TIMEOUT_MS });
  const { id, status, error } = told as {
    readonly id?: string;
    readonly status?: string;
    readonly error?: { readonly code?: string; readonly message?: string } | null;
  };
  if (status !== 'failed') return id;
  const { code = 'response_failed', message = 'The calls that were left open could not be answered' } =
    error ?? {};
  const failure = saidFailure({ code, message }, { attempt });
  throw failureOf(failure.type, failure.error, { retry: failure.error.retryable });
}
