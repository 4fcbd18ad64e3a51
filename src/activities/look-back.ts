/**
 * What is at the server before a request goes there. A turn that goes on from an earlier one may find calls
 * that nobody answered: that turn was terminated, or only a request can answer them there. They are answered
 * ahead of the input, since a request that leaves one open is refused, or misleads the model.
 *
 * One look: the conversation's newest items, which are needed anyway (see adopt.ts), or the response that the
 * turn was given. Within a turn nobody looks for calls: its own requests carry their outputs.
 */
import type { JsonObject } from '../events/json.js';
import type { InferInput } from '../protocol/activity.js';
import { unansweredIn } from './conversation-calls.js';
import { newestItems } from './conversation-items.js';
import type { Item } from './conversation-items.js';
import { isRefusal, statusOf } from './http-status.js';
import type { ModelClient } from './model-client.js';
import type { KnownState } from './request-state.js';
import { answeredBy, unanswered } from './unanswered.js';
import type { OurTools, Unanswered } from './unanswered.js';

export interface LookBack {
  /** The newest items of the conversation that the turn was given, newest first. */
  readonly items?: readonly Item[] | undefined;
  /** Answers to calls that were left open, for the request. */
  readonly ahead: readonly JsonObject[];
}

/** How long the look at a response may take, in ms. */
const LOOK_MS = 10_000;

/** 408, 409, 425 and 429 pass; other refusals say that there is nothing to see, or no right to see it. */
const PASSING: ReadonlySet<number> = new Set([408, 409, 425, 429]);

export async function lookBack(
  client: ModelClient,
  tools: OurTools,
  input: InferInput,
  { conversation, freshConversation, previous_response_id }: KnownState,
  signal: AbortSignal,
): Promise<LookBack> {
  const isFirst = input.response === 1;
  if (conversation !== undefined && !freshConversation) {
    const items = await newestItems(client, conversation, signal);
    if (!items || !isFirst) return { items, ahead: [] };
    return { items, ahead: ahead(await unansweredIn(client, conversation, items, tools, signal), input) };
  }
  if (!isFirst || previous_response_id === undefined) return { ahead: [] };
  return { ahead: ahead(unanswered(await outputOf(client, previous_response_id, signal), tools), input) };
}

/** The user may have answered them in person. */
function ahead(open: readonly Unanswered[], { input }: InferInput): readonly JsonObject[] {
  const answered: readonly unknown[] = typeof input === 'string' ? [] : input.map(answeredBy);
  return open.flatMap(({ id, aborted }) => (answered.includes(id) ? [] : [aborted]));
}

/** The output items of a stored response; none where it cannot be seen, or is not over. */
async function outputOf(
  client: ModelClient,
  id: string,
  signal: AbortSignal,
): Promise<readonly JsonObject[]> {
  const { responses } = client;
  if (!responses.retrieve) return [];
  try {
    const found = await responses.retrieve(id, {}, { signal, maxRetries: 0, timeout: LOOK_MS });
    const { output, status } = found as { readonly output?: unknown; readonly status?: unknown };
    if (status === 'queued' || status === 'in_progress') return [];
    return Array.isArray(output) ? (output as readonly JsonObject[]) : [];
  } catch (thrown) {
    const status = statusOf(thrown);
    if (status === 501 || (isRefusal(status) && !PASSING.has(status))) return [];
    throw thrown;
  }
}
