/** Items keep all they know; what of it a client sees is decided by `include`. */
import { isObject } from './wire.js';
import type { Item } from './wire.js';

/** The item without the parts that only `include` shows. */
export function visibleItem(item: Item, include: readonly string[]): Item {
  if (item.type === 'file_search_call' && !include.includes('file_search_call.results'))
    return { ...item, results: null };
  if (item.type === 'web_search_call' && !include.includes('web_search_call.action.sources')) {
    const action = item['action'];
    if (isObject(action)) return { ...item, action: { ...action, sources: undefined } };
  }
  return item;
}

/** `include` of a query, as clients of OpenAI write lists. */
export function includeOf(query: URLSearchParams): readonly string[] {
  return [...query.getAll('include'), ...query.getAll('include[]')];
}
