import { describe, expect, test } from 'vitest';
import { emptyProgress } from '../events/progress.js';
import type { InferenceStep, Step, ToolExecutionStep, TurnProgress } from '../events/progress.js';
import type { TurnCompleted } from '../events/turn-event.js';
import { progressView } from './progress-view.js';

const MIB = 1024 * 1024;
const at = '2026-01-05T12:00:00.000Z';
const call = { call_id: 'c', tool_type: 'function', tool_name: 'add', arguments: '{}' };
const id = (index: number) => `${String(index).padStart(4, '0')}.a.000`;

const inference = (index: number, text: string, extra: Partial<InferenceStep> = {}): Step => ({
  step_id: id(index),
  step_type: 'inference',
  number: index,
  state: 'completed',
  started_at: at,
  attempt: 1,
  text,
  reasoning: [],
  annotations: [],
  function_calls: [],
  server_tool_executions: [],
  ...extra,
});
const tool = (index: number, extra: Partial<ToolExecutionStep> = {}): Step => ({
  step_id: id(index),
  step_type: 'tool_execution',
  number: index,
  state: 'completed',
  started_at: at,
  server_side: false,
  tool_type: 'function',
  tool_name: 'add',
  arguments: '{}',
  failed_attempts: [],
  tool_responses: [],
  ...extra,
});
const progress = (steps: readonly Step[], extra: Partial<TurnProgress> = {}): TurnProgress => ({
  ...emptyProgress('t'),
  steps,
  num_steps: steps.length,
  ...extra,
});
const end: TurnCompleted = {
  type: 'turn_completed',
  turn_id: 't',
  at,
  status: 'completed',
  stop_reason: 'end_of_turn',
  final_text: 'Bye.',
  response_ids: [],
  num_steps: 1,
  usage: { input_tokens: 0, output_tokens: 0, total_tokens: 0 },
};
const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const big = (mib: number) => 'ä'.repeat((mib * MIB) / 2);

describe('full', () => {
  test('is everything, where that is small', () => {
    const small = progress([inference(1, 'Hi.'), tool(2)], { end });
    expect(progressView(small)).toBe(small);
  });

  test('leaves out the oldest texts and results first', () => {
    const whole = progress([
      inference(1, big(0.6)),
      tool(2, { arguments: big(0.1) }),
      inference(3, big(0.6)),
    ]);
    const { steps, truncated } = progressView(whole);
    expect(truncated).toBe(true);
    expect(steps).toEqual([inference(1, '', { truncated: true }), whole.steps[1], whole.steps[2]]);
  });

  test('keeps state, numbers and errors of the steps that it bares', () => {
    const error = { code: 'x', message: 'y', source: 'tool', retryable: false } as const;
    const [step] = progressView(progress([tool(1, { state: 'failed', error, report: big(2) })])).steps;
    expect(step).toMatchObject({ state: 'failed', number: 1, error });
  });
});

describe.each([
  ['full', MIB],
  ['summary', 64 * 1024],
] as const)('%s fits', (detail, limit) => {
  test.each<[string, TurnProgress]>([
    ['huge texts', progress(many(5, (i) => inference(i, big(1))))],
    ['huge reasoning', progress([inference(1, 'a', { reasoning: [{ kind: 'text', text: big(2) }] })])],
    ['a huge refusal', progress([inference(1, 'a', { refusal: big(2) })])],
    ['huge calls', progress([inference(1, 'a', { function_calls: [{ ...call, arguments: big(2) }] })])],
    [
      'huge hosted results',
      progress([
        inference(1, 'a', {
          server_tool_executions: many(9000, () => ({
            ...call,
            step_id: id(1),
            status: 'completed' as const,
          })),
        }),
      ]),
    ],
    ['huge arguments', progress([tool(1, { arguments: big(2) })])],
    [
      'huge outputs',
      progress([
        tool(1, { tool_responses: [{ call_id: 'c', tool_name: 'add', content: big(2), is_error: false }] }),
      ]),
    ],
    ['a huge report', progress([tool(1, { report: big(2) })])],
    [
      'huge failures',
      progress([
        tool(1, {
          failed_attempts: [
            { attempt: 1, error: { code: 'x', message: big(2), source: 'tool', retryable: true } },
          ],
        }),
      ]),
    ],
    ['a huge final text', progress([inference(1, 'a')], { end: { ...end, final_text: big(2) } })],
    ['a huge final output', progress([inference(1, 'a')], { end: { ...end, final_output: { a: big(2) } } })],
    ['huge open calls', progress([], { end: { ...end, open_calls: [{ ...call, arguments: big(2) }] } })],
    [
      'a huge question',
      progress([inference(1, 'a')], {
        inputs: [
          {
            input_id: 'i',
            step_id: id(1),
            kind: 'approval',
            ...call,
            arguments: big(2),
            arguments_hash: 'x',
            at,
          },
        ],
      }),
    ],
    ['more steps than anybody reads', progress(many(10_000, (i) => inference(i, 'Some words.')))],
    [
      'a thousand responses',
      progress([], {
        response_ids: many(1000, (i) => `resp_${i}`.padEnd(60, 'x')),
        end: { ...end, response_ids: many(1000, (i) => `resp_${i}`.padEnd(60, 'x')) },
      }),
    ],
  ])('%s', (_name, whole) => {
    const view = progressView(whole, { detail });
    expect(bytes(view)).toBeLessThanOrEqual(limit);
    if (bytes(whole) > limit) expect(view.truncated).toBe(true);
    expect(view).toMatchObject({ turn_id: 't', num_steps: whole.num_steps, state: whole.state });
  });
});

test('a step with a huge part still stands in the view', () => {
  expect(progressView(progress([tool(1, { report: big(2) }), inference(2, 'Hi.')])).steps).toHaveLength(2);
});

describe('summary', () => {
  test('is the last 50 steps with the ends of their texts', () => {
    const whole = progress(many(60, (i) => inference(i, `${'x'.repeat(1000)} ${i}`)));
    const { steps, truncated } = progressView(whole, { detail: 'summary' });
    expect(truncated).toBe(true);
    expect(steps.map(({ step_id }) => step_id)).toEqual(many(50, (i) => id(i + 10)));
    for (const step of steps) {
      if (step.step_type !== 'inference') throw new Error('an inference step');
      expect(step.text).toMatch(new RegExp(`x ${step.number}$`));
      expect(step.text.length).toBe(500);
    }
  });
});
