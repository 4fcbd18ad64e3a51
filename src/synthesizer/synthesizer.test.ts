import { describe, expect, test } from 'vitest';
import {
  OPTIONS,
  added,
  completed,
  created,
  done,
  message,
  synthesize,
  textDelta,
} from '../../test/support/synthesis.js';
import { advance, openSteps, outcome, startedSteps, startResponse } from './index.js';
import type { SynthesizerState } from './index.js';

const search = {
  type: 'web_search_call',
  id: 'ws_1',
  status: 'completed',
  action: { type: 'search', query: 'q' },
};
const STREAM: readonly unknown[] = [
  created,
  added(search),
  done(search),
  added({ type: 'message', id: 'msg_1', content: [] }, 1),
  textDelta('msg_1', 'Hel'),
  textDelta('msg_1', 'lo'),
  done(message('msg_1', 'Hello'), 1),
  completed([search, message('msg_1', 'Hello')]),
].map((event, sequence_number) => ({ ...event, sequence_number }));

describe('advance', () => {
  test('goes on from a state that went through JSON', () => {
    const whole = synthesize(STREAM);
    STREAM.forEach((_, cut) => {
      const before = synthesize(STREAM.slice(0, cut));
      let state: SynthesizerState = JSON.parse(JSON.stringify(before.state));
      const events = [...before.events];
      for (const event of STREAM.slice(cut)) {
        const next = advance(state, event);
        state = next.state;
        events.push(...next.events);
      }
      expect(events).toEqual(whole.events);
      expect(outcome(state)).toEqual(whole.outcome);
    });
  });

  test('never changes the state it was given', () => {
    let state = deepFreeze(startResponse(OPTIONS));
    for (const event of STREAM) state = deepFreeze(advance(state, event).state);
    expect(outcome(state)?.final_text).toBe('Hello');
  });

  test('ignores events that come again', () => {
    const repeated = STREAM.flatMap((event, at) => [event, ...STREAM.slice(Math.max(0, at - 2), at + 1)]);
    expect(synthesize(repeated).events).toEqual(synthesize(STREAM).events);
  });

  test('does not mind skipped numbers, nor a server that numbers every event the same', () => {
    const renumbered = (number: (at: number) => number): readonly unknown[] =>
      STREAM.map((event, at) => Object.assign({}, event, { sequence_number: number(at) }));
    const { events } = synthesize(STREAM);
    expect(synthesize(renumbered((at) => at * 7)).events).toEqual(events);
    expect(synthesize(renumbered(() => 0)).events).toEqual(events);
  });

  test('says nothing after the end', () => {
    const { story, state } = synthesize([...STREAM, ...STREAM, { type: 'error', message: 'late' }]);
    expect(story).toEqual(synthesize(STREAM).story);
    expect(outcome(state)?.status).toBe('completed');
  });

  test('counts what it does not know, and throws at nothing', () => {
    const odd: readonly unknown[] = [
      null,
      7,
      'response.created',
      [],
      {},
      { type: 'constructor' },
      { type: '__proto__' },
      { type: 'response.brand_new' },
    ];
    expect(synthesize([...odd, ...STREAM]).outcome).toMatchObject({
      unknown_events: odd.length,
      final_text: 'Hello',
    });
  });

  test('throws at no known event that lacks its fields or has others', () => {
    const types = [
      'created',
      'output_item.added',
      'output_item.done',
      'output_text.delta',
      'content_part.done',
    ];
    const more = [
      'output_text.annotation.added',
      'function_call_arguments.delta',
      'mcp_call_arguments.done',
      'completed',
    ];
    for (const type of [...types, ...more, 'failed', 'incomplete']) {
      for (const junk of [
        null,
        1,
        'x',
        [],
        [null, 1],
        {},
        { id: 5, type: 9, content: {} },
        { type: 'mcp_call' },
      ]) {
        const event = {
          item: junk,
          part: junk,
          response: junk,
          delta: junk,
          item_id: junk,
          output_index: junk,
        };
        const { state } = synthesize([{ type: `response.${type}`, ...event }, { type: `response.${type}` }]);
        expect(openSteps(state).length).toBeLessThanOrEqual(startedSteps(state).length);
      }
    }
  });
});

test('openSteps and startedSteps tell where the response stands', () => {
  const { state } = synthesize([created, added(search), added({ ...search, id: 'ws_2' }, 1)]);
  expect(startedSteps(state).map((id) => id.slice(-3))).toEqual(['000', '001', '002']);
  expect(openSteps(state).map((id) => id.slice(-3))).toEqual(['001', '002']);
});

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
