import { expect, test } from 'vitest';
import { emptyProgress } from '../events/progress.js';
import type { InferenceStep, Step } from '../events/progress.js';
import { CARRY_BYTES } from '../protocol/turn-carry.js';
import type { TurnCarry } from '../protocol/turn-carry.js';
import { withinCarry } from './carry.js';

const at = '2026-01-05T12:00:00.000Z';
const step = (response: number, extra: Partial<InferenceStep> = {}): Step => ({
  step_id: `${String(response).padStart(4, '0')}.a.000`,
  step_type: 'inference',
  number: response,
  state: 'completed',
  started_at: at,
  attempt: 1,
  response_id: `resp_${String(response).padStart(48, '0')}`,
  text: 'Said. ',
  reasoning: [],
  annotations: [],
  function_calls: [],
  server_tool_executions: [],
  ...extra,
});

function carryOf(steps: readonly Step[], extra: Partial<TurnCarry> = {}): TurnCarry {
  return {
    version: 1,
    started_at: at,
    response: steps.length,
    answer: { status: 'completed', stop_reason: 'tool_calls', calls: [] },
    tool_calls: 0,
    limits: {},
    progress: { ...emptyProgress('t'), steps, num_steps: steps.length },
    next_offset: 7,
    decided: [],
    steering: { waiting: [], taken: [] },
    ...extra,
  };
}

const outcome = (index: number) => ({
  kind: 'approval' as const,
  arguments_hash: 'f'.repeat(64),
  outcome: { input_id: `input-${index}`, decision: 'approve' as const, reason: 'r'.repeat(900), at },
});
const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

test('texts of earlier responses stay behind, those of the newest go along', () => {
  const lost = step(1, { step_id: '0001.9.000', state: 'superseded' });
  const carry = withinCarry(carryOf([lost, step(1), step(2), step(3)], { response: 3 }));
  expect(carry?.progress).toMatchObject({ truncated: true, num_steps: 4 });
  expect(carry?.progress.steps).toEqual([
    step(1, { text: '', truncated: true }),
    step(2, { text: '', truncated: true }),
    step(3),
  ]);
});

test('a turn at its first response is carried whole', () => {
  const carry = carryOf([step(1)]);
  expect(withinCarry(carry)).toEqual(carry);
});

test('of very many steps and decisions the newest go along, and what counts still counts', () => {
  const decided = Array.from({ length: 500 }, (_, index) => outcome(index));
  const steps = Array.from({ length: 5000 }, (_, index) => step(index + 1));
  const carry = withinCarry(carryOf(steps, { decided }));
  expect(bytes(carry)).toBeLessThan(CARRY_BYTES);
  expect(carry?.progress.num_steps).toBe(5000);
  expect(carry?.progress.steps.at(-1)).toEqual(step(5000));
  expect(carry?.progress.steps.length).toBeGreaterThan(300);
  expect(carry?.decided.at(-1)).toEqual(outcome(499));
  expect(carry?.decided.length).toBeGreaterThan(30);
});

test('an answer that is too much is not carried', () => {
  const text = 'x'.repeat(CARRY_BYTES);
  expect(withinCarry(carryOf([step(1, { text })]))).toBeUndefined();
});
