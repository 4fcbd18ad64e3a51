/**
 * Answers open calls in a request of their own. Llama Stack shows its model the outputs of a request after the
 * messages of it, which breaks the pairs of calls and outputs; so there the user's message comes in a second
 * request, be it the next turn's, or one that joined this turn. The model has to say something in between: it may
 * call nothing, and a few tokens end it.
 */
import type { Agent } from '../agents/define-agent.js';
import type { JsonObject } from '../events/json.js';
import type { InferInput } from '../protocol/activity.js';
import type { Attempt } from './attempt.js';
import { ResponseEnded } from './give-up.js';
import { itemsOf } from './input-items.js';
import type { LookBack } from './look-back.js';
import type { ModelClient } from './model-client.js';
import { saidFailure } from './model-errors.js';
import { requestBody } from './request.js';
import { capabilitiesFor } from './request-state.js';
import type { RequestState } from './request.js';
import { answeredBy, unanswered } from './unanswered.js';

/** The least that OpenAI takes. */
const FEW_TOKENS = 16;
const TIMEOUT_MS = 60_000;

export interface Apart {
  /** Items for the request ahead; none where an earlier attempt sent them. */
  readonly outputs: readonly JsonObject[];
  /** What is left for the request itself. */
  readonly input: InferInput['input'];
}

/** What cannot go in one request; undefined where all can. Decisions about hosted tools go with messages. */
export function mustGoApart(
  { ahead, items = [] }: LookBack,
  agent: Agent,
  client: ModelClient,
  { input }: InferInput,
  { conversation, previous_response_id }: RequestState,
): Apart | undefined {
  // Where calls and outputs are sent together, each output stands behind its call.
  if (conversation === undefined && previous_response_id === undefined) return undefined;
  if (capabilitiesFor(agent, client).keepsInputOrder) return undefined;
  const given = itemsOf(input);
  const outputs = given.filter(isOutput);
  const rest = given.filter((item) => !isOutput(item));
  const isMixed = outputs.length > 0 && rest.some(({ role }) => role !== undefined);
  if (!isMixed) return ahead.some(isOutput) ? { outputs: ahead, input } : undefined;
  const open = unanswered(items.toReversed(), agent).map(({ id }) => id);
  const there = items.flatMap((item) => answeredBy(item) ?? []).filter((id) => !open.includes(id));
  const missing = outputs.filter((item) => !there.includes(answeredBy(item) ?? ''));
  return { outputs: [...ahead, ...missing], input: rest };
}

function isOutput(item: JsonObject): boolean {
  return answeredBy(item) !== undefined && item['type'] !== 'mcp_approval_response';
}

/** Gives the id of the response, from which the turn goes on. @throws ResponseEnded, or what the client throws. */
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
  throw new ResponseEnded({ ...saidFailure({ code, message }, { attempt }), ended: true });
}
