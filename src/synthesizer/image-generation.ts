/** The result of a hosted image generation: what to fetch the image by and how large it is, never the image. */
import type { JsonObject } from '../events/index.js';
import type { HostedResult } from './hosted-result.js';
import { textOf, wordOf } from './json-reader.js';
import { base64Bytes, plainMembers } from './safe-json.js';

const SETTINGS = ['size', 'quality', 'background', 'output_format', 'action', 'revised_prompt'];

export function imageGenerationResult(item: JsonObject): HostedResult {
  const result = textOf(item['result']);
  const prompt = wordOf(item['prompt']) ?? wordOf(item['revised_prompt']);
  return {
    content: {
      image: result === '' ? null : imageOf(item, result),
      ...plainMembers(item, SETTINGS),
    },
    is_error: item['status'] === 'failed',
    has_result: result !== '',
    ...(prompt === null ? {} : { arguments: JSON.stringify({ prompt }) }),
  };
}

/** Some servers give an address instead of the image. */
function imageOf(item: JsonObject, result: string): JsonObject {
  if (/^https?:/.test(result)) return { url: result };
  return { ...plainMembers({ item_id: item['id'] }, ['item_id']), bytes: base64Bytes(result) };
}
