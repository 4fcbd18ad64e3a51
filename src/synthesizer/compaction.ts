/**
 * Compaction: the server has put the conversation so far into one opaque item. No tool ran, so it is no step;
 * the inference step that it happened in says so in an annotation, with the item to find it by and its size.
 */
import type { JsonObject } from '../events/index.js';
import { textOf } from './json-reader.js';
import { appendAnnotation } from './parts.js';
import { plainMembers } from './safe-json.js';
import type { Draft, Item } from './state.js';

export function compacted(draft: Draft, item: Item, raw: JsonObject): void {
  appendAnnotation(
    draft,
    { item: item.ordinal, kind: 'text', index: 0 },
    {
      type: 'compaction',
      ...plainMembers({ item_id: raw['id'] }, ['item_id']),
      bytes: textOf(raw['encrypted_content']).length,
    },
  );
}
