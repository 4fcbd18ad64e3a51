// A conversation under retries: nothing is in it twice, and an answer that is there already is not asked for again.

import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { defineAgent, defineTool } from '../src/index.js';
import { eachTurn, firstOf, reply, ScriptedResponsesServer, when } from '../src/testing/index.js';
import type { ReplyStep, ScriptRequest } from '../src/testing/index.js';
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

/** As servers that add items one by one: what was asked is in the conversation, and the answer is not. */
async function halfThere(
  { conversation, input }: ScriptRequest['body'],
  attempt: number,
  step: ReplyStep,
): Promise<readonly ReplyStep[]> {
  if (attempt > 1) return [step];
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : input;
  await openai.post(`/conversations/${String(conversation)}/items`, { body: { items } });
  return [step, reply.cut()];
}

/** As an attempt that was given up too early: its answer comes while the next one is asked. */
async function meanwhile(
  { conversation, input }: ScriptRequest['body'],
  attempt: number,
  next: ReplyStep,
): Promise<readonly ReplyStep[]> {
  if (attempt === 1) return [reply.text('the answer'), reply.cut()];
  const items = [
    { role: 'user', content: input },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'the answer' }] },
  ];
  await openai.post(`/conversations/${String(conversation)}/items`, { body: { items } });
  return [next];
}

beforeAll(async () => {
  const call = reply.functionCall('add', { a: 1, b: 2 });
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      when('lost end', () => [reply.text('the answer'), reply.cut(undefined, { committed: true, times: 1 })]),
      when(
        'lost call',
        eachTurn([[call, reply.cut(undefined, { committed: true, times: 1 })], reply.text('3')]),
      ),
      when('half there', ({ body, outputs, attempt }) =>
        halfThere(body, attempt, outputs.length === 0 ? call : reply.text('3')),
      ),
      when('comes meanwhile', ({ body, attempt }) =>
        meanwhile(body, attempt, reply.status(400, { message: 'That is there already.' })),
      ),
      when('comes beside', ({ body, attempt }) => meanwhile(body, attempt, reply.text('what counts'))),
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

test('what a server took of a request and never answered is there once', async () => {
  const { turn, next, items } = await run('half there');

  expect(await turn.result()).toMatchObject({ status: 'completed', final_text: '3' });
  expect(items.map((item) => item.replace(/: .*(half there|3).*/, ': $1'))).toEqual(
    expect.arrayContaining(['user: half there', 'function_call', 'function_call_output', 'assistant: 3']),
  );
  expect(items.filter((item) => !/and then|more/.test(item))).toHaveLength(4);
  expect(await next.result()).toMatchObject({ final_text: 'more' });
});

test('an answer that comes while it is asked for again is adopted when the request is refused', async () => {
  const { turn, next, items, requests } = await run('comes meanwhile');

  expect(await turn.result()).toMatchObject({ status: 'completed', final_text: 'the answer', num_steps: 1 });
  expect(requests).toHaveLength(2);
  expect(items.filter((item) => item.includes('comes meanwhile'))).toHaveLength(1);
  expect(items.filter((item) => item.includes('the answer'))).toHaveLength(1);
  expect(await next.result()).toMatchObject({ final_text: 'more' });
});

test('an answer that comes while another one is given to the same words does not stay', async () => {
  const { turn, next, items, requests } = await run('comes beside');

  expect(await turn.result()).toMatchObject({ status: 'completed', final_text: 'what counts', num_steps: 1 });
  expect(requests).toHaveLength(2);
  expect(items.filter((item) => item.includes('comes beside'))).toHaveLength(1);
  expect(items.filter((item) => item.includes('the answer'))).toEqual([]);
  expect(items.filter((item) => item.includes('what counts'))).toHaveLength(1);
  expect(await next.result()).toMatchObject({ final_text: 'more' });
});

test('an answer that never got there is asked for again', async () => {
  const { turn, requests, items } = await run('lost before');

  expect(await turn.result()).toMatchObject({ final_text: 'the answer' });
  expect(requests).toHaveLength(2);
  expect(items.filter((item) => item.includes('lost before'))).toHaveLength(1);
});
