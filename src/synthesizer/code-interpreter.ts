/** The result of a hosted code interpreter: what the code printed and made. The code is the call's arguments. */
import type { JsonObject } from '../events/index.js';
import type { HostedResult } from './hosted-result.js';
import { objectsOf, textOf } from './json-reader.js';
import { plainMembers, TextAllowance } from './safe-json.js';

export function codeInterpreterResult(item: JsonObject): HostedResult {
  const allowance = new TextAllowance();
  const outputs = objectsOf(item['outputs']).map((output) => outputOf(output, allowance));
  return {
    content: {
      // Outputs come only to those who ask for them with `include`.
      ...(Array.isArray(item['outputs']) ? { outputs } : {}),
      ...plainMembers(item, ['container_id']),
      ...(allowance.truncated ? { truncated: true } : {}),
    },
    is_error: item['status'] === 'failed',
    has_result: outputs.length > 0,
  };
}

function outputOf(output: JsonObject, allowance: TextAllowance): JsonObject {
  const type = textOf(output['type']);
  if (type === 'logs') return { type, logs: allowance.take(textOf(output['logs'])) };
  return { type, ...plainMembers(output, ['url', 'file_id', 'filename']) };
}
