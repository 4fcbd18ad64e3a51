/**
 * What a turn says again although the conversation holds it. A turn that was interrupted does not know whether
 * the server took its last request; the turn after it looks. Pure.
 */
import type { InferInput } from '../protocol/activity.js';
import { saysTheSame } from './adopt.js';
import type { Item } from './conversation-items.js';
import { itemsOf } from './input-items.js';

/** The input without what was said since; all of it where the conversation cannot be seen. */
export function withoutSaid(input: InferInput, items: readonly Item[] = []): InferInput {
  const { said_again } = input;
  if (!said_again) return input;
  const known = new Set(said_again.newest_items);
  const fresh = items.filter(({ id, role }) => id !== undefined && !known.has(id) && role !== 'assistant');
  const left = itemsOf(input.input).filter((sent, index) => {
    const at = index < said_again.items ? fresh.findIndex((item) => saysTheSame(item, sent)) : -1;
    if (at >= 0) fresh.splice(at, 1);
    return at < 0;
  });
  return { ...input, input: left };
}
