import { describe, expect, test } from 'vitest';
import {
  added,
  argumentsDelta,
  completed,
  created,
  done,
  functionCall,
  synthesize,
} from '../../test/support/synthesis.js';

const whole = functionCall('fc_1', '{"text":"x"}');
const argumentsDone = (item_id: string, args: string) => ({
  type: 'response.function_call_arguments.done',
  item_id,
  output_index: 0,
  arguments: args,
});

describe('calls of our tools', () => {
  test('are issued when added, stream their arguments, and are handed out at the end', () => {
    const { story, outcome, events } = synthesize([
      created,
      added(functionCall('fc_1', '')),
      argumentsDelta('fc_1', '{"text"'),
      argumentsDelta('fc_1', ':"x"}'),
      argumentsDone('fc_1', '{"text":"x"}'),
      done(whole),
      completed([whole]),
    ]);
    expect(story).toEqual([
      '+000 inference',
      '000 issued call_fc_1 save_note(',
      '000 arguments call_fc_1 {"text"',
      '000 arguments call_fc_1 :"x"}',
      '-000 completed tool_calls',
    ]);
    const call = {
      call_id: 'call_fc_1',
      tool_type: 'function',
      tool_name: 'save_note',
      arguments: '{"text":"x"}',
    };
    expect(outcome?.function_calls).toEqual([{ ...call, item_id: 'fc_1', arguments_complete: true }]);
    expect(events.at(-1)).toMatchObject({ result: { function_calls: [call] } });
  });

  test('get one delta when the server sends the arguments only at the end', () => {
    for (const rest of [[argumentsDone('fc_1', '{"text":"x"}'), done(whole)], [done(whole)], []]) {
      const { story } = synthesize([created, added(functionCall('fc_1', '')), ...rest, completed([whole])]);
      expect(story.slice(1, -1)).toEqual([
        '000 issued call_fc_1 save_note(',
        '000 arguments call_fc_1 {"text":"x"}',
      ]);
    }
  });

  test('have the arguments that were said last', () => {
    const { outcome } = synthesize([
      added(functionCall('fc_1', '')),
      argumentsDelta('fc_1', '{"a":1}'),
      done(functionCall('fc_1', '{"a":2}')),
      completed([functionCall('fc_1', '{"a":3}')]),
    ]);
    expect(outcome?.function_calls.map((call) => call.arguments)).toEqual(['{"a":3}']);
  });

  test('are issued again when their call id changes, since the last one is the one to answer', () => {
    const { story, outcome } = synthesize([
      added(functionCall('fc_1', '', { call_id: 'old' })),
      argumentsDelta('fc_1', '{}'),
      done(functionCall('fc_1', '{}', { call_id: 'new' })),
      completed([functionCall('fc_1', '{}', { call_id: 'new' })]),
    ]);
    expect(story.slice(1, -1)).toEqual([
      '000 issued old save_note(',
      '000 arguments old {}',
      '000 issued new save_note({}',
    ]);
    expect(outcome?.function_calls.map((call) => call.call_id)).toEqual(['new']);
  });

  test('keep the namespace and the program that called', () => {
    const call = functionCall('fc_1', '{}', {
      namespace: 'crm',
      caller: { type: 'program', caller_id: 'prog_1' },
    });
    expect(synthesize([completed([call])]).outcome?.function_calls).toMatchObject([
      { namespace: 'crm', caller: { type: 'program', caller_id: 'prog_1' } },
    ]);
  });

  test('are ours whatever their name says, and hosted ones are not whatever theirs says', () => {
    const ours = functionCall('fc_1', '{}', { name: 'web_search' });
    const theirs = { type: 'mcp_call', id: 'mcp_1', name: 'save_note', arguments: '{}', output: 'ok' };
    const { outcome, story } = synthesize([completed([ours, theirs])]);
    expect(outcome?.function_calls.map((call) => call.tool_name)).toEqual(['web_search']);
    expect(story).toContain('+001 mcp');
  });

  test('of custom tools are ours when the request declared them, else hosted', () => {
    const call = { type: 'custom_tool_call', id: 'ct_1', call_id: 'call_1', name: 'sql', input: 'SELECT 1' };
    const declared = synthesize([completed([call])], { clientTools: [{ type: 'custom', name: 'sql' }] });
    expect(declared.outcome?.function_calls).toMatchObject([{ tool_type: 'custom', arguments: 'SELECT 1' }]);
    const foreign = synthesize([completed([call])]);
    expect(foreign.outcome?.function_calls).toEqual([]);
    expect(foreign.story).toContain('+000 custom');
  });
});

describe('calls that must not run', () => {
  test('half-written arguments of a call that the final output leaves out', () => {
    const { outcome } = synthesize([
      added(functionCall('fc_1', '')),
      argumentsDelta('fc_1', '{"te'),
      completed([]),
    ]);
    expect(outcome?.function_calls).toEqual([]);
  });

  test('half-written arguments where the final output has none', () => {
    const { outcome } = synthesize([
      added(functionCall('fc_1', '')),
      argumentsDelta('fc_1', '{"te'),
      completed([functionCall('fc_1', '')]),
    ]);
    // The call stands in the output, so it has to be answered; it must not run.
    expect(outcome?.function_calls).toMatchObject([{ call_id: 'call_fc_1', arguments_complete: false }]);
  });

  test('arguments that are no JSON, although the response is completed', () => {
    const half = functionCall('fc_1', '{"te');
    const { outcome } = synthesize([added(functionCall('fc_1', '')), done(half), completed([half])]);
    expect(outcome?.function_calls).toMatchObject([{ arguments: '{"te', arguments_complete: false }]);
  });

  test('an item that the server marks as incomplete is handed out with that mark', () => {
    const cut = functionCall('fc_1', '{}', { status: 'incomplete' });
    expect(synthesize([completed([cut])]).outcome?.function_calls).toMatchObject([
      { arguments_complete: false },
    ]);
  });

  test('calls of an incomplete response', () => {
    const end = {
      type: 'response.incomplete',
      response: { output: [whole], incomplete_details: { reason: 'length' } },
    };
    expect(synthesize([added(whole), done(whole), end]).outcome).toMatchObject({
      status: 'incomplete',
      stop_reason: 'length',
      function_calls: [],
    });
  });

  test('a call that is said twice is handed out once', () => {
    expect(
      synthesize([added(whole), done(whole), completed([whole, whole])]).outcome?.function_calls,
    ).toHaveLength(1);
  });
});
