/** The newest items of a conversation, as the server lists them. */
import type { JsonObject } from '../events/json.js';
import { statusOf } from './http-status.js';
import type { ModelClient } from './model-client.js';

/** The most that servers list at a time. */
export const NEWEST = 100;

/** Nothing is there, or the server does not know how: conversations that cannot be listed are not looked back at. */
const NOTHING: ReadonlySet<unknown> = new Set([404, 405, 501]);

export interface Item extends JsonObject {
  readonly id?: string;
  readonly type?: string;
  readonly role?: string;
  readonly status?: string;
}

/** At most 100, newest first; those before `after` if it is given. Undefined where they cannot be listed. */
export async function newestItems(
  client: ModelClient,
  conversation: string,
  signal: AbortSignal,
  after?: string,
): Promise<readonly Item[] | undefined> {
  const { items } = client.conversations;
  if (!items) return undefined;
  try {
    const { data } = await items.list(
      conversation,
      { limit: NEWEST, order: 'desc', ...(after === undefined ? {} : { after }) },
      { signal, maxRetries: 0 },
    );
    return asItems(data);
  } catch (thrown) {
    if (NOTHING.has(statusOf(thrown))) return undefined;
    throw thrown;
  }
}

/** One that is gone already is no failure. */
export async function removeItems(
  client: ModelClient,
  conversation: string,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { items } = client.conversations;
  for (const id of ids) {
    try {
      await items?.delete?.(id, { conversation_id: conversation }, { signal, maxRetries: 0 });
    } catch (thrown) {
      if (!NOTHING.has(statusOf(thrown))) throw thrown;
    }
  }
}

/** The SDK's types of items are a closed union; servers send more than that, as JSON. */
function asItems(data: readonly object[]): readonly Item[] {
  return data as readonly Item[];
}
