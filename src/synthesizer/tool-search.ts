/** Tool search: names of what was found. Declarations can hold secrets, and the model alone needs them. */
import type { JsonObject } from '../events/index.js';
import type { HostedResult } from './hosted-result.js';
import { objectsOf, wordOf } from './json-reader.js';

export function toolSearchOutput(item: JsonObject): HostedResult {
  const tools = objectsOf(item['tools']).map(
    (tool) => wordOf(tool['name']) ?? wordOf(tool['server_label']) ?? wordOf(tool['type']) ?? '',
  );
  return { content: { tools }, is_error: item['status'] === 'failed', has_result: true };
}
