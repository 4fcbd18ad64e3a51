// A conversation under retries: nothing is in it twice, and an answer that is there already is not asked for again.

import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { defineAgent, defineTool } from '../src/index.js';
import { eachTurn, firstOf, reply, ScriptedResponsesServer, when } from '../src/testing/index.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { seenBy } from './support/watch.js';

const add = defineTool({
  name: 'add',
  parameters: z.object({ a: z.number(), b: z.number() }),
  execute: ({ a, b }) => a + b,
});

let model: ScriptedResponsesServer;
let openai: OpenAI;
let rig: Rig;

beforeAll(async () => {
  const call = reply.functionCall('add', { a: 1, b: 2 });
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      when('lost end', () => [reply.text('the answer'), reply.cut(undefined, { committed: true, times: 1 })]),
      when(
        'lost call',
        eachTurn([[call, reply.cut(undefined, { committed: true, times: 1 })], reply.text('3')]),
      ),
      when('lost before', () => [reply.text('the answer'), reply.cut(undefined, { times: 1 })]),
      () => reply.text('more'),
    ),
  });
  openai = new OpenAI({ apiKey: 'k', baseURL: model.url });
  const agent = defineAgent({ name: 'assistant', model: 'scripted', tools: [add] });
  rig = await startRig({ agents: [agent], openai });
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
});

async function run(input: string) {
  const { id: conversation } = await openai.conversations.create({});
  const turn = await rig.turns.start({ agent: 'assistant', input, conversation });
  const events = await seenBy(rig, turn);
  const next = await rig.turns.start({ agent: 'assistant', input: 'and then?', conversation });
  const items: string[] = [];
  for await (const item of openai.conversations.items.list(conversation)) {
    items.push(item.type === 'message' ? `${item.role}: ${JSON.stringify(item.content)}` : item.type);
  }
  return {
    turn,
    events,
    next,
    items,
    requests: model.modelRequests.filter(
      ({ body }) => body?.['conversation'] === conversation && body?.['input'] !== 'and then?',
    ),
  };
}

test('an answer whose last words were lost is adopted, not asked for again', async () => {
  const { turn, next, items, requests } = await run('lost end');

  expect(await turn.result()).toMatchObject({ status: 'completed', final_text: 'the answer', num_steps: 1 });
  expect(requests).toHaveLength(1);
  expect(items.filter((item) => item.startsWith('user: ') && item.includes('lost end'))).toHaveLength(1);
  expect(items.filter((item) => item.startsWith('assistant: ') && item.includes('the answer'))).toHaveLength(
    1,
  );
  expect(await next.result()).toMatchObject({ final_text: 'more' });
});

test('so is a call, which then runs once and is answered', async () => {
  const { turn, next, items, requests } = await run('lost call');

  expect(await turn.result()).toMatchObject({ status: 'completed', final_text: '3', num_steps: 3 });
  expect(requests).toHaveLength(2);
  expect(
    items.filter((item) => item === 'function_call' || item === 'function_call_output').toSorted(),
  ).toEqual(['function_call', 'function_call_output']);
  expect(await next.result()).toMatchObject({ final_text: 'more' });
});

test('an answer that never got there is asked for again', async () => {
  const { turn, requests, items } = await run('lost before');

  expect(await turn.result()).toMatchObject({ final_text: 'the answer' });
  expect(requests).toHaveLength(2);
  expect(items.filter((item) => item.includes('lost before'))).toHaveLength(1);
});
