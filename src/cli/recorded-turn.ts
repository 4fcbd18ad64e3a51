/**
 * The turn events of recorded responses: what a turn would have told, had it asked for them.
 *
 * A recording holds no outputs of our tools. Calls that a later response shows to be answered become steps
 * without a result; calls and approvals that nobody answered leave the turn without an end. Responses that
 * failed and were asked for again are superseded, as in a turn.
 */
import { createHash } from 'node:crypto';
import { advance as fold, emptyProgress, EVENT_SCHEMA } from '../events/index.js';
import type { EventDraft, JsonObject, StepDraft, TurnError, TurnEvent } from '../events/index.js';
import { openCallsOf } from '../events/open-calls.js';
import { inferenceStepPrefix, toolStepId } from '../events/step-id.js';
import { soFar } from '../protocol/turn-end.js';
import { advance, interrupt, isPassingCode, outcome, startResponse } from '../synthesizer/index.js';
import type { ResponseOutcome } from '../synthesizer/index.js';
import { responseOf } from './recorded-responses.js';
import type { RecordedResponse } from './recorded-responses.js';

const TURN_ID = 'recorded';

export interface RecordedTurn {
  readonly events: readonly TurnEvent[];
  /** Upstream events of types that nobody knows. */
  readonly unknown_events: number;
}

/** Tells the turn that these responses make, in this order. */
export function recordedTurn(responses: readonly RecordedResponse[]): RecordedTurn {
  const turn = new Telling();
  let unknown_events = 0;
  responses.forEach((response, at) => {
    const end = turn.respond(response, at < responses.length - 1);
    unknown_events += end.unknown_events;
  });
  return { events: turn.events, unknown_events };
}

class Telling {
  readonly events: TurnEvent[] = [];
  #progress = emptyProgress(TURN_ID);
  /** Ordinal of the response, from 1; one that is asked for again keeps it. */
  #response = 1;
  #attempt = 1;

  respond({ events }: RecordedResponse, isAnswered: boolean): ResponseOutcome {
    const at = timeOf(events, 'created_at');
    if (this.events.length === 0)
      this.#tell({ type: 'turn_started', agent: TURN_ID, schema: EVENT_SCHEMA }, at);
    const { drafts, end } = synthesized(events, this.#response, this.#attempt);
    drafts.forEach((draft) => this.#tell(draft, at));
    const endedAt = timeOf(events, 'completed_at') ?? at;
    if (isAnswered) this.#goOn(drafts, end, endedAt);
    else this.#end(drafts, end, endedAt);
    return end;
  }

  /** To the next response: this one's calls were answered, or it was asked for again. */
  #goOn(drafts: readonly StepDraft[], end: ResponseOutcome, at: string | undefined): void {
    if (end.status === 'failed' || end.status === 'interrupted') {
      this.#supersede(drafts, end, at);
      this.#attempt += 1;
      return;
    }
    end.function_calls.forEach((call, index) => {
      const { call_id, tool_type, tool_name, arguments: written } = call;
      const step = {
        step_id: toolStepId(this.#response, index, TURN_ID),
        step_type: 'tool_execution',
      } as const;
      const asked = { call_id, tool_type, tool_name, arguments: written };
      this.#tell({ type: 'step_started', ...step, metadata: { server_side: false, ...asked } }, at);
      this.#tell(
        {
          type: 'step_completed',
          ...step,
          status: 'completed',
          result: { tool_calls: [asked], tool_responses: [] },
        },
        at,
      );
    });
    this.#response += 1;
    this.#attempt = 1;
  }

  #supersede(drafts: readonly StepDraft[], end: ResponseOutcome, at: string | undefined): void {
    const { code, message } = errorOf(drafts, end);
    for (const { type, step_id, step_type } of drafts) {
      if (type !== 'step_started') continue;
      const may_have_run = step_type === 'tool_execution';
      const step = { step_id, step_type, was_completed: true, may_have_run };
      this.#tell({ type: 'step_superseded', ...step, reason: { code, message } }, at);
    }
  }

  #end(drafts: readonly StepDraft[], end: ResponseOutcome, at: string | undefined): void {
    if (end.status === 'failed' || end.status === 'interrupted') {
      this.#tell({ type: 'turn_failed', error: errorOf(drafts, end), ...this.#soFar() }, at);
      return;
    }
    const step_id = drafts.findLast((draft) => draft.step_type === 'inference')?.step_id ?? '';
    for (const asked of end.approvals) {
      const { approval_request_id: id, tool_name, server_label, arguments: written } = asked;
      const question = {
        input_id: id,
        step_id,
        kind: 'approval',
        call_id: id,
        tool_name,
        arguments: written,
        arguments_hash: createHash('sha256').update(written).digest('hex'),
        ...(server_label === '' ? {} : { server_label }),
      } as const;
      this.#tell({ type: 'input_required', ...question }, at);
    }
    if (end.approvals.length > 0 || end.function_calls.length > 0) return;
    const { status, stop_reason, final_text, refusal } = end;
    const said = { stop_reason, final_text, ...(refusal === undefined ? {} : { refusal }) };
    this.#tell({ type: 'turn_completed', status, ...said, ...this.#soFar() }, at);
  }

  #soFar() {
    const openCalls = openCallsOf(this.#progress, undefined);
    return soFar({ progress: this.#progress, openCalls });
  }

  #tell(draft: EventDraft, at: string | undefined): void {
    const event = stamped(draft, at ?? new Date(0).toISOString());
    this.#progress = fold(this.#progress, event);
    this.events.push(event);
  }
}

function synthesized(
  upstream: readonly JsonObject[],
  response: number,
  attempt: number,
): { readonly drafts: readonly StepDraft[]; readonly end: ResponseOutcome } {
  const drafts: StepDraft[] = [];
  let state = startResponse({
    stepPrefix: inferenceStepPrefix(response, attempt),
    attempt,
    model: 'unknown',
    clientTools: [],
  });
  for (const event of upstream) {
    const next = advance(state, event);
    drafts.push(...next.events);
    state = next.state;
  }
  const last = interrupt(state);
  drafts.push(...last.events);
  const end = outcome(last.state);
  if (!end) throw new Error('a response that was interrupted has an outcome');
  return { drafts, end };
}

function errorOf(drafts: readonly StepDraft[], { error, stop_reason }: ResponseOutcome): TurnError {
  const last = drafts.at(-1);
  if (last?.type === 'step_completed' && last.error) return last.error;
  const { code, message } = error ?? { code: stop_reason, message: 'The response failed.' };
  return { code, message, source: 'model', retryable: isPassingCode(code) };
}

/** Deltas carry no time. */
function stamped(draft: EventDraft, at: string): TurnEvent {
  if (draft.type === 'step_progress') return { ...draft, turn_id: TURN_ID };
  return { ...draft, turn_id: TURN_ID, at };
}

/** A time that the server gives in seconds since 1970. */
function timeOf(events: readonly JsonObject[], field: 'created_at' | 'completed_at'): string | undefined {
  const seconds = events
    .map((event) => responseOf(event)[field])
    .findLast((value) => typeof value === 'number');
  return typeof seconds === 'number' ? new Date(seconds * 1000).toISOString() : undefined;
}
