import { describe, expect, test } from 'vitest';
import { added, completed, created, done, message, synthesize } from '../../test/support/synthesis.js';
import type { JsonObject } from '../events/index.js';

const patch = (diff: string): JsonObject => ({
  type: 'apply_patch_call',
  id: 'apc_1',
  call_id: 'call_1',
  operation: { type: 'create_file', diff, path: 'a.md' },
});
const diffDelta = (delta: string): JsonObject => ({
  type: 'response.apply_patch_call_operation_diff.delta',
  item_id: 'apc_1',
  output_index: 0,
  delta,
});
const shell = (commands: readonly string[], more: JsonObject = {}): JsonObject => ({
  type: 'shell_call',
  id: 'sh_1',
  call_id: 'call_1',
  action: { max_output_length: null, commands },
  ...more,
});
const command = (kind: 'added' | 'delta' | 'done', command_index: number, text: string): JsonObject => ({
  type: `response.shell_call_command.${kind}`,
  output_index: 0,
  command_index,
  [kind === 'delta' ? 'delta' : 'command']: text,
});

/** The arguments of the one call as a watcher sums them up. */
function streamed(story: readonly string[]): string {
  return story
    .map((line) => / issued \S+ \w+\((.*)$/s.exec(line)?.[1] ?? / arguments \S+ (.*)$/s.exec(line)?.[1] ?? '')
    .join('');
}

describe('an apply_patch call', () => {
  test('streams its operation as JSON, the diff last', () => {
    const whole = patch('+"a"\n+b\n');
    const { story, outcome } = synthesize([
      created,
      added(patch('')),
      diffDelta('+"a"\n'),
      diffDelta('+b\n'),
      done(whole),
      completed([whole]),
    ]);
    expect(outcome?.function_calls).toMatchObject([{ tool_type: 'apply_patch', arguments_complete: true }]);
    const args = outcome?.function_calls[0]?.arguments ?? '';
    expect(streamed(story)).toBe(args);
    expect(JSON.parse(args)).toEqual(whole['operation']);
  });

  test('without a diff is whole when it opens', () => {
    const operation = { type: 'delete_file', path: 'a.md' };
    const item = { type: 'apply_patch_call', id: 'apc_1', call_id: 'call_1', operation };
    const { story, outcome } = synthesize([added(item), done(item), completed([item])]);
    expect(streamed(story)).toBe(JSON.stringify(operation));
    expect(outcome?.function_calls[0]?.arguments).toBe(JSON.stringify(operation));
  });
});

describe('a shell call', () => {
  test('streams its commands as JSON, although their events name no item', () => {
    const whole = shell(['ls "a"', 'pwd'], { action: { commands: ['ls "a"', 'pwd'], max_output_length: 8 } });
    const { story, outcome } = synthesize([
      added(shell([])),
      command('added', 0, ''),
      command('delta', 0, 'ls '),
      command('delta', 0, '"a"'),
      command('done', 0, 'ls "a"'),
      command('done', 1, 'pwd'),
      done(whole),
      completed([whole]),
    ]);
    const args = outcome?.function_calls[0]?.arguments ?? '';
    expect(streamed(story)).toBe(args);
    expect(JSON.parse(args)).toEqual(whole['action']);
    expect(story.filter((line) => line.includes('arguments')).length).toBeGreaterThan(4);
  });

  test('is ours, unless it names the container that the server runs it in', () => {
    const environments = [
      undefined,
      null,
      { type: 'local' },
      { type: 'container_reference', container_id: 'c' },
    ];
    const ours = environments.map(
      (environment) =>
        synthesize([completed([shell(['ls'], { environment })])]).outcome?.function_calls.length,
    );
    expect(ours).toEqual([1, 1, 1, 0]);
  });
});

describe('calls that come whole', () => {
  test('of a local shell, a computer and a tool search are ours to run', () => {
    const action = { type: 'exec', command: ['ls'], env: {} };
    const items = [
      { type: 'local_shell_call', id: 'lsh_1', call_id: 'call_1', action },
      { type: 'computer_call', id: 'cu_1', call_id: 'call_2', action: { type: 'click', x: 1, y: 2 } },
      { type: 'computer_call', id: 'cu_2', call_id: 'call_3', actions: [{ type: 'wait' }] },
      { type: 'tool_search_call', id: 'ts_1', call_id: 'call_4', execution: 'client', arguments: { q: 1 } },
    ];
    const { outcome } = synthesize(
      items.flatMap((item) => [added(item), done(item)]).concat(completed(items)),
    );
    expect(outcome?.function_calls.map((call) => [call.tool_type, call.arguments])).toEqual([
      ['local_shell', JSON.stringify(action)],
      ['computer', '{"type":"click","x":1,"y":2}'],
      ['computer', '{"actions":[{"type":"wait"}]}'],
      ['tool_search', '{"q":1}'],
    ]);
    expect(outcome?.function_calls.every((call) => call.arguments_complete)).toBe(true);
  });

  test('of a computer hand out what has to be acknowledged first', () => {
    const checks = [{ id: 'sc_1', code: 'malicious_instructions', message: 'Careful.' }];
    const item = {
      type: 'computer_call',
      id: 'cu_1',
      call_id: 'call_1',
      action: { type: 'wait' },
      pending_safety_checks: checks,
    };
    expect(synthesize([completed([item])]).outcome?.function_calls).toMatchObject([
      { safety_checks: checks },
    ]);
  });

  test('of a tool search take the call id that was said last', () => {
    const search = { type: 'tool_search_call', id: 'ts_1', execution: 'client', arguments: {} };
    const final = { ...search, call_id: 'new', arguments: { queries: ['x'] } };
    const { outcome } = synthesize([added({ ...search, call_id: 'old' }), done(final), completed([final])]);
    expect(outcome?.function_calls).toMatchObject([{ call_id: 'new', arguments: '{"queries":["x"]}' }]);
  });
});

describe('arguments that a call is added with', () => {
  const call = (args: string): JsonObject => ({
    type: 'function_call',
    id: 'fc_1',
    call_id: 'call_1',
    name: 'save_note',
    arguments: args,
  });
  const delta = (text: string): JsonObject => ({
    type: 'response.function_call_arguments.delta',
    item_id: 'fc_1',
    delta: text,
  });
  const sum = (opening: string, ...deltas: readonly string[]): string =>
    streamed(synthesize([added(call(opening)), ...deltas.map(delta)]).story);

  test('are not said again when deltas repeat them', () => {
    expect(sum('{"a":1}', '{"a"', ':1}')).toBe('{"a":1}');
  });

  test('are gone on with when deltas do so', () => {
    expect(sum('{"a"', ':1}')).toBe('{"a":1}');
    expect(sum('{"a"', '{"a":1', '}')).toBe('{"a":1}');
  });

  test('are nothing yet when they are empty braces', () => {
    expect(sum('{}', '{"a":1}')).toBe('{"a":1}');
  });
});

describe('who runs an unknown call', () => {
  const call = { type: 'gizmo_call', id: 'gz_1', call_id: 'call_1', name: 'gizmo', arguments: '{}' };

  test('is the server, unless a tool of its name was declared', () => {
    expect(synthesize([completed([call])]).outcome?.function_calls).toEqual([]);
    const ours = synthesize([completed([call])], { clientTools: [{ type: 'function', name: 'gizmo' }] });
    expect(ours.outcome?.function_calls).toMatchObject([{ tool_type: 'gizmo' }]);
  });

  test('is told by the tools that the server repeats', () => {
    const custom = {
      type: 'custom_tool_call',
      id: 'ct_1',
      call_id: 'call_1',
      name: 'sql',
      input: 'SELECT 1',
    };
    const tools = [{ type: 'namespace', name: 'db', tools: [{ type: 'custom', name: 'sql' }] }];
    const echoed = { ...created, response: { id: 'resp_1', tools } };
    expect(synthesize([echoed, completed([custom])]).outcome?.function_calls).toMatchObject([
      { tool_type: 'custom', arguments: 'SELECT 1' },
    ]);
  });

  test('is the server for the sub-tools that xAI gives names of their own', () => {
    const item = { ...call, type: 'x_search_call', name: 'save_note' };
    expect(synthesize([completed([item])]).outcome?.function_calls).toEqual([]);
  });
});

test('items that only repeat the input are no steps, and no words of the model', () => {
  const echoes = [
    { type: 'function_call_output', id: 'fco_1', call_id: 'call_1', output: 'x' },
    { type: 'additional_tools', id: 'at_1', tools: [] },
    { type: 'mcp_approval_response', id: 'mcpa_1', approve: true },
    message('msg_0', 'Question', { role: 'user' }),
  ];
  const { story, outcome } = synthesize([
    created,
    ...echoes.flatMap((item, at) => [added(item, at), done(item, at)]),
    completed(echoes),
  ]);
  expect(story).toEqual(['+000 inference', '-000 completed end_of_turn']);
  expect(outcome?.final_text).toBe('');
});
