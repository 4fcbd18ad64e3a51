/** The `filters` of a vector store search: comparisons of file attributes, joined by `and` and `or`. */
import type { JsonObject, JsonValue } from '../events/json.js';
import { badRequest } from './api-error.js';
import { listOf, objectsOf } from './wire.js';

/** `filter` as OpenAI writes it, for example `{type: "eq", key: "lang", value: "en"}`. */
export function matchesFilter(filter: JsonObject, attributes: JsonObject): boolean {
  const { type, value } = filter;
  const actual = attributes[String(filter['key'])];
  switch (type) {
    case 'and':
      return objectsOf(filter['filters']).every((part) => matchesFilter(part, attributes));
    case 'or':
      return objectsOf(filter['filters']).some((part) => matchesFilter(part, attributes));
    case 'eq':
      return actual === value;
    case 'ne':
      return actual !== value;
    case 'gt':
      return compare(actual, value, (a, b) => a > b);
    case 'gte':
      return compare(actual, value, (a, b) => a >= b);
    case 'lt':
      return compare(actual, value, (a, b) => a < b);
    case 'lte':
      return compare(actual, value, (a, b) => a <= b);
    case 'in':
      return actual !== undefined && listOf(value).includes(actual);
    case 'nin':
      return actual === undefined || !listOf(value).includes(actual);
    default:
      throw badRequest(`Invalid value for 'filters.type': '${String(type)}'.`, 'filters');
  }
}

function compare(
  a: JsonValue | undefined,
  b: JsonValue | undefined,
  holds: (a: number, b: number) => boolean,
): boolean {
  return typeof a === 'number' && typeof b === 'number' && holds(a, b);
}
