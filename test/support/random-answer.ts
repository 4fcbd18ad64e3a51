/** What one attempt says of a random response: text, hosted tools, calls. */
import type { BatchEvent } from '../../src/events/batch.js';
import type { Delta } from '../../src/events/delta.js';
import type { RoutedCall } from '../../src/events/routed-call.js';
import { inferenceStepId, inferenceStepPrefix } from '../../src/events/step-id.js';
import type { ReasoningText, ServerToolExecution, StepType, ToolCall } from '../../src/events/turn-event.js';
import { AT } from './batches.js';
import type { Random } from './random.js';

interface Ask {
  readonly response: number;
  readonly epoch: number;
  readonly attempt: number;
  readonly calls: readonly RoutedCall[];
}

/** Inference and hosted tool steps in turn; the last step is an inference step that carries calls and usage. */
export function answerEvents(
  random: Random,
  { response, epoch, attempt, calls }: Ask,
): readonly BatchEvent[] {
  const prefix = inferenceStepPrefix(response, epoch);
  const response_id = `resp_${epoch}`;
  const events: BatchEvent[] = [];
  const hosted: ServerToolExecution[] = [];
  const searches = random.int(3);
  for (let search = 0; search <= searches; search += 1) {
    const step_id = inferenceStepId(prefix, 2 * search);
    const isLast = search === searches;
    const function_calls = isLast ? calls.map(asked) : [];
    const deltas = [...random.times(0, 5, () => randomDelta(random)), ...function_calls.flatMap(issued)];
    events.push(
      { type: 'step_started', step_id, step_type: 'inference', at: AT, metadata: { response_id, attempt } },
      ...deltas.map((delta): BatchEvent => ({ type: 'step_progress', step_id, delta })),
      {
        type: 'step_completed',
        step_id,
        step_type: 'inference',
        at: AT,
        status: 'completed',
        result: {
          response_id,
          model: 'm',
          ...toldTexts(random, deltas),
          function_calls,
          server_tool_executions: isLast ? hosted : [],
          stop_reason: isLast ? 'end_of_turn' : 'server_tool_call',
          ...(isLast ? { usage: randomUsage(random) } : {}),
        },
      },
    );
    if (!isLast) {
      const execution = {
        step_id: inferenceStepId(prefix, 2 * search + 1),
        call_id: `fs_${search}`,
        ...SEARCH,
      };
      hosted.push({ ...execution, status: 'completed' });
      events.push(...hostedEvents(random, execution.step_id, execution.call_id));
    }
  }
  return events;
}

/** What a failing attempt says of its steps before it throws. */
export function supersedesOf(events: readonly BatchEvent[]): BatchEvent[] {
  return events.flatMap((event): BatchEvent[] => {
    if (event.type !== 'step_started') return [];
    const { step_id, step_type } = event;
    const was_completed = events.some(
      (other) => other.type === 'step_completed' && other.step_id === step_id,
    );
    const reason = { code: 'stream_interrupted', message: 'The stream ended before the response did.' };
    const step: { step_id: string; step_type: StepType } = { step_id, step_type };
    return [{ type: 'step_superseded', ...step, at: AT, was_completed, may_have_run: false, reason }];
  });
}

const SEARCH = { tool_type: 'file_search', tool_name: 'file_search' } as const;

function hostedEvents(random: Random, step_id: string, call_id: string): BatchEvent[] {
  const step = { step_id, step_type: 'tool_execution', at: AT } as const;
  const result = { found: random.word() };
  const said: Delta[] = [
    { type: 'tool_call_delta', call_id, arguments_delta: random.word() },
    { type: 'tool_call_delta', call_id, arguments_delta: random.word() },
    { type: 'tool_call_completed', call_id, ...SEARCH, result },
  ];
  return [
    { type: 'step_started', ...step, metadata: { server_side: true, call_id, ...SEARCH } },
    ...said.map((delta): BatchEvent => ({ type: 'step_progress', step_id, delta })),
    {
      type: 'step_completed',
      ...step,
      status: 'completed',
      result: {
        tool_calls: [],
        tool_responses: [{ call_id, tool_name: 'file_search', content: result, is_error: false }],
      },
    },
  ];
}

/** The result leaves out what its deltas had said, or says the whole text, which is then what counts. */
function toldTexts(
  random: Random,
  deltas: readonly Delta[],
): { text_content?: string; reasoning?: ReasoningText[] } {
  const text = deltas.map((delta) => (delta.type === 'text' ? delta.text : '')).join('');
  if (random.chance(0.5)) return {};
  return random.chance(0.5) ? { text_content: text } : { text_content: `${text}!`, reasoning: [] };
}

function randomDelta(random: Random): Delta {
  const text = random.word();
  return random.pick<Delta>([
    { type: 'text', text },
    { type: 'text', text },
    { type: 'reasoning', kind: 'summary', text },
    { type: 'reasoning', kind: 'text', text },
    { type: 'refusal', text },
    { type: 'annotation', annotation: { type: 'file_citation', text } },
  ]);
}

function asked({ call_id, tool_type, tool_name, arguments: written }: RoutedCall): ToolCall {
  return { call_id, tool_type, tool_name, arguments: written };
}

function issued(call: ToolCall): Delta[] {
  const { call_id, arguments: written } = call;
  return [
    { type: 'tool_call_issued', ...call, arguments: '' },
    { type: 'tool_call_delta', call_id, arguments_delta: written.slice(0, 4) },
    { type: 'tool_call_delta', call_id, arguments_delta: written.slice(4) },
  ];
}

function randomUsage(random: Random) {
  const input_tokens = random.int(1000);
  const output_tokens = random.int(1000);
  return {
    input_tokens,
    output_tokens,
    total_tokens: input_tokens + output_tokens,
    input_tokens_details: { cached_tokens: random.int(100) },
  };
}
