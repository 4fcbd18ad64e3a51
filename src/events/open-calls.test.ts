import { describe, expect, test } from 'vitest';
import { advance } from './advance.js';
import { lastResponse, openCallsOf } from './open-calls.js';
import { emptyProgress } from './progress.js';
import { completionSource, inferenceSource } from './source.js';
import type { StepStatus, ToolCall, TurnEvent } from './turn-event.js';
import { TurnLog } from './turn-log.js';

const at = '2026-01-05T12:00:00.000Z';
const call: ToolCall = { call_id: 'c', tool_type: 'function', tool_name: 'add', arguments: '{}' };
const base = (response: number, k = 0) =>
  ({ turn_id: 't', step_id: `000${response}.a.00${k}`, step_type: 'inference', at }) as const;

function step(
  response: number,
  stop_reason: string,
  { calls = [], status = 'completed', k = 0 }: { calls?: ToolCall[]; status?: StepStatus; k?: number } = {},
): TurnEvent[] {
  const result = {
    model: 'm',
    text_content: '',
    function_calls: calls,
    server_tool_executions: [],
    stop_reason,
  };
  return [
    { type: 'step_started', ...base(response, k), metadata: { attempt: 1, response_id: `resp_${response}` } },
    { type: 'step_completed', ...base(response, k), status, result },
  ];
}
const progressOf = (...events: TurnEvent[]) => events.reduce(advance, emptyProgress('t'));
const calling = step(1, 'tool_calls', { calls: [call] });

describe('the last response', () => {
  test.each<[string, TurnEvent[], string | undefined]>([
    ['none at all', [], undefined],
    ['one that was cut off', step(1, 'cancelled', { status: 'cancelled' }), undefined],
    ['one that goes on after a hosted tool', step(1, 'server_tool_call'), undefined],
    ['one that ran into its limit', step(1, 'max_output_tokens', { status: 'incomplete' }), 'resp_1'],
    [
      'a whole one, before one that failed',
      [...calling, ...step(2, 'failed', { status: 'failed' })],
      'resp_1',
    ],
  ])('of %s is %s', (_what, events, id) => {
    expect(lastResponse(progressOf(...events))?.response_id).toBe(id);
  });
});

describe('open calls', () => {
  const open = (...events: TurnEvent[]) => openCallsOf(progressOf(...events), undefined);

  test('are those of the last response that came to its end', () => {
    expect(open()).toEqual([]);
    expect(open(...calling)).toEqual([call]);
    expect(open(...calling, ...step(2, 'end_of_turn'))).toEqual([]);
  });

  test('stay open when the response that was given their outputs was cut off', () => {
    const cut: TurnEvent = { type: 'step_started', ...base(2), metadata: { attempt: 1 } };
    expect(open(...calling, cut)).toEqual([call]);
    expect(open(...calling, ...step(2, 'cancelled', { status: 'cancelled' }))).toEqual([call]);
  });

  test('are closed by a response that took their outputs, though it ran into its limit', () => {
    expect(open(...calling, ...step(2, 'max_output_tokens', { status: 'incomplete' }))).toEqual([]);
  });

  test('are questions of hosted tools too, as long as their response is the last', () => {
    const approvals = [
      {
        approval_request_id: 'mcpr',
        server_label: 'lab',
        tool_name: 'measure',
        arguments: '{"x":1}',
        arguments_hash: '',
      },
    ];
    const question = { call_id: 'mcpr', tool_type: 'mcp', tool_name: 'measure', arguments: '{"x":1}' };
    const asked = { response: 1, calls: [call], approvals };
    expect(openCallsOf(progressOf(...calling), asked)).toEqual([call, question]);
    expect(openCallsOf(progressOf(...calling, ...step(2, 'end_of_turn')), asked)).toEqual([]);
  });
});

describe('a log', () => {
  const logOf = (completed: unknown): TurnLog => {
    const log = new TurnLog('t');
    const source = inferenceSource(1, 'aa');
    log.open(source, at);
    const events = calling.map(({ turn_id: _turn, ...event }) => event);
    const batches = [{ source, epoch: 10, attempt: 1, n: 0, events: events as never }];
    log.settle(source, { epoch: 10, attempt: 1, batches, calls: [call] }, at);
    const completion = completionSource('bb');
    expect(log.open(completion, at)).toEqual([]);
    expect(log.settle(completion, completed, at)).toEqual([]);
    return log;
  };

  test('has no open calls once its conversation was completed', () => {
    expect(logOf({ completed: true }).openCalls).toEqual([]);
  });

  test.each([[{ completed: false }], [undefined], ['by hand']])('keeps them after %j', (completed) => {
    expect(logOf(completed).openCalls).toEqual([call]);
  });
});
