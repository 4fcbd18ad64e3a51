/** The result of a hosted tool that only its server knows: the members that such items usually have. */
import type { JsonObject, JsonValue } from '../events/index.js';
import type { HostedResult } from './hosted-result.js';
import { textOf } from './json-reader.js';
import { fitting } from './safe-json.js';

const TOLD = ['action', 'query', 'queries', 'results', 'output', 'outputs', 'error'];

export function foreignResult(item: JsonObject): HostedResult {
  const told: Record<string, JsonValue> = { status: textOf(item['status']) };
  for (const name of TOLD) {
    const value = item[name];
    if (value !== undefined && value !== null) told[name] = value;
  }
  const error = item['error'] ?? null;
  const { content, truncated } = fitting(told);
  return {
    content,
    is_error: item['status'] === 'failed' || error !== null,
    has_result: true,
    ...(truncated ? { metadata: { truncated } } : {}),
  };
}
