/** The result of a hosted web search: the action it took. Pages and hits never come over the wire. */
import type { JsonObject } from '../events/index.js';
import { byteLength } from './byte-limit.js';
import type { HostedResult } from './hosted-result.js';
import { objectOf } from './json-reader.js';
import { HOSTED_TEXT_BYTES } from './limits.js';
import { safeJson } from './safe-json.js';

export function webSearchResult(item: JsonObject): HostedResult {
  const action = objectOf(safeJson(item['action'] ?? null));
  const is_error = item['status'] === 'failed';
  if (!action) return { content: null, is_error, has_result: true };
  const { sources, ...asked } = action;
  const content =
    byteLength(JSON.stringify(action)) > HOSTED_TEXT_BYTES
      ? { action: asked, truncated: true }
      : { action: sources === undefined ? asked : action };
  return { content, is_error, arguments: JSON.stringify(asked), has_result: true };
}
