/**
 * The end of a response: every open step is closed, the last inference step carries the totals, and the
 * outcome is fixed. Nothing that comes later changes anything.
 */
import type { JsonObject, StepStatus } from '../events/index.js';
import { responseError, stepError, STREAM_INTERRUPTED } from './failure.js';
import type { ResponseError } from './failure.js';
import { abandonHosted } from './hosted.js';
import { closeInference, openInference } from './inference.js';
import type { ResponseTotals } from './inference.js';
import { openItem, settleItem } from './items.js';
import { objectOf, objectsOf, wordOf } from './json-reader.js';
import { approvalsOf, callsOf, messageText } from './outcome.js';
import type { ResponseOutcome, ResponseStatus, SynthesizedCall } from './outcome.js';
import type { Draft, Item } from './state.js';
import { matchOutput } from './terminal-match.js';
import { usageOf } from './usage.js';

const UNNAMED_FAILURE: ResponseError = {
  code: 'response_failed',
  message: 'The model server said that the response failed, and no more.',
};
const CANCELLED: ResponseError = {
  code: 'cancelled',
  message: 'The response was cancelled at the model server.',
};

/** A terminal event, with the status that its type says. */
export function responseEnded(
  draft: Draft,
  event: JsonObject,
  said: 'completed' | 'incomplete' | 'failed',
): void {
  const response = objectOf(event['response']) ?? {};
  switch (statusOf(response, said)) {
    case 'completed':
      return endCompleted(draft, response);
    case 'incomplete':
      return endIncomplete(draft, response);
    case 'failed': {
      const fallback = response['status'] === 'cancelled' ? CANCELLED : UNNAMED_FAILURE;
      return endBadly(draft, 'failed', responseError({ error: response['error'] }, fallback), response);
    }
  }
}

/** An `error` event: the response is over, whether or not a `response.failed` follows. */
export function errorSaid(draft: Draft, event: JsonObject): void {
  endBadly(draft, 'failed', responseError(event, UNNAMED_FAILURE), {});
}

/** The stream stopped without a terminal event. */
export function endInterrupted(draft: Draft): void {
  endBadly(draft, 'interrupted', STREAM_INTERRUPTED, {});
}

/** The worse of what the event's type and the response's status say: calls of a cut response must not run. */
function statusOf(
  response: JsonObject,
  said: 'completed' | 'incomplete' | 'failed',
): 'completed' | 'incomplete' | 'failed' {
  const status = response['status'];
  if (said === 'failed' || status === 'failed' || status === 'cancelled') return 'failed';
  return said === 'incomplete' || status === 'incomplete' ? 'incomplete' : 'completed';
}

function endCompleted(draft: Draft, response: JsonObject): void {
  const items = settleOutput(draft, response);
  const output = objectsOf(response['output']);
  const function_calls = callsOf(items);
  const approvals = approvalsOf(items);
  const stop_reason = whyStopped({
    asks: approvals.length > 0,
    calls: function_calls.length > 0,
    refuses:
      messageText(draft.state, output, 'refusal') !== '' && messageText(draft.state, output, 'text') === '',
  });
  closeLast(draft, response, { status: 'completed', stop_reason, function_calls });
  end(draft, { ...outcomeOf(draft, 'completed', stop_reason, response), function_calls, approvals });
}

function whyStopped({ asks, calls, refuses }: Record<'asks' | 'calls' | 'refuses', boolean>): string {
  if (asks) return 'approval_required';
  if (calls) return 'tool_calls';
  return refuses ? 'refusal' : 'end_of_turn';
}

function endIncomplete(draft: Draft, response: JsonObject): void {
  settleOutput(draft, response);
  const reason = wordOf(objectOf(response['incomplete_details'])?.['reason']) ?? 'incomplete';
  closeLast(draft, response, { status: 'incomplete', stop_reason: reason, function_calls: [] });
  end(draft, outcomeOf(draft, 'incomplete', reason, response));
}

function endBadly(
  draft: Draft,
  status: 'failed' | 'interrupted',
  error: ResponseError,
  response: JsonObject,
): void {
  abandonOpenCalls(draft, 'failed', error);
  // An interrupted response may go on elsewhere: only what is open is closed.
  if (status === 'failed' || draft.state.inference) {
    closeLast(draft, response, { status: 'failed', stop_reason: error.code, function_calls: [] }, error);
  }
  end(draft, { ...outcomeOf(draft, status, error.code, response), error });
}

/** Settles every item of the output; returns the items that count, in their order. */
function settleOutput(draft: Draft, response: JsonObject): readonly Item[] {
  const output = objectsOf(response['output']);
  const ordinals = matchOutput(draft.state, output).map((match, at) => {
    const raw = output[at] ?? {};
    const item = match ?? openItem(draft, raw, at);
    settleItem(draft, item, raw, false);
    return item.ordinal;
  });
  abandonOpenCalls(draft, 'incomplete');
  const all = [...draft.state.done, ...draft.state.open];
  // Without an output of the response, what was streamed to its end is all there is.
  if (output.length === 0) {
    return all
      .filter(({ role, call }) => role !== 'client_call' || call?.arguments_done)
      .sort((a, b) => a.ordinal - b.ordinal);
  }
  return ordinals.flatMap((ordinal) => all.find((item) => item.ordinal === ordinal) ?? []);
}

function abandonOpenCalls(draft: Draft, status: StepStatus, error?: ResponseError): void {
  for (const item of draft.state.open) {
    if (item.role === 'hosted_call') abandonHosted(draft, item, status, error);
  }
}

interface LastStep {
  readonly status: StepStatus;
  readonly stop_reason: string;
  readonly function_calls: readonly SynthesizedCall[];
}

function closeLast(draft: Draft, response: JsonObject, last: LastStep, error?: ResponseError): void {
  const { step_id } = openInference(draft);
  const { state } = draft;
  const usage = usageOf(response);
  const service_tier = wordOf(response['service_tier']);
  const { agentHash } = state.options;
  const totals: ResponseTotals = {
    function_calls: last.function_calls.map(({ call_id, tool_type, tool_name, arguments: args }) => ({
      call_id,
      tool_type,
      tool_name,
      arguments: args,
    })),
    server_tool_executions: state.executions,
    ...(usage ? { usage } : {}),
    ...(service_tier === null ? {} : { service_tier }),
    ...(agentHash === undefined ? {} : { agent_hash: agentHash }),
  };
  closeInference(draft, {
    status: last.status,
    stop_reason: last.stop_reason,
    totals,
    ...(error ? { error: stepError(state, error, step_id) } : {}),
  });
}

/** Fixes the outcome, and lets go of what only an open response needs. */
function end({ state }: Draft, outcome: ResponseOutcome): void {
  state.outcome = outcome;
  state.said = [];
  state.open = [];
  state.done = [];
  state.pending = [];
  state.executions = [];
}

function outcomeOf(
  draft: Draft,
  status: ResponseStatus,
  stop_reason: string,
  response: JsonObject,
): ResponseOutcome {
  const { state } = draft;
  const output = objectsOf(response['output']);
  const refusal = messageText(state, output, 'refusal');
  const usage = usageOf(response);
  return {
    status,
    ...(state.response_id === null ? {} : { response_id: state.response_id }),
    model: state.model,
    stop_reason,
    final_text: messageText(state, output, 'text'),
    ...(refusal === '' ? {} : { refusal }),
    ...(usage ? { usage } : {}),
    function_calls: [],
    approvals: [],
    unknown_events: state.unknown_events,
  };
}
