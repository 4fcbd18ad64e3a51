import { describe, expect, it } from 'vitest';
import { advance } from './advance.js';
import { emptyProgress } from './progress.js';
import type { InferenceStep, Step, ToolExecutionStep, TurnProgress } from './progress.js';
import type {
  Delta,
  InferenceMetadata,
  InferenceResult,
  InputRequired,
  StepType,
  ToolMetadata,
  TurnEvent,
} from './turn-event.js';

const turn_id = 't';
const at = '2026-01-05T12:00:00.000Z';
const usage = { input_tokens: 10, output_tokens: 2, total_tokens: 12 };
const noUsage = { input_tokens: 0, output_tokens: 0, total_tokens: 0 };
const call = { call_id: 'c1', tool_type: 'function', tool_name: 'save_note', arguments: '{"a":1}' };
const error = { code: 'x', message: 'It broke.', source: 'tool', retryable: true } as const;
const end = { turn_id, at, response_ids: [], num_steps: 0, usage: noUsage };

describe('turn_started', () => {
  it('says agent, session and time', () => {
    const progress = fold([
      { type: 'turn_started', turn_id, at, agent: 'assistant', session_id: 's', schema: 1 },
    ]);
    expect(progress).toMatchObject({ agent: 'assistant', session_id: 's', started_at: at, state: 'running' });
  });
});

describe('an inference step', () => {
  it('grows with its deltas', () => {
    const step = inferenceStep([
      inference('a'),
      delta('a', { type: 'text', text: 'wo' }),
      delta('a', { type: 'text', text: 'rk' }),
      delta('a', { type: 'refusal', text: 'no' }),
      delta('a', { type: 'annotation', annotation: { file_id: 'f' } }),
      delta('a', { type: 'tool_call_issued', ...call, arguments: '' }),
      delta('a', { type: 'tool_call_delta', call_id: 'c1', arguments_delta: '{"a"' }),
      delta('a', { type: 'tool_call_delta', call_id: 'c1', arguments_delta: ':1}' }),
      delta('a', { type: 'tool_call_delta', call_id: 'unheard of', arguments_delta: 'x' }),
    ]);
    expect(step).toMatchObject({ text: 'work', refusal: 'no', annotations: [{ file_id: 'f' }] });
    expect(step.function_calls).toEqual([call]);
  });

  it('joins reasoning of one kind', () => {
    const kinds = ['summary', 'summary', 'text', 'summary'] as const;
    const deltas = kinds.map((kind) => delta('a', { type: 'reasoning', kind, text: 'x' }));
    expect(inferenceStep([inference('a'), ...deltas]).reasoning).toEqual([
      { kind: 'summary', text: 'xx' },
      { kind: 'text', text: 'x' },
      { kind: 'summary', text: 'x' },
    ]);
  });

  it('is what its result says once it has ended', () => {
    const step = inferenceStep([
      inference('a', { attempt: 2, model: 'asked-for' }),
      delta('a', { type: 'text', text: 'draft' }),
      delta('a', { type: 'reasoning', kind: 'text', text: 'hm' }),
      delta('a', { type: 'annotation', annotation: {} }),
      answered('a', {
        text_content: 'final',
        model: 'used',
        response_id: 'r1',
        function_calls: [call],
        usage,
      }),
      delta('a', { type: 'text', text: 'too late' }),
    ]);
    expect(step).toMatchObject({ state: 'completed', attempt: 2, ended_at: at, model: 'used', usage });
    expect(step).toMatchObject({ text: 'final', reasoning: [], annotations: [], function_calls: [call] });
  });

  it('counts its usage once', () => {
    const done = answered('a', { usage });
    expect(fold([inference('a'), done, done]).usage).toEqual(usage);
  });
});

describe('a tool step', () => {
  it('shows its attempts and reports', () => {
    const failed = { type: 'attempt_failed', attempt: 1, error, retry_at: at } as const;
    const step = toolStep([
      tool('z', { call_id: 'c1', arguments: '{"a":1}' }),
      delta('z', { type: 'attempt_started', attempt: 1, worker: 'w' }),
      delta('z', failed),
      delta('z', { type: 'attempt_started', attempt: 2, worker: 'w' }),
      delta('z', { type: 'tool_report', data: 10 }),
      delta('z', { type: 'tool_report', data: 90 }),
    ]);
    expect(step).toMatchObject({ attempt: 2, report: 90, arguments: '{"a":1}', state: 'running' });
    expect(step.failed_attempts).toEqual([{ attempt: 1, error, retry_at: at }]);
  });

  it('keeps the newest 10 failed attempts', () => {
    const failed = Array.from({ length: 12 }, (_, index) =>
      delta('z', { type: 'attempt_failed', attempt: index + 1, error }),
    );
    const { failed_attempts } = toolStep([tool('z'), ...failed]);
    expect(failed_attempts.map(({ attempt }) => attempt)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('takes arguments and responses from its result', () => {
    const response = { call_id: 'c1', tool_name: 'save_note', content: 'no', is_error: true };
    const step = toolStep([
      tool('z', { call_id: 'c1' }),
      delta('z', { type: 'tool_call_delta', call_id: 'c1', arguments_delta: '{"a' }),
      { ...ended('z', 'tool_execution'), status: 'failed', error, result: ran(response) },
    ]);
    expect(step).toMatchObject({ state: 'failed', arguments: '{"a":1}', tool_responses: [response], error });
  });
});

describe('steps', () => {
  it('are ordered by their ids, whenever they came, and numbered for people', () => {
    const { steps, num_steps } = fold([inference('b'), tool('d'), inference('a'), inference('c')]);
    expect(steps.map(({ step_id, number }) => `${number} ${step_id}`)).toEqual(['1 a', '2 b', '3 c', '4 d']);
    expect(num_steps).toBe(4);
  });

  it('do not start twice', () => {
    const once = fold([inference('a'), delta('a', { type: 'text', text: 'x' })]);
    expect(advance(once, inference('a'))).toBe(once);
  });

  it('give the ids of their responses, each once', () => {
    const steps = ['a', 'b'].map((id) => inference(id, { attempt: 1, response_id: 'r1' }));
    const last = [inference('c'), answered('c', { response_id: 'r2' })];
    expect(fold([...steps, ...last]).response_ids).toEqual(['r1', 'r2']);
  });
});

describe('a superseded step', () => {
  const before = [
    inference('a', { attempt: 1, response_id: 'r1' }),
    delta('a', { type: 'text', text: 'wrong' }),
    delta('a', { type: 'refusal', text: 'wrong' }),
    answered('a', { response_id: 'r1', text_content: 'wrong', function_calls: [call], usage }),
    inference('b', { attempt: 2, response_id: 'r2' }),
  ];

  it('is void: no text, no calls, no number, not counted', () => {
    const progress = fold([...before, superseded('a')]);
    const [step, next] = progress.steps;
    expect(step).toMatchObject({ state: 'superseded', number: 0, text: '', function_calls: [] });
    expect(step).not.toHaveProperty('refusal');
    expect(next).toMatchObject({ number: 1 });
    expect(progress).toMatchObject({ num_steps: 1, response_ids: ['r2'] });
  });

  it('moves what was paid for it to usage.superseded, once', () => {
    const progress = fold([...before, superseded('a'), superseded('a')]);
    expect(progress.usage).toEqual({ ...noUsage, superseded: usage });
  });

  it('says why, and nothing more after it', () => {
    const progress = fold([...before, superseded('a')]);
    expect(progress.steps[0]).toMatchObject({ reason: { code: 'attempt_lost' }, ended_at: at });
    expect(advance(progress, delta('a', { type: 'text', text: 'x' }))).toBe(progress);
    expect(advance(progress, answered('a'))).toBe(progress);
  });

  it('of a hosted tool loses its responses', () => {
    const response = { call_id: 'c1', tool_name: 'save_note', content: 'found', is_error: false };
    const done = { ...ended('z', 'tool_execution'), status: 'completed', result: ran(response) } as const;
    expect(toolStep([tool('z'), done, superseded('z')]).tool_responses).toEqual([]);
  });
});

describe('the state', () => {
  const asked: InputRequired = {
    type: 'input_required',
    turn_id,
    input_id: 'i1',
    step_id: 'z',
    kind: 'approval',
    call_id: 'c1',
    tool_name: 'save_note',
    arguments: '{}',
    arguments_hash: 'f00',
    at,
  };

  it('is waiting while an input is open', () => {
    const waiting = fold([asked, { ...asked, input_id: 'i2' }]);
    const answer = { type: 'input_resolved', turn_id, decision: 'approve', at } as const;
    const half = advance(waiting, { ...answer, input_id: 'i1' });
    expect([waiting.state, half.state]).toEqual(['waiting', 'waiting']);
    expect(half.inputs.map(({ input_id }) => input_id)).toEqual(['i2']);
    expect(advance(half, { ...answer, input_id: 'i2' }).state).toBe('running');
  });

  const completed = {
    ...end,
    type: 'turn_completed',
    stop_reason: 'end_of_turn',
    final_text: 'Yes.',
  } as const;
  it.each<[string, TurnEvent]>([
    ['completed', { ...completed, status: 'completed' }],
    ['incomplete', { ...completed, status: 'incomplete' }],
    ['failed', { ...end, type: 'turn_failed', error }],
    ['cancelled', { ...end, type: 'turn_cancelled' }],
  ])('is %s at the end, and nothing is asked any more', (state, last) => {
    expect(fold([asked, last])).toMatchObject({ state, inputs: [], end: last });
  });

  it('is that of the first end', () => {
    const progress = fold([{ ...end, type: 'turn_cancelled' }]);
    expect(advance(progress, { ...end, type: 'turn_failed', error })).toBe(progress);
  });
});

describe('what this version does not know', () => {
  it.each([
    ['an event type', { type: 'step_paused', turn_id, step_id: 'a' }],
    ['a delta type', { ...delta('a', { type: 'text', text: '' }), delta: { type: 'audio', data: 'x' } }],
    ['a delta for another kind of step', delta('a', { type: 'tool_report', data: 1 })],
    ['a step', delta('unheard of', { type: 'text', text: 'x' })],
    ['a step that ends', answered('unheard of')],
    ['a step that is superseded', superseded('unheard of')],
  ])('changes nothing: %s', (_what, event) => {
    const progress = fold([inference('a')]);
    expect(advance(progress, event as TurnEvent)).toBe(progress);
  });
});

function fold(events: readonly TurnEvent[]): TurnProgress {
  return events.reduce(advance, emptyProgress(turn_id));
}

function firstStep(events: readonly TurnEvent[]): Step | undefined {
  return fold(events).steps[0];
}

function inferenceStep(events: readonly TurnEvent[]): InferenceStep {
  const step = firstStep(events);
  if (step?.step_type !== 'inference') throw new Error('not an inference step');
  return step;
}

function toolStep(events: readonly TurnEvent[]): ToolExecutionStep {
  const step = firstStep(events);
  if (step?.step_type !== 'tool_execution') throw new Error('not a tool step');
  return step;
}

function inference(step_id: string, metadata: InferenceMetadata = { attempt: 1 }): TurnEvent {
  return { type: 'step_started', turn_id, step_id, step_type: 'inference', at, metadata };
}

function tool(step_id: string, more: Partial<ToolMetadata> = {}): TurnEvent {
  const metadata = { server_side: false, tool_type: 'function', tool_name: 'save_note', ...more };
  return { type: 'step_started', turn_id, step_id, step_type: 'tool_execution', at, metadata };
}

function delta(step_id: string, said: Delta): TurnEvent {
  return { type: 'step_progress', turn_id, step_id, step_type: 'inference', delta: said };
}

function ended<T extends StepType>(step_id: string, step_type: T) {
  return { type: 'step_completed', turn_id, step_id, step_type, at } as const;
}

function answered(step_id: string, more: Partial<InferenceResult> = {}): TurnEvent {
  const result = {
    model: 'm',
    text_content: '',
    function_calls: [],
    server_tool_executions: [],
    stop_reason: 'end_of_turn',
    ...more,
  };
  return { ...ended(step_id, 'inference'), status: 'completed', result };
}

function ran(response: { call_id: string; tool_name: string; content: string; is_error: boolean }) {
  return { tool_calls: [call], tool_responses: [response] };
}

function superseded(step_id: string): TurnEvent {
  const reason = { code: 'attempt_lost', message: 'It fell silent.' };
  const step = { turn_id, step_id, step_type: 'inference', at } as const;
  return { type: 'step_superseded', ...step, was_completed: true, may_have_run: false, reason };
}
