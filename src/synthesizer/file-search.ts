/** The result of a hosted file search: queries and what was found, cut to a size that events can bear. */
import type { JsonObject } from '../events/index.js';
import type { HostedResult } from './hosted-result.js';
import { isObject, objectsOf, textOf, wordsOf } from './json-reader.js';
import { plainMembers, safeJson, TextAllowance } from './safe-json.js';

export function fileSearchResult(item: JsonObject): HostedResult {
  const queries = wordsOf(item['queries']);
  const hasResults = Array.isArray(item['results']);
  const { results, truncated } = cutResults(objectsOf(item['results']));
  return {
    content: { queries, ...(hasResults ? { results } : {}), ...(truncated ? { truncated } : {}) },
    is_error: item['status'] === 'failed',
    arguments: JSON.stringify({ queries }),
    // Results come only to those who ask for them with `include`.
    has_result: true,
  };
}

function cutResults(found: readonly JsonObject[]): { results: JsonObject[]; truncated: boolean } {
  const allowance = new TextAllowance();
  const results = found.map((result) => ({ ...named(result), text: allowance.take(textOf(result['text'])) }));
  return { results, truncated: allowance.truncated };
}

function named(result: JsonObject): JsonObject {
  const attributes = result['attributes'];
  return {
    ...plainMembers(result, ['file_id', 'filename', 'score']),
    ...(isObject(attributes) ? { attributes: safeJson(attributes) } : {}),
  };
}
