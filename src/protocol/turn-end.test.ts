import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { advance } from '../events/advance.js';
import { emptyProgress } from '../events/progress.js';
import type { ToolCall, TurnEvent } from '../events/turn-event.js';
import { failureDetails, isTurnEnd, soFar, turnCancelled, turnCompleted, turnFailed } from './turn-end.js';
import { startedBy } from './turn-start.js';

const at = '2026-01-05T12:00:00.000Z';
const turn_id = 't';
const call: ToolCall = { call_id: 'c', tool_type: 'function', tool_name: 'add', arguments: '{}' };
const base = (step_id: string) => ({ turn_id, step_id, step_type: 'inference', at }) as const;
const response = (step_id: string, stop_reason: string, function_calls: readonly ToolCall[]): TurnEvent[] => [
  { type: 'step_started', ...base(step_id), metadata: { attempt: 1, response_id: 'resp_1' } },
  {
    type: 'step_completed',
    ...base(step_id),
    status: 'completed',
    result: { model: 'm', text_content: '', function_calls, server_tool_executions: [], stop_reason },
  },
];
const progressOf = (...events: TurnEvent[]) =>
  [{ type: 'turn_started', turn_id, session_id: 's', agent: 'a', schema: 1, at } as const, ...events].reduce(
    advance,
    emptyProgress(turn_id),
  );
const calling = {
  progress: progressOf(...response('0001.a.000', 'tool_calls', [call])),
  openCalls: [call],
};

describe('the end of a turn', () => {
  const said = { response_ids: ['resp_1'], num_steps: 1, usage: calling.progress.usage, open_calls: [call] };

  test('that was cancelled says what there was', () => {
    expect(turnCancelled(calling, at)).toEqual({
      type: 'turn_cancelled',
      turn_id,
      session_id: 's',
      at,
      ...said,
    });
  });

  test('does not speak of open calls where there are none', () => {
    expect(soFar({ ...calling, openCalls: [] })).not.toHaveProperty('open_calls');
  });

  test('that failed is the same from its failure and from its progress', () => {
    const error = { code: 'tool_failed', message: 'x', source: 'tool', retryable: false } as const;
    const failure = ApplicationFailure.create({ message: 'x', details: [failureDetails(error, calling)] });
    const end = { type: 'turn_failed', turn_id, session_id: 's', at, error, ...said };
    expect(turnFailed(failure, calling, at)).toEqual(end);
    expect(turnFailed(ApplicationFailure.create({ details: [error] }), calling, at)).toEqual(end);
  });

  test('that completed is its result', () => {
    const result = {
      turn_id,
      status: 'completed',
      stop_reason: 'end_of_turn',
      final_text: 'Hi',
      ...said,
    } as const;
    expect(turnCompleted(result, at)).toEqual({ type: 'turn_completed', at, ...result });
  });

  test('is told apart from what else happens', () => {
    expect(isTurnEnd(turnCancelled(calling, at))).toBe(true);
    expect(isTurnEnd({ type: 'step_completed' })).toBe(false);
  });
});

describe('turn_started', () => {
  test.each<[unknown, object]>([
    [
      { agent: 'a', session_id: 's', conversation: 'c' },
      { agent: 'a', session_id: 's', schema: 1 },
    ],
    [
      { agent: 'a', conversation: 'c' },
      { agent: 'a', session_id: 'c', schema: 1 },
    ],
    [{ agent: 5 }, { agent: 'unknown', schema: 1 }],
    [null, { agent: 'unknown', schema: 1 }],
  ])('of the input %j is %j', (input, started) => {
    expect(startedBy(input)).toEqual(started);
  });
});
