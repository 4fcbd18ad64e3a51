/**
 * Tools that the model server runs: each call is a tool_execution step of its own. Several can be open.
 */
import type { JsonObject, StepStatus, ToolCall, ToolMetadata, ToolResponse } from '../events/index.js';
import { settleArguments } from './arguments.js';
import { argumentsOf } from './call-arguments.js';
import { replaceItem, retireItem } from './correlate.js';
import { stepError } from './failure.js';
import type { ResponseError } from './failure.js';
import { hostedResult, hostedStatus } from './hosted-result.js';
import { closeInference, nextStepId } from './inference.js';
import type { Call, Draft, Item } from './state.js';

/** Ends the open inference step and opens the step of a hosted call; returns the call with its step. */
export function openHosted(draft: Draft, call: Call): Call {
  closeInference(draft, { status: 'completed', stop_reason: 'server_tool_call' });
  const step_id = nextStepId(draft);
  const metadata: ToolMetadata = {
    server_side: true,
    tool_type: call.tool_type,
    tool_name: call.tool_name,
    call_id: call.call_id,
    ...(call.server_label === undefined ? {} : { server_label: call.server_label }),
    ...(call.arguments === '' ? {} : { arguments: call.arguments }),
  };
  draft.events.push({ type: 'step_started', step_id, step_type: 'tool_execution', metadata });
  return { ...call, step_id };
}

/** Calls whose result is an item of its own, which comes later if it comes at all. */
const ANSWERED_BY_AN_ITEM: ReadonlySet<string> = new Set(['shell_call', 'tool_search_call', 'program']);

/** Takes the final item of a hosted call: says its result and closes its step, unless the result is to come. */
export function closeHosted(draft: Draft, item: Item, raw: JsonObject, isDone: boolean): void {
  const settled = settleArguments(draft, item, argumentsOf(raw));
  if (!settled.call) return;
  if (!ANSWERED_BY_AN_ITEM.has(item.type)) return finishHosted(draft, settled, raw, isDone);
  if (isDone) replaceItem(draft, { ...settled, call: { ...settled.call, awaits_output: true } });
}

/** Says the result that `raw` holds, be it the call's item or its output's, and closes the call's step. */
export function finishHosted(draft: Draft, settled: Item, raw: JsonObject, isDone: boolean): void {
  const call = settled.call;
  if (!call || call.step_id === null) return;
  const { call_id, tool_type, tool_name } = call;
  const result = hostedResult(raw);
  const status = hostedStatus(raw, result, isDone);
  draft.events.push({
    type: 'step_progress',
    step_id: call.step_id,
    step_type: 'tool_execution',
    delta: { type: 'tool_call_completed', call_id, tool_type, tool_name, result: result.content },
  });
  const response: ToolResponse = {
    call_id,
    tool_name,
    content: result.content,
    is_error: status === 'failed',
    ...(result.metadata ? { metadata: result.metadata } : {}),
  };
  const args = call.arguments === '' ? (result.arguments ?? '') : call.arguments;
  complete(draft, settled, { ...call, arguments: args }, status, [response]);
}

/**
 * Closes the step of a hosted call that has no result when the response ends. A program that waits for our
 * functions is not cut off: no step spans responses, so its output will be a step of its own.
 */
export function abandonHosted(draft: Draft, item: Item, status: StepStatus, error?: ResponseError): void {
  if (!item.call) return;
  const waits = item.type === 'program' && item.call.awaits_output && status === 'incomplete';
  complete(draft, item, item.call, waits ? 'completed' : status, [], error);
}

function complete(
  draft: Draft,
  item: Item,
  call: Call,
  status: StepStatus,
  tool_responses: readonly ToolResponse[],
  error?: ResponseError,
): void {
  const { step_id, call_id, tool_type, tool_name } = call;
  if (step_id === null) return;
  const asked: ToolCall = { call_id, tool_type, tool_name, arguments: call.arguments };
  draft.state.executions = [...draft.state.executions, { step_id, call_id, tool_type, tool_name, status }];
  draft.events.push({
    type: 'step_completed',
    step_id,
    step_type: 'tool_execution',
    status,
    result: { tool_calls: [asked], tool_responses },
    ...(error ? { error: stepError(draft.state, error, step_id) } : {}),
  });
  // The step has told the arguments; nothing else needs them.
  retireItem(draft, { ...item, call: { ...call, arguments: '' } });
}
