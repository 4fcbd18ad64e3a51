/** A page of a list: `order` (default desc), `after`, `limit` (default 20), as all lists of the API take them. */
import type { JsonObject } from '../events/json.js';
import { badRequest } from './api-error.js';
import { stringOf } from './wire.js';

/** `entries` stand in the order in which they were made. */
export function pageOf(entries: readonly JsonObject[], query: URLSearchParams): JsonObject {
  const ordered = query.get('order') === 'asc' ? [...entries] : entries.toReversed();
  const limit = Number(query.get('limit') ?? 20);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    throw badRequest("Invalid 'limit': expected a number from 1 to 100.", 'limit');
  const after = query.get('after');
  const start = after === null ? 0 : ordered.findIndex(({ id }) => id === after) + 1;
  if (after !== null && start === 0) throw badRequest(`No entry with id '${after}' found.`, 'after');
  const data = ordered.slice(start, start + limit);
  return {
    object: 'list',
    data,
    first_id: stringOf(data[0]?.['id']) ?? null,
    last_id: stringOf(data.at(-1)?.['id']) ?? null,
    has_more: start + limit < ordered.length,
  };
}
