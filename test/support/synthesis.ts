/** Short upstream events, and what the synthesizer makes of them told in short lines. */
import type { Delta, JsonObject, StepDraft } from '../../src/events/index.js';
import { advance, interrupt, outcome, startResponse } from '../../src/synthesizer/index.js';
import type { ResponseOutcome, SynthesizerOptions, SynthesizerState } from '../../src/synthesizer/index.js';

export const OPTIONS: SynthesizerOptions = {
  stepPrefix: '0001.000000001.',
  attempt: 1,
  model: 'requested-model',
  clientTools: [{ type: 'function', name: 'save_note' }],
};

export interface Synthesis {
  readonly state: SynthesizerState;
  readonly events: readonly StepDraft[];
  /** One line an event: see `lineOf`. */
  readonly story: readonly string[];
  readonly outcome: ResponseOutcome | undefined;
}

/** Runs events through the synthesizer; `STREAM_LOST` stands for the end of a stream without an end. */
export function synthesize(
  upstream: readonly unknown[],
  options: Partial<SynthesizerOptions> = {},
): Synthesis {
  const events: StepDraft[] = [];
  let state = startResponse({ ...OPTIONS, ...options });
  for (const event of upstream) {
    const next = event === STREAM_LOST ? interrupt(state) : advance(state, event);
    state = next.state;
    events.push(...next.events);
  }
  return { state, events, story: events.map(lineOf), outcome: outcome(state) };
}

export const STREAM_LOST = Symbol('the stream ended');

export const created = {
  type: 'response.created',
  response: { id: 'resp_1', model: 'the-model', output: [] },
};

export function completed(output: readonly JsonObject[], more: JsonObject = {}): JsonObject {
  return { type: 'response.completed', response: { id: 'resp_1', status: 'completed', output, ...more } };
}

export function added(item: JsonObject, output_index = 0): JsonObject {
  return { type: 'response.output_item.added', output_index, item };
}

export function done(item: JsonObject, output_index = 0): JsonObject {
  return { type: 'response.output_item.done', output_index, item };
}

export function message(id: string, text: string, more: JsonObject = {}): JsonObject {
  return {
    type: 'message',
    id,
    role: 'assistant',
    content: [{ type: 'output_text', text, annotations: [] }],
    ...more,
  };
}

export function textDelta(item_id: string, delta: string, more: JsonObject = {}): JsonObject {
  return { type: 'response.output_text.delta', item_id, output_index: 0, content_index: 0, delta, ...more };
}

export function functionCall(id: string, args: string, more: JsonObject = {}): JsonObject {
  return { type: 'function_call', id, call_id: `call_${id}`, name: 'save_note', arguments: args, ...more };
}

export function argumentsDelta(item_id: string, delta: string, output_index = 0): JsonObject {
  return { type: 'response.function_call_arguments.delta', item_id, output_index, delta };
}

/** `+000 inference`, `000 text Hello`, `-000 completed end_of_turn`: the step's number, then what happened. */
function lineOf(event: StepDraft): string {
  const step = event.step_id.slice(-3);
  switch (event.type) {
    case 'step_started':
      return `+${step} ${event.step_type === 'inference' ? 'inference' : event.metadata.tool_type}`;
    case 'step_progress':
      return `${step} ${deltaLine(event.delta)}`;
    case 'step_completed':
      return `-${step} ${event.status}${event.step_type === 'inference' ? ` ${event.result.stop_reason}` : ''}`;
    default:
      return event satisfies never;
  }
}

function deltaLine(delta: Delta): string {
  switch (delta.type) {
    case 'text':
    case 'refusal':
      return `${delta.type} ${delta.text}`;
    case 'reasoning':
      return `${delta.kind === 'summary' ? 'summary' : 'reasoning'} ${delta.text}`;
    case 'annotation':
      return `annotation ${JSON.stringify(delta.annotation)}`;
    case 'tool_call_issued':
      return `issued ${delta.call_id} ${delta.tool_name}(${delta.arguments}`;
    case 'tool_call_delta':
      return `arguments ${delta.call_id} ${delta.arguments_delta}`;
    case 'tool_call_completed':
      return `result ${JSON.stringify(delta.result)}`;
    default:
      return delta.type;
  }
}
