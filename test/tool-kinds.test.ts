// Tools that are no functions of ours: free text, built-in tools, activities and workflows that exist, other workers.

import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { activityTool, builtinTool, defineAgent, defineTool, workflowTool } from '../src/index.js';
import type { Tool } from '../src/index.js';
import { eachTurn, firstOf, reply, ScriptedResponsesServer, when } from '../src/testing/index.js';
import type { JsonObject } from '../src/events.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { ofType, seenBy } from './support/watch.js';

const GPU = `gpu-${randomUUID()}`;
const order = z.object({ order: z.int() });
const shout = defineTool({
  type: 'custom',
  name: 'shout',
  description: 'Says it loudly.',
  format: { type: 'grammar', syntax: 'regex', definition: '[a-z !]+' },
  execute: (text) => text.toUpperCase(),
});
const render = defineTool({
  name: 'render',
  parameters: z.object({}),
  taskQueue: GPU,
  execute: () => [{ type: 'input_image', image_url: 'data:image/png;base64,AAAA' }],
});
const tools: readonly Tool[] = [
  shout,
  render,
  defineTool({
    name: 'nowhere',
    parameters: z.object({}),
    taskQueue: `nobody-${randomUUID()}`,
    scheduleToStartTimeout: '1s',
    execute: () => 1,
  }),
  builtinTool('shell', {
    execute: ({ commands }) =>
      commands.map((command) => ({
        stdout: `ran ${command}`,
        stderr: '',
        outcome: { type: 'exit', exit_code: 0 },
      })),
  }),
  builtinTool('apply_patch', {
    retry: { maximumAttempts: 1 },
    execute: ({ path }) => {
      throw new Error(`${path} does not exist`);
    },
  }),
  builtinTool('computer', {
    execute: () => ({ type: 'computer_screenshot', image_url: 'data:image/png;base64,BBBB' }),
  }),
  activityTool({
    name: 'ship',
    parameters: order,
    activity: 'shipping.ship',
    args: ({ order: id }, { idempotencyKey }) => [id, idempotencyKey],
  }),
  activityTool({ name: 'chatty', parameters: z.object({}), maxOutputBytes: 10 }),
  workflowTool({ name: 'review', parameters: order, workflow: 'reviewOrder' }),
  workflowTool({
    name: 'hurry',
    parameters: order,
    workflow: 'reviewOrder',
    workflowExecutionTimeout: '1s',
  }),
];

const shipped: unknown[][] = [];
const activities = {
  'shipping.ship': (...args: unknown[]) => {
    shipped.push(args);
    return Promise.resolve({ tracking: 'T1' });
  },
  chatty: () => Promise.resolve('far too many words'),
};

let model: ScriptedResponsesServer;
let rig: Rig;

/** A response that consists of one item that the server sends at once. */
function item(type: string, members: JsonObject) {
  const raw = { id: `it_${randomUUID()}`, type, status: 'completed', ...members };
  const response = { id: `resp_${randomUUID()}`, model: 'm' };
  return reply.recorded([
    { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } },
    { type: 'response.output_item.added', output_index: 0, item: raw },
    { type: 'response.output_item.done', output_index: 0, item: raw },
    { type: 'response.completed', response: { ...response, status: 'completed', output: [raw] } },
  ]);
}

const calls: Readonly<Record<string, JsonObject & { readonly type: string }>> = {
  shout: { type: 'custom_tool_call', call_id: 'c1', name: 'shout', input: 'hey {you' },
  shell: { type: 'shell_call', call_id: 'c2', action: { commands: ['ls', 'pwd'], max_output_length: 99 } },
  patch: { type: 'apply_patch_call', call_id: 'c3', operation: { type: 'delete_file', path: 'a.txt' } },
  click: {
    type: 'computer_call',
    call_id: 'c4',
    action: { type: 'click', x: 1, y: 2, button: 'left' },
    pending_safety_checks: [{ id: 'sc1', code: 'malicious', message: 'Sure?' }],
  },
  legacy: { type: 'local_shell_call', call_id: 'c5', action: { type: 'exec', command: ['ls'], env: {} } },
};

beforeAll(async () => {
  const then = reply.text('done');
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      ...Object.entries(calls).map(([prompt, { type, ...members }]) =>
        when(prompt, eachTurn([item(type, members), then])),
      ),
      ...['render', 'nowhere', 'chatty'].map((name) =>
        when(name, eachTurn([reply.functionCall(name), then])),
      ),
      when('ship', eachTurn([reply.functionCall('ship', { order: 7 }), then])),
      when('review', eachTurn([[1, 2, 3, 4].map((id) => reply.functionCall('review', { order: id })), then])),
      when('hurry', eachTurn([reply.functionCall('hurry', { order: 0 }), then])),
      when('wait', eachTurn([reply.functionCall('review', { order: 0 }), then])),
    ),
  });
  const agent = defineAgent({ name: 'assistant', model: 'scripted', tools });
  rig = await startRig({
    agents: [agent],
    openai: { apiKey: 'k', baseURL: model.url },
    worker: { activities, workflowsPath: fileURLToPath(new URL('workflows/review.ts', import.meta.url)) },
  });
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
});

/** The items that answered the calls of the turn with this input. */
function itemsTold(prompt: string): unknown {
  const first = model.modelRequests.findIndex(({ body }) => body?.['input'] === prompt);
  return model.modelRequests[first + 1]?.body?.['input'];
}

/** Ids of the child workflows of a turn, in call order, once `count` of them have started. */
async function childrenOf(turnId: string, count: number): Promise<string[]> {
  for (;;) {
    const { events } = await rig.client.workflow.getHandle(turnId).fetchHistory();
    const started = (events ?? []).flatMap(
      (event) => event.childWorkflowExecutionStartedEventAttributes?.workflowExecution?.workflowId ?? [],
    );
    if (started.length === count) return started.toSorted((a, b) => callOf(a) - callOf(b));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const callOf = (child: string): number => Number(/-(\d+)-\w+$/.exec(child)?.[1]);

const start = (input: string) => rig.turns.start({ agent: 'assistant', input });

async function run(input: string) {
  const turn = await start(input);
  const events = await seenBy(rig, turn);
  return { turn, events, told: itemsTold(input) };
}

test('a custom tool is declared with its grammar and given text', async () => {
  const { told } = await run('shout');
  expect(told).toEqual([{ type: 'custom_tool_call_output', call_id: 'c1', output: 'HEY {YOU' }]);
  expect(model.modelRequests[0]?.body?.['tools']).toContainEqual({
    type: 'custom',
    name: 'shout',
    description: 'Says it loudly.',
    format: { type: 'grammar', syntax: 'regex', definition: '[a-z !]+' },
  });
});

describe('a built-in tool', () => {
  test('answers in the form of its call', async () => {
    const { told } = await run('shell');
    const ran = (command: string) => ({
      stdout: `ran ${command}`,
      stderr: '',
      outcome: { type: 'exit', exit_code: 0 },
    });
    expect(told).toEqual([
      { type: 'shell_call_output', call_id: 'c2', max_output_length: 99, output: [ran('ls'), ran('pwd')] },
    ]);
  });

  test('that fails says so in the form of its call', async () => {
    const { told, events } = await run('patch');
    expect(told).toEqual([
      {
        type: 'apply_patch_call_output',
        call_id: 'c3',
        status: 'failed',
        output: 'The tool failed: a.txt does not exist',
      },
    ]);
    expect(ofType(events, 'step_started')[1]?.metadata).toMatchObject({ tool_type: 'apply_patch' });
  });

  test('without an executor is answered where the API can say so', async () => {
    const { told } = await run('legacy');
    expect(told).toEqual([
      {
        type: 'local_shell_call_output',
        id: 'c5',
        output: expect.stringContaining('no tool named local_shell') as unknown,
      },
    ]);
  });

  test('with safety checks asks first, and acknowledges them then', async () => {
    const turn = await start('click');
    for await (const event of turn.events()) {
      if (event.type !== 'input_required') continue;
      await turn.approve(event, { by: 'ada' });
      break;
    }
    await seenBy(rig, turn);
    expect(itemsTold('click')).toEqual([
      {
        type: 'computer_call_output',
        call_id: 'c4',
        output: { type: 'computer_screenshot', image_url: 'data:image/png;base64,BBBB' },
        acknowledged_safety_checks: [{ id: 'sc1', code: 'malicious', message: 'Sure?' }],
      },
    ]);
  });

  test('that is refused a screenshot fails the turn: there is no other answer', async () => {
    const turn = await start('click, please');
    for await (const event of turn.events()) {
      if (event.type !== 'input_required') continue;
      await turn.deny(event, { by: 'ada' });
      break;
    }
    const events = await seenBy(rig, turn);
    expect(events.at(-1)).toMatchObject({ type: 'turn_failed', error: { code: 'unsupported_call' } });
  });
});

describe('an activity that exists', () => {
  test('is given what args makes of the call, and its result is told', async () => {
    const { turn, told, events } = await run('ship');
    expect(told).toEqual([
      { type: 'function_call_output', call_id: expect.any(String), output: '{"tracking":"T1"}' },
    ]);
    expect(shipped).toEqual([[7, expect.stringMatching(new RegExp(`^${turn.turnId}/resp_.*/0$`))]]);
    expect(ofType(events, 'step_completed')[1]).toMatchObject({
      status: 'completed',
      result: { tool_responses: [{ content: '{"tracking":"T1"}', is_error: false }] },
    });
  });

  test('that says too much is a failure', async () => {
    const { told, events } = await run('chatty');
    expect(JSON.stringify(told)).toContain('18 bytes, more than its maxOutputBytes of 10');
    expect(ofType(events, 'step_completed')[1]).toMatchObject({
      status: 'failed',
      error: { code: 'tool_output_invalid' },
    });
  });
});

describe('a workflow that exists', () => {
  test('runs as a child, and the model is told how each ended', async () => {
    const turn = await start('review');
    const children = await childrenOf(turn.turnId, 4);
    const [, , third, fourth] = children;
    await rig.client.workflow.getHandle(third ?? '').cancel();
    await rig.client.workflow.getHandle(fourth ?? '').terminate('no time');
    const events = await seenBy(rig, turn);
    const told = itemsTold('review');
    expect((told as { output: unknown }[]).map(({ output }) => output)).toEqual([
      'order 1 is fine',
      'The tool failed: order 2 is fraud',
      'The tool failed: It was cancelled.',
      'The tool failed: It was terminated.',
    ]);
    const ends = ofType(events, 'step_completed').filter(({ step_type }) => step_type === 'tool_execution');
    expect(ends.map(({ status }) => status).toSorted()).toEqual([
      'cancelled',
      'completed',
      'failed',
      'failed',
    ]);
  });

  test('that runs out of its time is a failure', async () => {
    const { told, events } = await run('hurry');
    expect(JSON.stringify(told)).toContain('The tool failed: ');
    expect(ofType(events, 'step_completed')[1]).toMatchObject({
      status: 'failed',
      error: { code: 'timeout_start_to_close' },
    });
  });

  test('is cancelled with the turn', async () => {
    const turn = await start('wait');
    const [child = ''] = await childrenOf(turn.turnId, 1);
    await turn.cancel();
    const events = await seenBy(rig, turn);
    expect(events.at(-1)).toMatchObject({ type: 'turn_cancelled', open_calls: [{ tool_name: 'review' }] });
    await expect(rig.client.workflow.getHandle(child).result()).rejects.toMatchObject({
      cause: { name: 'CancelledFailure' },
    });
  });
});

describe('a tool on a task queue of its own', () => {
  test('runs on a worker that has no agents', async () => {
    const gpu = await startRig({ tools: [render], taskQueue: GPU });
    const { told, events } = await run('render');
    await gpu.stop();
    expect(told).toMatchObject([{ output: [{ type: 'input_image' }] }]);
    expect(ofType(events, 'step_completed')[1]?.status).toBe('completed');
  });

  test('fails as it says where nobody serves it', async () => {
    const { told } = await run('nowhere');
    expect(JSON.stringify(told)).toContain('No worker of its task queue took it in time');
  });
});
