/** The input item that answers a call, as the Responses API wants it for each kind of call. Pure. */
import { inWords } from '../events/tool-text.js';
import type { JsonObject, JsonValue } from '../events/json.js';
import type { RoutedCall } from '../events/routed-call.js';

/** Of a screenshot or a search that failed, and of calls that nobody knows yet, there is no way to say so. */
const TELLS_ERRORS: ReadonlySet<string> = new Set([
  'function',
  'custom',
  'shell',
  'local_shell',
  'apply_patch',
]);

/** Whether the model can be told that such a call failed. */
export function canTellErrors(toolType: string): boolean {
  return TELLS_ERRORS.has(toolType);
}

/** `failed`: the output says in words why there is none. */
export function outputItem(call: RoutedCall, output: JsonValue, failed: boolean): JsonObject {
  const { call_id, tool_type, repeated } = call;
  switch (tool_type) {
    case 'custom':
      return { type: 'custom_tool_call_output', call_id, output, ...repeated };
    case 'shell': {
      const printed = failed ? [shellFailure(output)] : output;
      return { type: 'shell_call_output', call_id, output: printed, ...repeated };
    }
    case 'local_shell':
      // Its outputs alone name the call in `id`.
      return { type: 'local_shell_call_output', id: call_id, output };
    case 'apply_patch': {
      const status = failed ? 'failed' : 'completed';
      return { type: 'apply_patch_call_output', call_id, status, output, ...repeated };
    }
    case 'computer':
      return { type: 'computer_call_output', call_id, output, ...repeated };
    case 'tool_search':
      return { type: 'tool_search_output', call_id, execution: 'client', status: 'completed', tools: output };
    default:
      return { type: 'function_call_output', call_id, output, ...repeated };
  }
}

function shellFailure(output: JsonValue): JsonObject {
  const stderr = inWords(output);
  return { stdout: '', stderr, outcome: { type: 'exit', exit_code: 1 } };
}
