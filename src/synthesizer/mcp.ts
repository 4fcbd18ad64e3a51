/** Results of hosted MCP items: a call's output or error, and the names of the tools that a server lists. */
import type { JsonObject } from '../events/index.js';
import type { HostedResult } from './hosted-result.js';
import { objectsOf, textOf, wordOf } from './json-reader.js';
import { fitting } from './safe-json.js';

export function mcpCallResult(item: JsonObject): HostedResult {
  const error = item['error'] ?? null;
  const is_error = error !== null;
  const { content, truncated } = fitting(is_error ? error : (item['output'] ?? null));
  const approval = wordOf(item['approval_request_id']);
  const metadata: JsonObject = {
    ...(approval === null ? {} : { approval_request_id: approval }),
    ...(truncated ? { truncated } : {}),
  };
  return {
    content,
    is_error,
    has_result: content !== null,
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
  };
}

export function mcpListToolsResult(item: JsonObject): HostedResult {
  const error = item['error'] ?? null;
  const tools = objectsOf(item['tools']).map((tool) => textOf(tool['name']));
  return {
    content: error === null ? { tools } : fitting(error).content,
    is_error: error !== null,
    has_result: error !== null || tools.length > 0,
    // Not something that the model asked for: readers may want to hide it.
    metadata: { housekeeping: true },
  };
}
