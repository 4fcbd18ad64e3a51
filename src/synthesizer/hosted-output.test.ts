import { describe, expect, test } from 'vitest';
import { added, completed, created, done, functionCall, synthesize } from '../../test/support/synthesis.js';
import type { JsonObject, ToolResponse } from '../events/index.js';

const container = { type: 'container_reference', container_id: 'c' };
const call: JsonObject = {
  type: 'shell_call',
  id: 'sh_1',
  call_id: 'call_1',
  environment: container,
  action: { commands: ['ls'] },
};
const printed = { stdout: 'a.md\n', stderr: '', outcome: { type: 'exit', exit_code: 0 } };
const output: JsonObject = { type: 'shell_call_output', id: 'sho_1', call_id: 'call_1', output: [printed] };
const program: JsonObject = {
  type: 'program',
  id: 'cm_1',
  call_id: 'call_2',
  code: 'f()',
  fingerprint: 'secret',
};
const programOutput: JsonObject = { type: 'program_output', id: 'cmo_1', call_id: 'call_2', result: '42' };

const steps = (story: readonly string[]): readonly string[] => story.filter((line) => /^[+-]/.test(line));

function responsesOf(upstream: readonly JsonObject[]): readonly ToolResponse[] {
  return synthesize(upstream).events.flatMap((event) =>
    event.type === 'step_completed' && event.step_type === 'tool_execution'
      ? event.result.tool_responses
      : [],
  );
}

describe('a result that is an item of its own', () => {
  test('completes the step of its call', () => {
    const { story } = synthesize([
      created,
      added(call, 0),
      done(call, 0),
      added({ ...output, output: [] }, 1),
      done(output, 1),
      completed([call, output]),
    ]);
    expect(steps(story)).toEqual([
      '+000 inference',
      '-000 completed server_tool_call',
      '+001 shell',
      '-001 completed',
      '+002 inference',
      '-002 completed end_of_turn',
    ]);
    expect(responsesOf([call, output].flatMap((item, at) => [added(item, at), done(item, at)]))).toEqual([
      { call_id: 'call_1', tool_name: 'shell', content: { output: [printed] }, is_error: false },
    ]);
  });

  test('is told while the tool runs, as far as an event can bear it', () => {
    const piece = (stdout: string): JsonObject => ({
      type: 'response.shell_call_output_content.delta',
      item_id: 'sho_1',
      output_index: 1,
      command_index: 0,
      delta: { stdout },
    });
    const { events } = synthesize([
      added(call, 0),
      done(call, 0),
      added(output, 1),
      piece('a.md\n'),
      piece('word '.repeat(10_000)),
    ]);
    const reports = events.flatMap((event) =>
      event.type === 'step_progress' && event.delta.type === 'tool_report' ? event.delta.data : [],
    );
    expect(reports).toEqual([{ command_index: 0, stdout: 'a.md\n' }]);
  });

  test('that never comes leaves the call incomplete', () => {
    const { story } = synthesize([created, added(call), done(call), completed([call])]);
    expect(steps(story)).toContain('-001 incomplete');
  });

  test('answers the call before it where servers leave out the call id', () => {
    const search = {
      type: 'tool_search_call',
      id: 'ts_1',
      call_id: null,
      execution: 'server',
      arguments: {},
    };
    const tools = [
      { type: 'function', name: 'get_weather' },
      { type: 'mcp', server_label: 'lab', authorization: 'x' },
    ];
    const found = { type: 'tool_search_output', id: 'tso_1', call_id: null, execution: 'server', tools };
    const items = [search, found].flatMap((item, at) => [added(item, at), done(item, at)]);
    expect(responsesOf(items)).toMatchObject([{ content: { tools: ['get_weather', 'lab'] } }]);
  });

  test('of a call that is ours is an echo, and no step', () => {
    const ours = { ...call, environment: { type: 'local' } };
    const { story } = synthesize([created, added(ours), done(ours), completed([ours, output])]);
    expect(story.filter((line) => line.startsWith('+'))).toEqual(['+000 inference']);
  });
});

describe('a program', () => {
  test('that waits for a function of ours ends with its response, without a result', () => {
    const asked = functionCall('fc_1', '{}', { caller: { type: 'program', caller_id: 'call_2' } });
    const { story, outcome, events } = synthesize([
      created,
      added(program, 0),
      done(program, 0),
      added(asked, 1),
      done(asked, 1),
      completed([program, asked]),
    ]);
    expect(steps(story)).toEqual([
      '+000 inference',
      '-000 completed server_tool_call',
      '+001 program',
      '+002 inference',
      '-001 completed',
      '-002 completed tool_calls',
    ]);
    expect(outcome?.function_calls).toMatchObject([{ caller: { caller_id: 'call_2' } }]);
    expect(JSON.stringify(events)).not.toContain('secret');
    expect(events).toContainEqual(
      expect.objectContaining({
        result: {
          tool_calls: [{ call_id: 'call_2', tool_type: 'program', tool_name: 'program', arguments: 'f()' }],
          tool_responses: [],
        },
      }),
    );
  });

  test('whose output comes responses later has a step of the same call id for it', () => {
    const { events, story } = synthesize([
      created,
      added({ ...programOutput, result: '' }),
      done(programOutput),
      completed([programOutput]),
    ]);
    expect(steps(story).slice(2, 4)).toEqual(['+001 program', '-001 completed']);
    expect(events).toContainEqual(
      expect.objectContaining({
        metadata: expect.objectContaining({ tool_type: 'program', call_id: 'call_2' }),
      }),
    );
    expect(responsesOf([done(programOutput)])).toMatchObject([{ call_id: 'call_2', content: '42' }]);
  });

  test('whose output comes at once has one step', () => {
    const { story } = synthesize([created, completed([program, programOutput])]);
    expect(story.filter((line) => line.startsWith('+'))).toEqual([
      '+000 inference',
      '+001 program',
      '+002 inference',
    ]);
    expect(story).toContain('001 result "42"');
  });
});

describe('what a hosted tool gives', () => {
  const content = (item: JsonObject): unknown => responsesOf([done(item)])[0]?.content;

  test('a code interpreter tells what was printed and made, and where', () => {
    const outputs = [
      { type: 'logs', logs: '42' },
      { type: 'image', url: `data:image/png;base64,${'A'.repeat(400)}` },
    ];
    const item = { type: 'code_interpreter_call', id: 'ci_1', code: 'print(42)', container_id: 'c', outputs };
    expect(content(item)).toEqual({
      outputs: [
        { type: 'logs', logs: '42' },
        { type: 'image', url: '[300 bytes left out]' },
      ],
      container_id: 'c',
    });
    const { events } = synthesize([done(item)]);
    expect(JSON.stringify(events.at(-1))).toContain('"arguments":"print(42)"');
  });

  test('an image is told by what to fetch it by and its size', () => {
    const image = { type: 'image_generation_call', id: 'ig_1', result: 'QUJD'.repeat(500), size: '8x8' };
    expect(content(image)).toEqual({ image: { item_id: 'ig_1', bytes: 1500 }, size: '8x8' });
    expect(content({ ...image, result: 'https://images.example/1.png' })).toMatchObject({
      image: { url: 'https://images.example/1.png' },
    });
  });

  test('a blob inside of an output is told by its size', () => {
    const blob = 'iVBORw0KGgo'.repeat(200);
    const mcpCall = { type: 'mcp_call', id: 'mcp_1', name: 'draw', server_label: 'lab', arguments: '{}' };
    expect(content({ ...mcpCall, output: `{"type":"image","data":"${blob}"}` })).toBe(
      '{"type":"image","data":"[1650 bytes left out]"}',
    );
  });

  test('a foreign tool tells what such items usually hold, without secrets', () => {
    const item = {
      type: 'gizmo',
      id: 'gz_1',
      status: 'completed',
      query: 'q',
      output: { text: 'found', headers: { authorization: 'x' } },
      authorization: 'x',
    };
    expect(content(item)).toEqual({ status: 'completed', query: 'q', output: { text: 'found' } });
    expect(steps(synthesize([done(item)]).story)).toEqual(['+000 gizmo', '-000 completed']);
  });
});

describe('between hosted tools', () => {
  const search = (id: string): JsonObject => ({ type: 'web_search_call', id, action: { type: 'search' } });
  const reasoning = (id: string, summary: readonly JsonObject[] = []): JsonObject => ({
    type: 'reasoning',
    id,
    summary,
  });
  const opened = (items: readonly JsonObject[]): readonly string[] =>
    synthesize([created, ...items.flatMap((item, at) => [added(item, at), done(item, at)]), completed(items)])
      .story.filter((line) => line.startsWith('+'))
      .map((line) => line.slice(5));

  test('reasoning without words opens no step', () => {
    expect(opened([search('ws_1'), reasoning('rs_1'), search('ws_2')])).toEqual([
      'inference',
      'web_search',
      'web_search',
      'inference',
    ]);
  });

  test('reasoning that says something does', () => {
    const said = reasoning('rs_1', [{ type: 'summary_text', text: 'Next.' }]);
    expect(opened([search('ws_1'), said, search('ws_2')])).toEqual([
      'inference',
      'web_search',
      'inference',
      'web_search',
      'inference',
    ]);
  });
});

test('a compaction is an annotation of the inference step, told by its size', () => {
  const item = { type: 'compaction', id: 'cmp_1', encrypted_content: 'x'.repeat(5000) };
  const { story } = synthesize([
    created,
    added({ ...item, encrypted_content: 'x' }),
    done(item),
    completed([item]),
  ]);
  expect(story).toEqual([
    '+000 inference',
    '000 annotation {"type":"compaction","item_id":"cmp_1","bytes":5000}',
    '-000 completed end_of_turn',
  ]);
});
