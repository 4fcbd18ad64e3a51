/** A call that somebody outside decides about, or runs: asks, and says what comes of it. */
import type { BatchEvent } from '../events/batch.js';
import type { JsonObject, JsonValue } from '../events/json.js';
import type { ApprovalRequest, RoutedCall } from '../events/routed-call.js';
import { inWords } from '../events/tool-text.js';
import type { StepStatus } from '../events/turn-event.js';
import { fail } from '../protocol/failures.js';
import type { InputOutcome } from '../protocol/resolve-input.js';
import type { Resolution } from './inputs.js';
import { now } from './recorder.js';
import type { Turn } from './turn.js';

/** What the model is told of a call; `failed`: in words, why it has no output. */
export interface Answered {
  readonly output: JsonValue;
  readonly failed: boolean;
}

/** `run`: the tool is to run now. Otherwise the call is answered with `output`. */
export type Verdict = { readonly run: true } | ({ readonly run: false } & Answered);

/** Opens the call's step and asks; the step stays open where the tool is to run. */
export async function askAbout(turn: Turn, call: RoutedCall, stepId: string): Promise<Verdict> {
  const { input } = call;
  if (!input) return { run: true };
  const input_id = turn.mintInputId();
  turn.recorder.say([{ type: 'step_started', step_id: stepId, step_type: 'tool_execution', at: now() }]);
  turn.tell(`waiting for ${input.kind === 'approval' ? 'an approval' : 'the output'} of ${call.tool_name}`);
  const answer = await turn.inputs.ask({ ...input, input_id, step_id: stepId });
  const outcome = turn.inputs.outcomeOf(input_id);
  const resolved: BatchEvent = { type: 'input_resolved', ...outcome };
  if (approves(answer, outcome, input.on_timeout)) {
    turn.recorder.say([resolved]);
    return { run: true };
  }
  if (answer?.decision === 'output') {
    turn.recorder.say([resolved, ended(stepId, 'completed')]);
    return { run: false, failed: false, output: inWords(answer.output) };
  }
  const status = answer?.decision === 'error' ? 'failed' : 'denied';
  const output = explain(outcome);
  turn.recorder.say([resolved, { ...ended(stepId, status), result: answered(call, output) }]);
  if (outcome.decision === 'timeout' && input.on_timeout === 'fail-turn') {
    throw fail('InputTimedOut', {
      message: `Nobody answered for ${call.tool_name} in time`,
      step_id: stepId,
    });
  }
  return { run: false, failed: true, output };
}

/** Asks about a hosted tool; gives the item that answers the server. */
export async function askForServer(turn: Turn, asked: ApprovalRequest, stepId: string): Promise<JsonObject> {
  const { approval_request_id, arguments_hash } = asked;
  const input_id = turn.mintInputId();
  turn.tell(`waiting for an approval of ${asked.tool_name} (${asked.server_label})`);
  const answer = await turn.inputs.ask({
    input_id,
    step_id: stepId,
    kind: 'approval',
    arguments_hash,
    call_id: approval_request_id,
  });
  const outcome = turn.inputs.outcomeOf(input_id);
  turn.recorder.say([{ type: 'input_resolved', ...outcome }]);
  const { reason } = outcome;
  return {
    type: 'mcp_approval_response',
    approval_request_id,
    approve: answer?.decision === 'approve',
    ...(reason === undefined ? {} : { reason }),
  };
}

function approves(answer: Resolution, outcome: InputOutcome, onTimeout: string | undefined): boolean {
  return answer?.decision === 'approve' || (outcome.decision === 'timeout' && onTimeout === 'approve');
}

function ended(step_id: string, status: StepStatus) {
  return { type: 'step_completed', step_id, step_type: 'tool_execution', at: now(), status } as const;
}

/** Without the arguments: they may be long, and every reader has them (see complete-event.ts). */
function answered({ call_id, tool_type, tool_name }: RoutedCall, content: string) {
  return {
    tool_calls: [{ call_id, tool_type, tool_name, arguments: '' }],
    tool_responses: [{ call_id, tool_name, content, is_error: true }],
  };
}

/** What the model is told of a call that did not run. */
function explain({ decision, reason }: InputOutcome): string {
  const why = reason === undefined ? '' : ` Reason: ${reason}`;
  if (decision === 'timeout') return 'The call was not approved: nobody answered in time.';
  if (decision === 'error') return `The tool failed.${why}`;
  return `The call was denied.${why}`;
}
