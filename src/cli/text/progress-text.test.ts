import { expect, test } from 'vitest';
import { advance, emptyProgress } from '../../events/index.js';
import type { TurnEvent } from '../../events/index.js';
import type { TurnInput } from '../../protocol/turn.js';
import { progressText } from './progress-text.js';

const turn_id = 'order 42';
const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 5, 12, 0, seconds)).toISOString();
const inference = { turn_id, step_type: 'inference', step_id: '0001.000000001.000' } as const;
const refund = { turn_id, step_type: 'tool_execution', step_id: '0001.z000.abc' } as const;
const call = { call_id: 'call_1', tool_type: 'function', tool_name: 'refund', arguments: '{"cents":4200}' };

const waiting: readonly TurnEvent[] = [
  { type: 'turn_started', turn_id, agent: 'clerk', session_id: 'desk', schema: 1, at: at(0) },
  { type: 'step_started', ...inference, at: at(0), metadata: { attempt: 1 } },
  { type: 'step_progress', ...inference, delta: { type: 'text', text: 'I refund\nit.' } },
  {
    type: 'step_completed',
    ...inference,
    at: at(1),
    status: 'completed',
    result: {
      model: 'm',
      text_content: 'I refund\nit.',
      function_calls: [call],
      server_tool_executions: [],
      stop_reason: 'tool_calls',
      usage: { input_tokens: 10, output_tokens: 5, total_tokens: 15 },
    },
  },
  { type: 'step_started', ...refund, at: at(1), metadata: { server_side: false, ...call } },
  {
    type: 'input_required',
    turn_id,
    input_id: 'call_1',
    step_id: refund.step_id,
    kind: 'approval',
    call_id: 'call_1',
    tool_name: 'refund',
    arguments: call.arguments,
    arguments_hash: 'hash',
    at: at(2),
  },
];
const end = {
  turn_id,
  at: at(20),
  response_ids: [],
  num_steps: 2,
  usage: { input_tokens: 10, output_tokens: 5, total_tokens: 15 },
};

const told = (events: readonly TurnEvent[]): string =>
  progressText(events.reduce(advance, emptyProgress(turn_id)));

test('a turn that waits tells its steps, and how to answer', () => {
  expect(told(waiting)).toBe(`Turn      order 42
Agent     clerk
Session   desk
State     waiting
Started   2026-01-05 12:00:00 UTC
Tokens    15: 10 in, 5 out

#  STEP       STATE      TOOK
1  inference  completed  1.0 s  I refund it. · → refund({"cents":4200})
2  refund     running           {"cents":4200}

Waits for an approval of refund({"cents":4200}):
  durable-turns approve 'order 42' call_1
  durable-turns deny 'order 42' call_1 --reason ...
`);
});

test('what was asked is told on one line: texts as they are, other items as JSON', () => {
  const asked = (input: TurnInput['input']): string =>
    /^Asked.*$/m.exec(progressText(emptyProgress(turn_id), input))?.[0] ?? '';

  expect(asked('Refund\n42.')).toBe('Asked     Refund 42.');
  expect(asked([{ role: 'user', content: 'Refund' }])).toBe('Asked     Refund');
  expect(asked([{ type: 'item_reference', id: 'i' }])).toBe('Asked     [{"type":"item_reference","id":"i"}]');
});

test('a turn that was answered ends with the answer', () => {
  const text = told([
    ...waiting,
    {
      type: 'turn_completed',
      ...end,
      status: 'incomplete',
      stop_reason: 'limit_time',
      final_text: 'Refund:\n- done',
    },
  ]);
  expect(text).toContain('State     incomplete · limit_time\n');
  expect(text).toContain('Took      20 s\n');
  expect(text).toMatch(/\n\nRefund:\n- done\n$/);
});

test('a turn that failed ends with the reason, on one line and without control characters', () => {
  const error = {
    code: 'unknown_agent',
    message: 'No agent.\n\u001b[2JAdd it.',
    source: 'workflow',
    retryable: false,
  } as const;
  expect(told([...waiting, { type: 'turn_failed', ...end, error }])).toMatch(
    /\n\nNo agent\. \\u001b\[2JAdd it\. \(unknown_agent\)\n$/,
  );
});
