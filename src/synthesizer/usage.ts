/** A response's usage in our words; details that the server leaves out stay out. */
import type { JsonObject, Usage } from '../events/index.js';
import { numberOf, objectOf } from './json-reader.js';

export function usageOf(response: JsonObject): Usage | undefined {
  const usage = objectOf(response['usage']);
  if (!usage) return undefined;
  const input_tokens = numberOf(usage['input_tokens']) ?? 0;
  const output_tokens = numberOf(usage['output_tokens']) ?? 0;
  const cached_tokens = numberOf(objectOf(usage['input_tokens_details'])?.['cached_tokens']);
  const reasoning_tokens = numberOf(objectOf(usage['output_tokens_details'])?.['reasoning_tokens']);
  return {
    input_tokens,
    output_tokens,
    total_tokens: numberOf(usage['total_tokens']) ?? input_tokens + output_tokens,
    ...(cached_tokens === null ? {} : { input_tokens_details: { cached_tokens } }),
    ...(reasoning_tokens === null ? {} : { output_tokens_details: { reasoning_tokens } }),
  };
}
