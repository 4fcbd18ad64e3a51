import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineAgent } from '../agents/define-agent.js';
import { defineTool } from '../agents/define-tool.js';
import type { ToolCall } from '../events/turn-event.js';
import { routeCalls as route } from './route-calls.js';
import type { Routing } from './route-calls.js';

const add = defineTool({
  name: 'add',
  parameters: z.object({ a: z.number(), b: z.number().default(1) }),
  execute: ({ a }) => a,
  activityName: 'math.add',
  taskQueue: 'math',
});
const pay = defineTool({
  name: 'pay',
  parameters: z.object({}),
  execute: () => 'paid',
  onFailure: 'fail-turn',
});
const agent = defineAgent({ name: 'assistant', model: 'm', tools: [add, pay] });
const routing: Routing = { turnId: 't', responseId: 'resp_1', context: { user: 7 } };
const routeCalls = (...[of, calls]: [Parameters<typeof route>[0], Parameters<typeof route>[1]]) =>
  route(of, calls, routing);
const call = (tool_name: string, written: string, tool_type = 'function'): ToolCall => ({
  call_id: `call_${tool_name}`,
  tool_type,
  tool_name,
  arguments: written,
});

describe('a call', () => {
  test("goes to its tool's activity, with the tool's options and the arguments as the model wrote them", async () => {
    expect(await routeCalls(agent, [call('add', '{ "a": 1 }')])).toEqual([
      {
        ...call('add', '{ "a": 1 }'),
        activity: 'math.add',
        options: {
          taskQueue: 'math',
          startToCloseTimeout: '5 minutes',
          scheduleToStartTimeout: '5 minutes',
          heartbeatTimeout: '10s',
          retry: { maximumAttempts: 5 },
        },
      },
    ]);
  });

  test('says when a failure of its tool fails the turn', async () => {
    expect(await routeCalls(agent, [call('pay', '{}')])).toMatchObject([
      { activity: 'pay', fails_turn: true },
    ]);
  });

  test('without arguments has the empty object', async () => {
    expect(await routeCalls(agent, [call('pay', ''), call('pay', ' ')])).toMatchObject([
      { activity: 'pay' },
      { activity: 'pay' },
    ]);
  });
});

describe('the model is told', () => {
  const rejection = async (given: ToolCall) => {
    const [routed] = await routeCalls(agent, [given]);
    expect(routed).not.toHaveProperty('activity');
    return routed?.rejection;
  };

  test('which tools there are, when it calls one that there is not', async () => {
    expect(await rejection(call('multiply', '{}'))).toEqual({
      code: 'unknown_tool',
      message: 'There is no tool named multiply. Tools: add, pay.',
    });
  });

  test('the same for a call of another kind under the name of a function', async () => {
    expect(await rejection(call('add', 'free text', 'custom'))).toMatchObject({ code: 'unknown_tool' });
  });

  test('that its arguments are no JSON', async () => {
    expect(await rejection(call('add', '{"a":'))).toMatchObject({
      code: 'invalid_arguments',
      message: expect.stringContaining('not valid JSON'),
    });
  });

  test.each(['{"a":"1"}', '[]', 'null', '{}'])('what is wrong with the arguments %s', async (written) => {
    expect(await rejection(call('add', written))).toMatchObject({ code: 'invalid_arguments' });
  });

  test('no more than a thousand characters', async () => {
    const many = z.object(
      Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`field_${i}`, z.string()])),
    );
    const form = defineTool({ name: 'form', parameters: many, execute: () => 1 });
    const [routed] = await routeCalls(defineAgent({ name: 'f', model: 'm', tools: [form] }), [
      call('form', '{}'),
    ]);
    expect(routed?.rejection?.message).toHaveLength(1000);
  });
});

test('a call whose arguments are cut off goes back to the model, even if what is there fits', async () => {
  const cut = { ...call('pay', '{}'), arguments_complete: false };
  const [routed] = await routeCalls(agent, [cut]);
  expect(routed?.rejection?.code).toBe('invalid_arguments');
  expect(routed?.activity).toBeUndefined();
});

test.each(['computer', 'tool_search', 'teleport'])(
  'a call of type %s, which nobody here can answer, fails the turn',
  async (type) => {
    await expect(routeCalls(agent, [call('pay', '{}'), call(type, '{}', type)])).rejects.toMatchObject({
      type: 'UnsupportedCall',
      nonRetryable: true,
    });
  },
);

test('calls keep their order, whatever becomes of them', async () => {
  const routed = await routeCalls(agent, [call('x', '{}'), call('pay', '{}'), call('add', '?')]);
  expect(routed.map(({ tool_name, activity }) => [tool_name, activity])).toEqual([
    ['x', undefined],
    ['pay', 'pay'],
    ['add', undefined],
  ]);
});

test('execute is given what the schema makes of the arguments', async () => {
  expect(await add.parse('{"a":1}')).toEqual({ value: { a: 1, b: 1 } });
});
