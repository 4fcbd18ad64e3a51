import { describe, expect, test } from 'vitest';
import type { BatchEvent, BatchInferenceCompleted } from '../events/batch.js';
import type { Delta, ReasoningText } from '../events/turn-event.js';
import type { PublishingMode } from '../protocol/turn.js';
import { BatchBuffer } from './batch-buffer.js';

const progress = (delta: Delta, step_id = 's'): BatchEvent => ({ type: 'step_progress', step_id, delta });
const text = (said: string, step_id = 's') => progress({ type: 'text', text: said }, step_id);
const thought = (said: string, kind: 'summary' | 'text' = 'summary') =>
  progress({ type: 'reasoning', kind, text: said });
const completed = (text_content: string, reasoning?: readonly ReasoningText[]): BatchInferenceCompleted => ({
  type: 'step_completed',
  step_id: 's',
  step_type: 'inference',
  at: '2026-01-05T12:00:00.000Z',
  status: 'completed',
  result: {
    model: 'm',
    text_content,
    ...(reasoning ? { reasoning } : {}),
    function_calls: [],
    server_tool_executions: [],
    stop_reason: 'end_of_turn',
  },
});

function through(mode: PublishingMode, ...events: BatchEvent[]): readonly BatchEvent[] {
  const buffer = new BatchBuffer(mode);
  events.forEach((event) => buffer.push(event));
  return buffer.take();
}

describe('neighbouring deltas', () => {
  test('of one text become one', () => {
    expect(through('live', text('a'), text('b'), text('c'))).toEqual([text('abc')]);
  });

  test('of other steps, kinds and calls stay apart', () => {
    const call = (call_id: string) =>
      progress({ type: 'tool_call_delta', call_id, arguments_delta: '{' }, 's');
    const events = [
      text('a'),
      text('b', 't'),
      text('c'),
      thought('d'),
      thought('e', 'text'),
      call('1'),
      call('2'),
    ];
    expect(through('live', ...events)).toEqual(events);
  });

  test('stop growing, so that a batch can be cut between them', () => {
    const buffer = new BatchBuffer('live');
    for (let i = 0; i < 1000; i++) buffer.push(text('ä'.repeat(500)));
    const batches = [];
    while (buffer.size > 0) batches.push(buffer.take());
    expect(batches.length).toBeGreaterThan(2);
    for (const batch of batches)
      expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThanOrEqual(256 * 1024 + 2);
  });

  test('are counted as they are written: quotes and line breaks take two bytes', () => {
    const buffer = new BatchBuffer('live');
    for (let i = 0; i < 1000; i++) buffer.push(text('"\n'.repeat(250)));
    while (buffer.size > 0) {
      expect(Buffer.byteLength(JSON.stringify(buffer.take()))).toBeLessThanOrEqual(256 * 1024 + 2);
    }
  });
});

test('an event that is too big for a batch travels alone', () => {
  const buffer = new BatchBuffer('live');
  const huge = completed('x'.repeat(300 * 1024));
  buffer.push(text('a', 't'));
  buffer.push(huge);
  expect([buffer.take(), buffer.take(), buffer.take()]).toEqual([[text('a', 't')], [huge], []]);
});

describe('the result of a step', () => {
  test('leaves out text and reasoning that the deltas have said', () => {
    const events = through('live', thought('Hm'), thought('m.'), text('Hel'), text('lo.'), {
      ...completed('Hello.', [{ kind: 'summary', text: 'Hmm.' }]),
    });
    expect(events.at(-1)).toMatchObject({ type: 'step_completed' });
    expect(events.at(-1)).not.toHaveProperty('result.text_content');
    expect(events.at(-1)).not.toHaveProperty('result.reasoning');
  });

  test('also when they went out in an earlier batch', () => {
    const buffer = new BatchBuffer('live');
    buffer.push(text('Hello.'));
    buffer.take();
    buffer.push(completed('Hello.'));
    expect(buffer.take()[0]).not.toHaveProperty('result.text_content');
  });

  test('keeps what differs from the deltas', () => {
    const events = through('live', text('Hel'), completed('Hello.', [{ kind: 'text', text: 'Hmm.' }]));
    expect(events.at(-1)).toMatchObject({
      result: { text_content: 'Hello.', reasoning: [{ kind: 'text', text: 'Hmm.' }] },
    });
  });

  test('an empty one is said when deltas had said something', () => {
    expect(through('live', text('Hel'), completed('')).at(-1)).toMatchObject({
      result: { text_content: '' },
    });
  });

  test.each(['steps', 'off'] as const)('in mode %s it says everything, and no delta does', (mode) => {
    const whole = completed('Hello.', [{ kind: 'summary', text: 'Hmm.' }]);
    expect(through(mode, thought('Hmm.'), text('Hello.'), whole)).toEqual([whole]);
  });

  test('in mode steps what is in no result still travels', () => {
    const report = progress({ type: 'tool_report', data: 1 });
    const issued = progress({
      type: 'tool_call_issued',
      call_id: 'c',
      tool_type: 'function',
      tool_name: 't',
      arguments: '',
    });
    expect(through('steps', report, issued)).toEqual([report, issued]);
  });
});

test('reports that nobody was told give way to later ones, and to nothing else', () => {
  const buffer = new BatchBuffer('off');
  const report = (n: number) => progress({ type: 'tool_report', data: { n, filler: 'x'.repeat(15_000) } });
  const started = progress({ type: 'attempt_started', attempt: 1, worker: 'w' });
  buffer.push(started);
  for (let n = 1; n <= 500; n++) buffer.push(report(n));
  const waiting = [];
  while (buffer.size > 0) waiting.push(...buffer.take());

  expect(waiting[0]).toEqual(started);
  expect(waiting.at(-1)).toEqual(report(500));
  expect(waiting.slice(1)).toEqual(
    Array.from({ length: waiting.length - 1 }, (_, i) => report(502 - waiting.length + i)),
  );
  expect(Buffer.byteLength(JSON.stringify(waiting))).toBeLessThanOrEqual(256 * 1024 + 2);
});
