/**
 * The stream of one response: created, in_progress, the items, and one terminal event.
 * Pure but for the random ids: what is stored, sent or broken off is decided by deliver.ts.
 */
import type { JsonObject } from '../events/json.js';
import type { Dialect } from './dialects/dialect.js';
import { inDialect } from './dialects/in-dialect.js';
import { happensHere } from './fault-step.js';
import type { EventFrame, Frame } from './frame.js';
import { itemEvents } from './item-events.js';
import type { RecordedStep, ReplyStep } from './reply-step.js';
import type { SearchHit } from './search.js';
import { isObject, newId, textOf, tokensOf, unixSeconds } from './wire.js';
import { visibleItem } from './visible.js';
import type { Item } from './wire.js';

export interface StreamInput {
  /** The response as it stands when it begins: `status` is `in_progress`, or `queued` in the background; no output. */
  readonly response: JsonObject;
  readonly steps: readonly ReplyStep[];
  readonly prompt: string;
  readonly inputTokens: number;
  readonly include: readonly string[];
  readonly dialect: Dialect;
  search(query: string): readonly SearchHit[];
}

const TERMINAL = new Set(['response.completed', 'response.incomplete', 'response.failed']);

export function* responseStream(input: StreamInput): Generator<Frame> {
  const recorded = input.steps.find((step) => step.kind === 'recorded');
  if (recorded) yield* recordedFrames(recorded, input.steps);
  else yield* inDialect(responseFrames(input), input.dialect);
}

function* recordedFrames(recorded: RecordedStep, steps: readonly ReplyStep[]): Generator<Frame> {
  for (const event of recorded.events) {
    const finished = event['response'];
    yield TERMINAL.has(event.type) && isObject(finished) ? { event, finished } : { event };
  }
  for (const step of steps) if (happensHere(step)) yield { fault: step };
}

function* responseFrames(input: StreamInput): Generator<Frame> {
  const { steps, prompt, include, dialect } = input;
  const response = { ...input.response, status: 'in_progress' };
  const hits: SearchHit[] = [];
  const output: Item[] = [];
  yield { event: { type: 'response.created', response: input.response } };
  if (input.response['status'] === 'queued')
    yield { event: { type: 'response.queued', response: input.response } };
  yield { event: { type: 'response.in_progress', response } };

  const ending = (type: string, fields: JsonObject): EventFrame => {
    const finished = { ...response, ...fields, output, usage: usageOf(input.inputTokens, output) };
    const visible = output.map((item) => visibleItem(item, include));
    return { event: { type, response: { ...finished, output: visible } }, finished };
  };

  for (const [index, step] of steps.entries()) {
    switch (step.kind) {
      case 'cut':
      case 'reset':
      case 'end':
      case 'stall':
      case 'malformed':
      case 'delay':
      case 'split_bytes':
        if (happensHere(step)) yield { fault: step };
        break;
      case 'incomplete':
        yield ending('response.incomplete', {
          status: 'incomplete',
          incomplete_details: { reason: step.reason },
        });
        return;
      case 'fail': {
        const error = { code: step.code, message: step.message };
        yield ending('response.failed', { status: 'failed', error });
        return;
      }
      case 'error': {
        const { type, code, message } = step;
        yield { event: { type: 'error', error: { type, code, message, param: null } } };
        if (index === steps.length - 1) return;
        break;
      }
      case 'status':
      case 'recorded':
        // Both stand for the whole answer and were dealt with before the stream began.
        break;
      default:
        output.push(
          yield* itemEvents(step, {
            outputIndex: output.length,
            status: steps[index + 1]?.kind === 'incomplete' ? 'incomplete' : 'completed',
            prompt,
            hits,
            newCallId: () => (dialect.callIds === 'unique' ? newId('call') : `call_${output.length}`),
            encryptedReasoning: include.includes('reasoning.encrypted_content'),
            search: (query) => input.search(query),
            visible: (item) => visibleItem(item, include),
          }),
        );
    }
  }
  yield ending('response.completed', { status: 'completed', completed_at: unixSeconds() });
}

function usageOf(inputTokens: number, output: readonly Item[]): JsonObject {
  const spoken = output.filter((item) =>
    ['message', 'function_call', 'reasoning', 'mcp_call'].includes(item.type),
  );
  const tokens = (items: readonly Item[]): number =>
    items.reduce((sum, item) => {
      const said = [item['content'], item['summary'], item['name'], item['arguments']];
      return sum + tokensOf(said.map(textOf).join(''));
    }, 0);
  const outputTokens = tokens(spoken);
  const reasoningTokens = tokens(spoken.filter((item) => item.type === 'reasoning'));
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: reasoningTokens },
    total_tokens: inputTokens + outputTokens,
  };
}
