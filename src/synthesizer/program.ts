/**
 * Programs that the server runs and that call our functions. The code is the call's arguments; the output can
 * come responses later, and is then a step of its own with the same call id.
 */
import type { JsonObject } from '../events/index.js';
import type { HostedResult } from './hosted-result.js';
import { fitting } from './safe-json.js';

export function programOutput(item: JsonObject): HostedResult {
  const { content, truncated } = fitting(item['result'] ?? null);
  return {
    content,
    is_error: item['status'] === 'failed',
    has_result: true,
    ...(truncated ? { metadata: { truncated } } : {}),
  };
}
