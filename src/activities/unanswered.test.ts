import { describe, expect, test } from 'vitest';
import { unanswered } from './unanswered.js';

const call = (call_id: string, more: object = {}) => ({
  type: 'function_call',
  id: `fc_${call_id}`,
  call_id,
  name: 'pay',
  arguments: '{"to":"ada"}',
  status: 'completed',
  ...more,
});
const output = (call_id: string) => ({ type: 'function_call_output', call_id, output: 'x' });
const custom = { type: 'custom_tool_call', id: 'ctc', call_id: 'c', name: 'note', input: 'free text' };
const asked = {
  type: 'mcp_approval_request',
  id: 'mcpr_1',
  server_label: 'lab',
  name: 'measure',
  arguments: '{}',
};
const ours = { tools: [{ name: 'note', toolType: 'custom' }] };
const idsIn = (items: readonly object[], tools = ours) =>
  unanswered(items as never, tools).map(({ id }) => id);

describe('unanswered', () => {
  test('are calls and questions without their output or decision, wherever it stands', () => {
    expect(idsIn([call('a'), call('b'), output('a'), asked, custom])).toEqual(['b', 'c', 'mcpr_1']);
    expect(
      idsIn([
        output('b'),
        { type: 'mcp_approval_response', approval_request_id: 'mcpr_1', approve: true },
        { type: 'custom_tool_call_output', call_id: 'c', output: 'x' },
        call('b'),
        asked,
        custom,
      ]),
    ).toEqual([]);
  });

  test('are calls that were cut off too, and those of programs', () => {
    expect(idsIn([call('a', { status: 'incomplete', arguments: '{"to":' })])).toEqual(['a']);
    const caller = { type: 'program', caller_id: 'prog_1' };
    const [open] = unanswered([call('a', { caller })], ours);
    expect(open?.aborted).toMatchObject({ type: 'function_call_output', call_id: 'a', caller });
  });

  test('are no calls that the server runs itself', () => {
    expect(
      idsIn(
        [
          { ...custom, name: 'x_keyword_search' },
          { type: 'web_search_call', id: 'ws_1', status: 'completed' },
          { type: 'shell_call', call_id: 's', environment: { type: 'container_reference' }, action: {} },
          { type: 'tool_search_call', execution: 'server', call_id: null, arguments: {} },
        ],
        { tools: [] },
      ),
    ).toEqual([]);
  });

  test('with ids that come again, are as many as outputs are missing', () => {
    expect(idsIn([call('0'), output('0'), call('0', { arguments: '{}' })])).toEqual(['0']);
  });

  test.each([
    [call('a'), { type: 'function_call_output', call_id: 'a', output: expect.stringMatching(/^aborted/) }],
    [custom, { type: 'custom_tool_call_output', call_id: 'c', output: expect.stringMatching(/^aborted/) }],
    [asked, { type: 'mcp_approval_response', approval_request_id: 'mcpr_1', approve: false }],
    [
      { type: 'shell_call', call_id: 's', action: { commands: ['ls'], max_output_length: 5 } },
      { type: 'shell_call_output', call_id: 's', output: [{ outcome: { type: 'exit', exit_code: 1 } }] },
    ],
    [
      { type: 'local_shell_call', id: 'ls_1', call_id: 'l', action: { type: 'exec', command: ['ls'] } },
      { type: 'local_shell_call_output', id: 'l' },
    ],
    [
      { type: 'apply_patch_call', call_id: 'p', operation: { type: 'delete_file', path: 'x' } },
      { type: 'apply_patch_call_output', call_id: 'p', status: 'failed' },
    ],
    [
      { type: 'tool_search_call', execution: 'client', call_id: 't', arguments: {} },
      { type: 'tool_search_output', call_id: 't', tools: [] },
    ],
    [
      {
        type: 'computer_call',
        call_id: 'k',
        action: { type: 'click' },
        pending_safety_checks: [{ id: 'check' }],
      },
      {
        type: 'computer_call_output',
        call_id: 'k',
        output: { type: 'computer_screenshot', image_url: expect.stringMatching(/^data:image\/png/) },
      },
    ],
  ])('$type is answered by an item of its kind', (item, answer) => {
    const [open] = unanswered([item] as never, ours);
    expect(open?.aborted).toMatchObject(answer);
    expect(JSON.stringify(open?.aborted)).not.toContain('acknowledged');
    expect(unanswered([item, open?.aborted] as never, ours)).toEqual([]);
  });
});
