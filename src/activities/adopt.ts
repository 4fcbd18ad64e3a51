/**
 * An answer that is in the conversation already: the attempt before lost only the last words of it. Asking
 * again would put everything there twice, so what came on top is taken as the answer.
 *
 * Before its request an attempt keeps the ids of the conversation's newest items as heartbeat details. A later
 * attempt compares: what is there and was not there then came from this turn's request. Items have no order
 * that can be relied on (Llama Stack sorts by whole seconds), so they are compared as a set.
 */
import type { JsonObject } from '../events/json.js';
import type { InferInput } from '../protocol/activity.js';
import type { Attempt } from './attempt.js';
import type { ModelClient } from './model-client.js';

const NEWEST = 100;

/** Servers whose conversations cannot be listed: the request is then sent without a look back. */
const CANNOT_LIST: ReadonlySet<unknown> = new Set([404, 405, 501]);

interface Item extends JsonObject {
  readonly id?: string;
  readonly type?: string;
  readonly role?: string;
  readonly status?: string;
}

/**
 * The end of the response that an earlier attempt got into the conversation, as a stream event; undefined where
 * the model is to be asked.
 */
export async function adoptedEnd(
  client: ModelClient,
  conversation: string,
  attempt: Attempt,
  model: string,
  input: InferInput['input'],
): Promise<JsonObject | undefined> {
  const items = await newestItems(client, conversation, attempt.signal);
  if (!items) return undefined;
  const before = attempt.kept.newest_items;
  if (!before) {
    attempt.keep({ newest_items: items.flatMap(({ id }) => id ?? []) });
    return undefined;
  }
  const known = new Set(before);
  const fresh = items.filter((item) => item.id !== undefined && !known.has(item.id));
  // Somebody else's turn or app put something there meanwhile: what is whose cannot be told.
  if (!fresh.every((item) => isOutput(item) || isOurs(item, input))) return undefined;
  // The list is newest first, a response's output oldest first.
  const output = fresh.filter(isOutput).toReversed();
  if (output.length === 0) return undefined;
  const status = output.some((item) => item.status === 'incomplete') ? 'incomplete' : 'completed';
  return { type: `response.${status}`, response: { status, model, output } };
}

async function newestItems(
  client: ModelClient,
  conversation: string,
  signal: AbortSignal,
): Promise<readonly Item[] | undefined> {
  const { items } = client.conversations;
  if (!items) return undefined;
  try {
    const { data } = await items.list(
      conversation,
      { limit: NEWEST, order: 'desc' },
      { signal, maxRetries: 0 },
    );
    return asItems(data);
  } catch (thrown) {
    if (CANNOT_LIST.has((Object(thrown) as { status?: unknown }).status)) return undefined;
    throw thrown;
  }
}

/** Whether our request brought this item: an output of our calls, or a message that says what ours says. */
function isOurs(item: Item, input: InferInput['input']): boolean {
  const ours: readonly unknown[] = typeof input === 'string' ? [{ role: 'user', content: input }] : input;
  return ours.some((sent) => {
    const { call_id, content } = Object(sent) as Readonly<Record<string, unknown>>;
    if (item['call_id'] !== undefined) return call_id === item['call_id'];
    return content !== undefined && textIn(content) === textIn(item['content']);
  });
}

/** The texts of a message, however its parts are written: servers give back another form than they were sent. */
function textIn(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => String((Object(part) as { text?: unknown }).text ?? '')).join('');
}

/** What a model says or calls; not what users and tools said to it. */
function isOutput({ type = 'message', role }: Item): boolean {
  if (type === 'message') return role === 'assistant';
  return type === 'program_output' || type === 'tool_search_output' || !type.endsWith('_output');
}

/** The SDK's types of items are a closed union; servers send more than that, as JSON. */
function asItems(data: readonly object[]): readonly Item[] {
  return data as readonly Item[];
}
