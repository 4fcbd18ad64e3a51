/**
 * What the Python reference client gets wrong with streams, by the numbers of the reference, and what is done
 * here instead. Points 14 to 17 are of its agent loop: see test/reference-client.test.ts.
 */
import { describe, expect, test } from 'vitest';
import {
  STREAM_LOST,
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
import type { JsonObject } from '../events/index.js';

const search = (id: string, more: JsonObject = {}): JsonObject => ({ type: 'web_search_call', id, ...more });
const starts = (story: readonly string[]): readonly string[] => story.filter((line) => line.startsWith('+'));
const isBalanced = (story: readonly string[]): boolean =>
  starts(story).length === story.filter((line) => line.startsWith('-')).length;

describe('the reference client', () => {
  test('point 1: shows no delta of arguments, input, code or patches; here each one is told', () => {
    const item = { id: 'i_1', call_id: 'c_1', name: 'n', server_label: 's', code: '' };
    const families: readonly (readonly [string, string])[] = [
      ['function_call', 'function_call_arguments'],
      ['mcp_call', 'mcp_call_arguments'],
      ['mcp_call', 'mcp_call.arguments'],
      ['code_interpreter_call', 'code_interpreter_call_code'],
      ['custom_tool_call', 'custom_tool_call_input'],
    ];
    for (const [type, event] of families) {
      const { story } = synthesize([
        added({ ...item, type }),
        { type: `response.${event}.delta`, item_id: 'i_1', output_index: 0, delta: 'abc' },
      ]);
      expect(story.at(-1)).toMatch(/^000 arguments \S+ abc$/);
    }
    const patch = {
      id: 'i_1',
      type: 'apply_patch_call',
      call_id: 'c_1',
      operation: { type: 'create_file', diff: '' },
    };
    const diff = { type: 'response.apply_patch_call_operation_diff.delta', item_id: 'i_1', delta: '+x' };
    expect(synthesize([added(patch), diff]).story.at(-1)).toBe('000 arguments c_1 +x');
    const shell = { id: 'i_1', type: 'shell_call', call_id: 'c_1', action: { commands: [] } };
    const command = {
      type: 'response.shell_call_command.delta',
      output_index: 0,
      command_index: 0,
      delta: 'ls',
    };
    expect(synthesize([added(shell), command]).story.at(-1)).toBe('000 arguments c_1 {"commands":["ls');
  });

  test('point 2: ends a turn over calls that it does not know; here each item is a step or a call', () => {
    const ours = ['computer_call', 'local_shell_call', 'shell_call', 'apply_patch_call'];
    const theirs = ['code_interpreter_call', 'image_generation_call', 'program', 'gizmo_call'];
    for (const type of ours) {
      const item = {
        type,
        id: 'i_1',
        call_id: 'c_1',
        action: { commands: ['ls'] },
        operation: { type: 'x' },
      };
      expect(synthesize([completed([item])]).outcome?.stop_reason).toBe('tool_calls');
    }
    for (const type of theirs) {
      const { story } = synthesize([completed([{ type, id: 'i_1', call_id: 'c_1' }])]);
      expect(starts(story)[0]).toBe(`+000 ${type.replace('_call', '')}`);
    }
    const asks = { type: 'mcp_approval_request', id: 'i_1', name: 'n', server_label: 's', arguments: '{}' };
    expect(synthesize([completed([asks])]).outcome?.stop_reason).toBe('approval_required');
  });

  test('point 3: ignores incomplete; here it ends the response, with its reason', () => {
    const response = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
    const { story, outcome } = synthesize([created, { type: 'response.incomplete', response }]);
    expect(story.at(-1)).toBe('-000 incomplete max_output_tokens');
    expect(outcome?.status).toBe('incomplete');
  });

  test('point 4: leaves steps open when a response fails; here all are closed', () => {
    const failed = { type: 'response.failed', response: { error: { code: 'server_error', message: 'x' } } };
    for (const end of [failed, { type: 'error', code: 'server_error', message: 'x' }]) {
      const { story, outcome } = synthesize([created, added(search('ws_1')), end]);
      expect(isBalanced(story)).toBe(true);
      expect(outcome?.error?.code).toBe('server_error');
    }
  });

  test('point 5: leaves a step open when the stream breaks off; here that is an interruption', () => {
    const { story, outcome } = synthesize([created, textDelta('msg_1', 'Hel'), STREAM_LOST]);
    expect(isBalanced(story)).toBe(true);
    expect(outcome).toMatchObject({ status: 'interrupted', error: { code: 'stream_interrupted' } });
  });

  test('point 6: knows one current step; here hosted tools run side by side', () => {
    const ids = ['ws_1', 'ws_2', 'ws_3'];
    const { story } = synthesize([
      created,
      ...ids.map((id, at) => added(search(id), at)),
      ...ids.toReversed().map((id) => done(search(id), ids.indexOf(id))),
      completed(ids.map((id) => search(id))),
    ]);
    expect(isBalanced(story)).toBe(true);
    expect(story.filter((line) => /^-00[123]/.test(line))).toEqual([
      '-003 completed',
      '-002 completed',
      '-001 completed',
    ]);
  });

  test('point 7: opens an empty inference step after each search; here only when there are words', () => {
    const ids = ['ws_1', 'ws_2', 'ws_3', 'ws_4', 'ws_5', 'ws_6', 'ws_7'];
    const items = ids.flatMap((id) => [{ type: 'reasoning', id: `rs_${id}`, summary: [] }, search(id)]);
    const { story } = synthesize([
      created,
      ...items.flatMap((item, at) => [added(item, at), done(item, at)]),
      completed([...items, message('msg_1', 'Found.')]),
    ]);
    expect(starts(story).filter((line) => line.endsWith('inference'))).toEqual([
      '+000 inference',
      '+008 inference',
    ]);
  });

  test('point 8: loses all text of a resumed stream; here it may start anywhere', () => {
    const queued = { type: 'response.queued', response: { id: 'resp_1' } };
    for (const first of [[queued], []]) {
      const { story } = synthesize([...first, textDelta('msg_1', 'Hi'), completed([message('msg_1', 'Hi')])]);
      expect(story).toEqual(['+000 inference', '000 text Hi', '-000 completed end_of_turn']);
    }
  });

  test('point 9: takes functions for hosted tools by their name; here the item type decides', () => {
    for (const name of ['web_search', 'file_search', 'knowledge_search', 'mcp_call']) {
      const { outcome } = synthesize([completed([functionCall('fc_1', '{}', { name })])]);
      expect(outcome?.function_calls).toMatchObject([{ tool_type: 'function', tool_name: name }]);
    }
  });

  test('point 10: runs a call with {} and its old id when done has another id; here the last word counts', () => {
    const final = functionCall('fc_1', '{"a":1}', { call_id: 'new' });
    const { outcome } = synthesize([
      added(functionCall('fc_1', '', { call_id: 'old' })),
      argumentsDelta('fc_1', '{"a":1}'),
      done(final),
      completed([final]),
    ]);
    expect(outcome?.function_calls).toMatchObject([{ call_id: 'new', arguments: '{"a":1}' }]);
  });

  test('point 11: makes {} of missing and invalid arguments; here they stay and are marked', () => {
    const { outcome, story } = synthesize([
      added(functionCall('fc_1', '')),
      completed([functionCall('fc_1', '{"a":'), functionCall('fc_2', '')]),
    ]);
    expect(story[1]).toBe('000 issued call_fc_1 save_note(');
    expect(outcome?.function_calls).toMatchObject([
      { arguments: '{"a":', arguments_complete: false },
      { arguments: '' },
    ]);
  });

  test('point 12: drops results of hosted tools; here they are told and stand in the step', () => {
    const call = {
      type: 'mcp_call',
      id: 'mcp_1',
      name: 'get',
      server_label: 'lab',
      arguments: '{"a":1}',
      output: '42',
    };
    const { events } = synthesize([created, added({ ...call, output: null }), done(call), completed([call])]);
    expect(events).toContainEqual(
      expect.objectContaining({
        delta: expect.objectContaining({ type: 'tool_call_completed', result: '42' }),
      }),
    );
    expect(events).toContainEqual(
      expect.objectContaining({
        result: expect.objectContaining({ tool_responses: [expect.objectContaining({ content: '42' })] }),
      }),
    );
    expect(events[2]).toMatchObject({ metadata: { arguments: '{"a":1}' } });
    expect(events.at(-1)).toMatchObject({ result: { server_tool_executions: [{ call_id: 'mcp_1' }] } });
  });

  test('point 13: loses refusals, reasoning, annotations, phases and late text; here none is lost', () => {
    const items = [
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Hm.' }] },
      message('msg_1', 'Looking.', { phase: 'commentary' }),
      {
        ...message('msg_2', '', { phase: 'final_answer' }),
        content: [
          {
            type: 'output_text',
            text: 'Found.',
            annotations: [{ type: 'url_citation', url: 'https://a.example' }],
          },
          { type: 'refusal', refusal: 'No more.' },
        ],
      },
    ];
    const { story, outcome } = synthesize([created, completed(items)]);
    expect(story).toEqual([
      '+000 inference',
      '000 summary Hm.',
      '000 text Looking.',
      '000 text Found.',
      '000 annotation {"type":"url_citation","url":"https://a.example"}',
      '000 refusal No more.',
      '-000 completed end_of_turn',
    ]);
    expect(outcome).toMatchObject({ final_text: 'Found.', refusal: 'No more.' });
    const whileSearching = [created, added(search('ws_1')), textDelta('msg_1', 'Hi')];
    expect(synthesize(whileSearching).story.at(-1)).toBe('002 text Hi');
  });

  test('point 18: mints ids anew on each replay; here the same stream gives the same ids', () => {
    const stream = [created, added(search('ws_1')), done(search('ws_1')), completed([search('ws_1')])];
    expect(synthesize(stream).events).toEqual(synthesize(stream).events);
    expect(synthesize(stream).events[0]?.step_id).toBe('0001.000000001.000');
  });
});
