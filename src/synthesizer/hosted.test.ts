import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../events/index.js';
import { added, completed, created, done, message, synthesize } from '../../test/support/synthesis.js';

const search = { type: 'file_search_call', id: 'fs_1', status: 'in_progress', queries: [], results: null };
const hit = {
  file_id: 'file_1',
  filename: 'essay.txt',
  score: 0.9,
  text: 'Work hard.',
  vector_store_id: 'vs_1',
};
const found = { ...search, status: 'completed', queries: ['great work'], results: [hit] };

function contentOf(item: JsonObject): unknown {
  const { events } = synthesize([added(item), done(item), completed([item])]);
  const step = events.find(
    (event) => event.type === 'step_completed' && event.step_type === 'tool_execution',
  );
  return step?.type === 'step_completed' && step.step_type === 'tool_execution'
    ? step.result.tool_responses[0]
    : null;
}

describe('a hosted tool', () => {
  test('ends the inference step, is a step of its own, and another inference step follows', () => {
    const { story, events } = synthesize([
      created,
      added(search),
      { type: 'response.file_search_call.searching', item_id: 'fs_1', output_index: 0 },
      done(found),
      added({ type: 'message', id: 'msg_1', content: [] }, 1),
      done(message('msg_1', 'Hi'), 1),
      completed([found, message('msg_1', 'Hi')], { usage: { input_tokens: 3, output_tokens: 2 } }),
    ]);
    expect(story.filter((line) => !line.includes('result'))).toEqual([
      '+000 inference',
      '-000 completed server_tool_call',
      '+001 file_search',
      '-001 completed',
      '+002 inference',
      '002 text Hi',
      '-002 completed end_of_turn',
    ]);
    expect(
      events.find((event) => event.type === 'step_started' && event.step_type === 'tool_execution'),
    ).toMatchObject({
      metadata: { server_side: true, tool_type: 'file_search', tool_name: 'file_search', call_id: 'fs_1' },
    });
    expect(events.at(-1)).toMatchObject({
      result: {
        server_tool_executions: [{ step_id: '0001.000000001.001', call_id: 'fs_1', status: 'completed' }],
        usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 },
      },
    });
  });

  test('that is last leaves an empty inference step to carry the totals', () => {
    const { story } = synthesize([created, added(search), done(found), completed([found])]);
    expect(story.slice(-2)).toEqual(['+002 inference', '-002 completed end_of_turn']);
  });

  test('runs beside others, each closing its own step in any order', () => {
    const call = (id: string): JsonObject => ({ type: 'web_search_call', id, status: 'in_progress' });
    const { story } = synthesize([
      added(call('ws_1'), 0),
      added(call('ws_2'), 1),
      done(call('ws_2'), 1),
      done(call('ws_1'), 0),
      completed([call('ws_1'), call('ws_2')]),
    ]);
    expect(story.filter((line) => /^[+-]00[01]/.test(line))).toEqual([
      '+000 web_search',
      '+001 web_search',
      '-001 completed',
      '-000 completed',
    ]);
  });

  test('that never got done is closed by the final output', () => {
    const { story } = synthesize([created, added(search), completed([found])]);
    expect(story).toContain('-001 completed');
  });

  test('that the final output leaves out is closed as incomplete', () => {
    const { story } = synthesize([created, added(search), completed([message('msg_1', 'Hi')])]);
    expect(story).toContain('-001 incomplete');
  });

  test('is completed whatever its status says, unless that is failed or incomplete', () => {
    const statusAfter = (status: string): string | undefined =>
      synthesize([added(search), done({ ...found, status })]).story.at(-1);
    expect(['searching', 'in_progress', 'completed', 'failed', 'incomplete'].map(statusAfter)).toEqual([
      '-000 completed',
      '-000 completed',
      '-000 completed',
      '-000 failed',
      '-000 incomplete',
    ]);
  });

  test('of a type that nobody knows is a step of that type', () => {
    const call = { type: 'x_search_call', id: 'xs_1', name: 'x_keyword_search', arguments: '{"q":1}' };
    const { events, story } = synthesize([added(call), done(call), completed([call])]);
    expect(story.slice(0, 1)).toEqual(['+000 x_search']);
    expect(events[0]).toMatchObject({ metadata: { tool_name: 'x_keyword_search', arguments: '{"q":1}' } });
  });
});

describe('results of hosted tools', () => {
  test('a file search tells its queries and what it found', () => {
    const { vector_store_id: _, ...kept } = hit;
    expect(contentOf(found)).toEqual({
      call_id: 'fs_1',
      tool_name: 'file_search',
      content: { queries: ['great work'], results: [kept] },
      is_error: false,
    });
  });

  test('texts of a file search are cut to a size that an event can bear', () => {
    const long = {
      ...found,
      results: [{ ...hit, text: 'é'.repeat(10_000) }, { ...hit, text: 'words '.repeat(4_000) }, hit],
    };
    expect(contentOf(long)).toMatchObject({ content: { truncated: true } });
    expect(JSON.stringify(contentOf(long)).length).toBeLessThan(33_000);
  });

  test('a web search tells its action', () => {
    const action = { type: 'search', query: 'news', sources: [{ type: 'url', url: 'https://a.example' }] };
    expect(contentOf({ type: 'web_search_call', id: 'ws_1', status: 'completed', action })).toMatchObject({
      content: { action },
    });
  });

  test('an MCP call tells its output, or its error', () => {
    const call = { type: 'mcp_call', id: 'mcp_1', name: 'get', server_label: 'lab', arguments: '{}' };
    expect(contentOf({ ...call, output: '42' })).toMatchObject({ content: '42', is_error: false });
    expect(contentOf({ ...call, error: { code: 1 } })).toMatchObject({
      content: { code: 1 },
      is_error: true,
    });
  });

  test('an MCP tool list tells names only, and that it is housekeeping', () => {
    const tools = [{ name: 'get', description: 'secret sauce', input_schema: {} }];
    const list = contentOf({ type: 'mcp_list_tools', id: 'mcpl_1', server_label: 'lab', tools });
    expect(list).toMatchObject({ content: { tools: ['get'] }, metadata: { housekeeping: true } });
    expect(JSON.stringify(list)).not.toContain('sauce');
  });

  test('an unknown tool shows no field that could hold a secret or a blob', () => {
    const item = {
      type: 'fax_call',
      id: 'fx_1',
      status: 'completed',
      authorization: 'Bearer x',
      result: 'AAAA',
    };
    expect(contentOf(item)).toMatchObject({ content: { status: 'completed' } });
  });
});

describe('an approval request', () => {
  test('ends the response with the question', () => {
    const item = {
      type: 'mcp_approval_request',
      id: 'mcpr_1',
      name: 'pay',
      server_label: 'bank',
      arguments: '{"eur":1}',
    };
    const { outcome, story } = synthesize([created, added(item), done(item), completed([item])]);
    expect(story).toEqual(['+000 inference', '-000 completed approval_required']);
    expect(outcome?.approvals).toEqual([
      { approval_request_id: 'mcpr_1', server_label: 'bank', tool_name: 'pay', arguments: '{"eur":1}' },
    ]);
  });
});
