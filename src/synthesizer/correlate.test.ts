import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../events/index.js';
import {
  added,
  argumentsDelta,
  completed,
  created,
  done,
  functionCall,
  message,
  synthesize,
  textDelta,
} from '../../test/support/synthesis.js';

const mcpCall = (args: string, output: string | null): JsonObject => ({
  type: 'mcp_call',
  id: 'fc_2',
  name: 'get_time',
  server_label: 'clock',
  arguments: args,
  output,
});

describe('an event finds its item', () => {
  test('by id where parallel calls share an output index', () => {
    const [first, second] = [functionCall('fc_1', '{"a":1}'), functionCall('fc_2', '{"b":2}')];
    const { outcome } = synthesize([
      created,
      added(functionCall('fc_1', ''), 0),
      added(functionCall('fc_2', ''), 0),
      argumentsDelta('fc_1', '{"a":1}', 0),
      argumentsDelta('fc_2', '{"b":2}', 0),
      done(first, 0),
      done(second, 1),
      completed([first, second]),
    ]);
    expect(outcome?.function_calls.map((call) => call.arguments)).toEqual(['{"a":1}', '{"b":2}']);
  });

  test('by output index where every event has another id', () => {
    const { story, outcome } = synthesize([
      created,
      { type: 'response.in_progress', response: { id: 'resp_other' } },
      added({ type: 'message', id: 'a', content: [] }, 0),
      textDelta('b', 'Hel', { output_index: 0 }),
      textDelta('c', 'lo', { output_index: 0 }),
      done(message('d', 'Hello'), 0),
      added(functionCall('e', '', { call_id: 'call_1' }), 1),
      argumentsDelta('f', '{}', 1),
      done(functionCall('g', '{}', { call_id: 'call_1' }), 1),
      completed([message('h', 'Hello'), functionCall('i', '{}', { call_id: 'call_1' })], { id: 'resp_last' }),
    ]);
    expect(story).toEqual([
      '+000 inference',
      '000 text Hel',
      '000 text lo',
      '000 issued call_1 save_note(',
      '000 arguments call_1 {}',
      '-000 completed tool_calls',
    ]);
    expect(outcome).toMatchObject({ response_id: 'resp_last', final_text: 'Hello' });
  });

  test('by id where `added` names another output index than the rest', () => {
    const { story } = synthesize([
      added({ type: 'message', id: 'msg_1', content: [] }, 0),
      textDelta('msg_1', 'Hi', { output_index: 3 }),
      done(message('msg_1', 'Hi'), 3),
      completed([message('msg_1', 'Hi')]),
    ]);
    expect(story).toEqual(['+000 inference', '000 text Hi', '-000 completed end_of_turn']);
  });

  test('at the end by place, where the final output names other ids', () => {
    const { story } = synthesize([
      added({ type: 'message', id: 'msg_tmp', content: [] }),
      textDelta('msg_tmp', 'Hi'),
      done(message('msg_tmp', 'Hi')),
      completed([message('msg_final', 'Hi')]),
    ]);
    expect(story).toEqual(['+000 inference', '000 text Hi', '-000 completed end_of_turn']);
  });

  test('by place when only its last events name another id', () => {
    const { story } = synthesize([
      added({ type: 'message', id: 'msg_1', content: [] }),
      textDelta('msg_1', 'Hi'),
      { type: 'response.output_text.done', item_id: 'msg_2', output_index: 0, content_index: 0, text: 'Hi' },
      done(message('msg_2', 'Hi')),
      completed([message('msg_2', 'Hi')]),
    ]);
    expect(story).toEqual(['+000 inference', '000 text Hi', '-000 completed end_of_turn']);
  });

  test('and a message that the final output drops is not taken for another one', () => {
    const call = functionCall('fc_1', '{}');
    const { story, outcome } = synthesize([
      added({ type: 'message', id: 'msg_1', content: [] }),
      textDelta('msg_1', 'Wait.'),
      added(call, 1),
      done(call, 1),
      completed([call, message('msg_2', 'Done.')]),
    ]);
    expect(story).toContain('000 text Done.');
    expect(outcome?.final_text).toBe('Done.');
  });
});

describe('arguments that come before their item', () => {
  const early = [
    created,
    { type: 'response.in_progress', response: { id: 'resp_1' } },
    added(functionCall('fc_1', ''), 1),
    argumentsDelta('fc_2', '{"tz"', 1),
    argumentsDelta('fc_2', ':1}', 1),
  ];

  test('are never shown as arguments of another call, and go to the hosted call they belong to', () => {
    const { events, story } = synthesize([
      ...early,
      added(mcpCall('', null), 1),
      done(mcpCall('{"tz":1}', '12:00'), 1),
    ]);
    expect(story).toEqual([
      '+000 inference',
      '000 issued call_fc_1 save_note(',
      '-000 completed server_tool_call',
      '+001 mcp',
      '001 result "12:00"',
      '-001 completed',
    ]);
    expect(events.find((event) => event.step_id.endsWith('001'))).toMatchObject({
      metadata: { tool_name: 'get_time', server_label: 'clock', arguments: '{"tz":1}' },
    });
  });

  test('of an item that never comes are never shown', () => {
    const { story } = synthesize([...early, completed([functionCall('fc_1', '{}')])]);
    expect(story.filter((line) => line.includes('tz'))).toEqual([]);
  });
});
