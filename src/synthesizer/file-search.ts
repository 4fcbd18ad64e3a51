/** The result of a hosted file search: queries and what was found, cut to a size that events can bear. */
import type { JsonObject, JsonValue } from '../events/index.js';
import { byteLength, cutToBytes } from './byte-limit.js';
import type { HostedResult } from './hosted-result.js';
import { isObject, objectsOf, textOf, wordsOf } from './json-reader.js';
import { HOSTED_TEXT_BYTES } from './limits.js';

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
  let left = HOSTED_TEXT_BYTES;
  let truncated = false;
  const results = found.map((result) => {
    const whole = textOf(result['text']);
    const text = cutToBytes(whole, left);
    if (text.length < whole.length) truncated = true;
    left = text.length < whole.length ? 0 : left - byteLength(text);
    return { ...named(result), text };
  });
  return { results, truncated };
}

function named(result: JsonObject): JsonObject {
  const fields: Record<string, JsonValue> = {};
  for (const name of ['file_id', 'filename', 'score']) {
    const value = result[name];
    if (typeof value === 'string' || typeof value === 'number') fields[name] = value;
  }
  const attributes = result['attributes'];
  if (isObject(attributes)) fields['attributes'] = attributes;
  return fields;
}
