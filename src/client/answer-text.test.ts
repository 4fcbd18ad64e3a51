import { describe, expect, test } from 'vitest';
import { InvalidCursorError } from './errors.js';
import { AnswerText } from './answer-text.js';
import { formatCursor, isAfter, parseCursor } from './cursor.js';
import type { TurnEvent } from '../events/turn-event.js';

const turn_id = 't';
const at = '2026-01-05T12:00:00.000Z';
const step = (step_id: string) => ({ turn_id, step_id, step_type: 'inference', at }) as const;
const started = (step_id: string): TurnEvent => ({
  type: 'step_started',
  ...step(step_id),
  metadata: { attempt: 1 },
});
const text = (step_id: string, said: string): TurnEvent => ({
  type: 'step_progress',
  turn_id,
  step_id,
  step_type: 'inference',
  delta: { type: 'text', text: said },
});
const completed = (step_id: string, text_content: string): TurnEvent => ({
  type: 'step_completed',
  ...step(step_id),
  status: 'completed',
  result: {
    model: 'm',
    text_content,
    function_calls: [],
    server_tool_executions: [],
    stop_reason: 'end_of_turn',
  },
});
const superseded = (step_id: string): TurnEvent => ({
  type: 'step_superseded',
  ...step(step_id),
  was_completed: false,
  may_have_run: false,
  reason: { code: 'attempt_lost', message: 'x' },
});
const ended = (final_text: string): TurnEvent => ({
  type: 'turn_completed',
  turn_id,
  at,
  status: 'completed',
  stop_reason: 'end_of_turn',
  final_text,
  response_ids: [],
  num_steps: 1,
  usage: { input_tokens: 0, output_tokens: 0, total_tokens: 0 },
});

/** The chunks, and what one who follows them has in the end. */
function follow(...events: TurnEvent[]) {
  const answer = new AnswerText();
  const chunks = events.map((event) => answer.take(event)).filter((chunk) => chunk !== undefined);
  const read = chunks.reduce((all, chunk) => (chunk.reset ? chunk.text : all + chunk.text), '');
  return { read, chunks };
}
const one = '0001.a.000';

describe("the answer's text", () => {
  test('comes as it is said, without a reset', () => {
    const { chunks } = follow(
      started(one),
      text(one, 'Hel'),
      text(one, 'lo.'),
      completed(one, 'Hello.'),
      ended('Hello.'),
    );
    expect(chunks).toEqual([{ text: 'Hel' }, { text: 'lo.' }]);
  });

  test('is completed by what the result says more', () => {
    expect(follow(started(one), text(one, 'Hel'), completed(one, 'Hello.')).chunks).toEqual([
      { text: 'Hel' },
      { text: 'lo.' },
    ]);
    expect(follow(started(one), completed(one, 'Hello.')).chunks).toEqual([{ text: 'Hello.' }]);
  });

  test('starts again when the attempt was lost', () => {
    const { chunks, read } = follow(
      started(one),
      text(one, 'Hel'),
      superseded(one),
      started('0001.b.000'),
      text('0001.b.000', 'Hi.'),
    );
    expect(chunks).toEqual([{ text: 'Hel' }, { text: '', reset: true }, { text: 'Hi.' }]);
    expect(read).toBe('Hi.');
  });

  test('starts again with each response: what came before a tool was not the answer', () => {
    const two = '0002.a.000';
    const { chunks } = follow(
      started(one),
      text(one, 'Let me see.'),
      completed(one, 'Let me see.'),
      started(two),
      text(two, '3'),
      ended('3'),
    );
    expect(chunks).toEqual([{ text: 'Let me see.' }, { text: '', reset: true }, { text: '3' }]);
  });

  test('runs on over the steps of one response', () => {
    const next = '0001.a.002';
    expect(
      follow(started(one), text(one, 'a'), completed(one, 'a'), started(next), text(next, 'b'), ended('ab'))
        .chunks,
    ).toEqual([{ text: 'a' }, { text: 'b' }]);
  });

  test('becomes the final text, where that is another one', () => {
    expect(follow(started(one), text(one, 'Thinking. Hi.'), ended('Hi.')).chunks.at(-1)).toEqual({
      text: 'Hi.',
      reset: true,
    });
  });

  test('is not touched by what else happens', () => {
    const others: TurnEvent[] = [
      {
        type: 'step_started',
        ...step('0001.z000.aaaaaa'),
        step_type: 'tool_execution',
        metadata: { server_side: false, tool_type: 'function', tool_name: 'f' },
      },
      {
        type: 'step_progress',
        turn_id,
        step_id: one,
        step_type: 'inference',
        delta: { type: 'reasoning', kind: 'text', text: 'x' },
      },
      superseded('0000.a.000'),
    ];
    expect(follow(started(one), text(one, 'Hi.'), ...others).read).toBe('Hi.');
  });
});

const runId = '0198f0a3-3c1d-7c5e-9a33-6a2b0f0c1d2e';

describe('a cursor', () => {
  test.each([
    { runId, eventId: 12, index: 3 },
    { runId, eventId: 12, index: 3, switching: { runId, index: 1 } },
  ])('is read as it was written: %j', (cursor) => {
    expect(parseCursor(formatCursor(cursor))).toEqual(cursor);
  });

  test('comes after another by event, then by place', () => {
    const order = [
      { eventId: 1, index: 2 },
      { eventId: 2, index: 1 },
      { eventId: 2, index: 2 },
      { eventId: 10, index: 0 },
    ];
    for (const [i, a] of order.entries()) {
      for (const [j, b] of order.entries()) expect(isAfter(a, b)).toBe(i > j);
    }
  });

  const whole = `1.${runId}.1.1`;
  test.each([
    '',
    '1',
    '1.1.1',
    `1.${runId}`,
    `2.${runId}.1.1`,
    `${whole} `,
    `${whole}.1`,
    `1.${runId}.-1.1`,
    '../x',
  ])('is not %j', (id) => {
    expect(() => parseCursor(id)).toThrow(InvalidCursorError);
  });
});
