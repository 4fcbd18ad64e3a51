/** The calls of a conversation that nobody answered, among its newest items. */
import type { Item } from './conversation-items.js';
import { NEWEST, newestItems } from './conversation-items.js';
import type { ModelClient } from './model-client.js';
import { unanswered } from './unanswered.js';
import type { OurTools, Unanswered } from './unanswered.js';

/**
 * @param items the newest ones, as `newestItems` gave them. An answer is newer than its call, but Llama Stack
 * orders by whole seconds: where the list ends among items of one second, a further page tells.
 */
export async function unansweredIn(
  client: ModelClient,
  conversation: string,
  items: readonly Item[],
  tools: OurTools,
  signal: AbortSignal,
): Promise<readonly Unanswered[]> {
  const open = unanswered(items.toReversed(), tools);
  const last = items.at(-1)?.id;
  if (open.length === 0 || items.length < NEWEST || last === undefined) return open;
  const more = (await newestItems(client, conversation, signal, last)) ?? [];
  const seen = new Set(items.flatMap(({ id }) => id ?? []));
  const older = more.filter(({ id }) => id === undefined || !seen.has(id));
  return unanswered([...items, ...older].toReversed(), tools);
}
