// What an agent's settings and a turn's overrides make of the requests, and of what is published.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { TurnInput } from '../src/client/index.js';
import { defineAgent, defineTool } from '../src/index.js';
import type { AgentOptions } from '../src/index.js';
import { eachTurn, firstOf, reply, ScriptedResponsesServer, when } from '../src/testing/index.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { ofType, seenBy } from './support/watch.js';

const add = defineTool({
  name: 'add',
  parameters: z.object({ a: z.number(), b: z.number() }),
  execute: ({ a, b }) => a + b,
});
const agent = (name: string, options: Partial<AgentOptions> = {}) =>
  defineAgent({ name, model: 'scripted', tools: [add], ...options });
const City = z.object({ city: z.string(), people: z.number() });

let model: ScriptedResponsesServer;
let rig: Rig;

beforeAll(async () => {
  const call = [reply.text('Let me count. '), reply.functionCall('add', { a: 1, b: 2 })];
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      when('count', eachTurn([call, reply.text('It is 3.')])),
      when('for ever', () => call),
      when('stream', () => [
        reply.reasoning('Hm. '.repeat(50), { perSecond: 100 }),
        reply.text('slow words '.repeat(60), { perSecond: 50 }),
      ]),
      when('good city', () => reply.text('{"city":"Paris","people":2100000}')),
      when('bad city', () => reply.text('{"city":"Paris"}')),
      when('no', () => reply.refusal('I will not do that.')),
      () => reply.text('Hello.'),
    ),
  });
  const agents = [
    agent('assistant', {
      instructions: (context) => `Speak to ${JSON.stringify(context)}.`,
      request: { temperature: 0.5, tool_choice: 'required' },
    }),
    agent('stateless', { state: 'stateless' }),
    agent('conversational', { state: 'conversation' }),
    agent('typed', { outputType: City, tools: [] }),
    agent('steps', { publishing: { mode: 'steps' } }),
    agent('off', { publishing: { mode: 'off' } }),
  ];
  rig = await startRig({ agents, openai: { apiKey: 'k', baseURL: model.url } });
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
});

async function run(input: TurnInput) {
  const before = model.modelRequests.length;
  const turn = await rig.turns.start(input);
  const events = await seenBy(rig, turn);
  const bodies = model.modelRequests.slice(before).map(({ body }) => body ?? {});
  return { turn, events, bodies, result: await turn.result().catch((error: unknown) => error) };
}

describe('state', () => {
  test('previous_response goes on from the response before', async () => {
    const { bodies, result } = await run({ agent: 'assistant', input: 'count' });

    expect(bodies[1]).toMatchObject({
      previous_response_id: expect.stringMatching(/^resp_/) as unknown,
      input: [{ type: 'function_call_output', output: '3' }],
    });
    expect(result).toMatchObject({ final_text: 'It is 3.', num_steps: 3 });
  });

  test('stateless sends everything again and stores nothing', async () => {
    const { bodies } = await run({ agent: 'stateless', input: 'count statelessly' });

    expect(bodies.map(({ store }) => store)).toEqual([false, false]);
    expect(bodies[1]?.['previous_response_id']).toBeUndefined();
    const items = bodies[1]?.['input'] as { type?: string; role?: string }[];
    expect(items.map(({ type, role }) => type ?? role)).toEqual([
      'user',
      'message',
      'function_call',
      'function_call_output',
    ]);
  });

  test('conversation makes one for the turn and names it in every request', async () => {
    const { bodies, result, events } = await run({
      agent: 'conversational',
      input: 'count in a conversation',
    });

    const [first, second] = bodies.map(({ conversation }) => conversation);
    expect(first).toMatch(/^conv_/);
    expect(second).toBe(first);
    expect(result).toMatchObject({ session_id: first });
    expect(events.at(-1)).toMatchObject({ session_id: first });
  });
});

test('instructions are made from the context, and the request is passed on', async () => {
  const { bodies } = await run({
    agent: 'assistant',
    input: 'count for Ada',
    context: { name: 'Ada' },
    metadata: { team: 'x' },
  });

  expect(bodies[0]).toMatchObject({
    instructions: 'Speak to {"name":"Ada"}.',
    temperature: 0.5,
    tool_choice: 'required',
    metadata: { team: 'x' },
  });
  expect(bodies[1]).toMatchObject({ tool_choice: 'auto' });
});

test('a turn overrides model, instructions and request', async () => {
  const overrides = { model: 'other', instructions: 'Be brief.', request: { temperature: 1 } };
  const { bodies } = await run({ agent: 'assistant', input: 'hello', overrides });

  expect(bodies[0]).toMatchObject({ model: 'other', instructions: 'Be brief.', temperature: 1 });
});

describe('outputType', () => {
  test('gives the answer parsed', async () => {
    const { result, bodies } = await run({ agent: 'typed', input: 'good city' });

    expect(result).toMatchObject({ final_output: { city: 'Paris', people: 2_100_000 } });
    expect(bodies[0]).toMatchObject({ text: { format: { type: 'json_schema', strict: true } } });
  });

  test('fails the turn, with a name, when the answer does not fit', async () => {
    const { events, bodies } = await run({ agent: 'typed', input: 'bad city' });

    expect(events.at(-1)).toMatchObject({ type: 'turn_failed', error: { code: 'output_mismatch' } });
    expect(ofType(events, 'step_completed')).toMatchObject([{ status: 'completed' }]);
    expect(bodies).toHaveLength(1);
  });
});

test('a refusal is an answer, not a failure', async () => {
  const { result } = await run({ agent: 'assistant', input: 'no' });

  expect(result).toMatchObject({
    status: 'completed',
    stop_reason: 'refusal',
    refusal: 'I will not do that.',
  });
});

test('a limit ends the turn as incomplete and lists the calls that it leaves open', async () => {
  const { result, bodies } = await run({
    agent: 'assistant',
    input: 'for ever',
    limits: { max_responses: 2 },
  });

  expect(bodies).toHaveLength(2);
  expect(result).toMatchObject({
    status: 'incomplete',
    stop_reason: 'limit_responses',
    open_calls: [{ tool_name: 'add' }],
  });
});

describe('publishing', () => {
  const signals = async (turnId: string): Promise<number> => {
    const { events } = await rig.client.workflow.getHandle(turnId).fetchHistory();
    return (events ?? []).filter((event) => event.workflowExecutionSignaledEventAttributes).length;
  };

  test('live: deltas come while the model speaks', async () => {
    const { turn, events } = await run({ agent: 'assistant', input: 'stream' });

    expect(await signals(turn.turnId)).toBeGreaterThan(3);
    expect(ofType(events, 'step_progress').length).toBeGreaterThan(3);
  });

  test('steps: borders only, with the texts in the results', async () => {
    const { turn, events } = await run({ agent: 'steps', input: 'stream' });

    expect(await signals(turn.turnId)).toBeGreaterThan(0);
    expect(ofType(events, 'step_progress')).toEqual([]);
    expect(ofType(events, 'step_completed')).toMatchObject([
      { result: { text_content: expect.stringMatching(/^slow words /) as unknown } },
    ]);
  });

  test('off: nothing before the activity ends', async () => {
    const { turn, events } = await run({ agent: 'off', input: 'stream' });

    expect(await signals(turn.turnId)).toBe(0);
    expect(ofType(events, 'step_completed')).toHaveLength(1);
  });
});
