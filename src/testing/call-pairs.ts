/** OpenAI refuses a context in which a call has no output, or an output no call. */
import { badRequest } from './api-error.js';
import { stringOf } from './wire.js';
import type { Item } from './wire.js';

const OUTPUT_OF: Readonly<Record<string, string>> = {
  function_call: 'function_call_output',
  custom_tool_call: 'custom_tool_call_output',
};
const OUTPUTS = new Set(Object.values(OUTPUT_OF));

/** Throws the 400 of the real API. Call ids may come again later, as on servers that count them per response. */
export function checkCallPairs(items: readonly Item[]): void {
  const open = new Map<string, string>();
  const answered = new Set<string>();
  for (const item of items) {
    const callId = stringOf(item['call_id']) ?? '';
    const outputType = OUTPUT_OF[item.type];
    if (outputType !== undefined) {
      open.set(callId, outputType);
      answered.delete(callId);
    } else if (OUTPUTS.has(item.type)) {
      if (answered.has(callId))
        throw badRequest(`Duplicate tool output for function call ${callId}.`, 'input');
      if (open.get(callId) !== item.type)
        throw badRequest(`No tool call found for function call output with call_id ${callId}.`, 'input');
      open.delete(callId);
      answered.add(callId);
    }
  }
  const [missing] = open.keys();
  if (missing !== undefined) throw badRequest(`No tool output found for function call ${missing}.`, 'input');
}
