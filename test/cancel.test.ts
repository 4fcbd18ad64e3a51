// A turn is cancelled at every kind of moment, with its worker alive or killed with it: the model is not asked
// again, what was said stays, and the conversation is whole.

import { randomUUID } from 'node:crypto';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { TurnCancelledError, TurnClient } from '../src/client/index.js';
import type { TurnHandle } from '../src/client/index.js';
import type { TurnProgress } from '../src/events.js';
import { defineAgent, defineTool } from '../src/index.js';
import { firstOf, reply, ScriptedResponsesServer, when } from '../src/testing/index.js';
import { CANCELLED_AGENTS } from './support/cancel-agents.js';
import { itemsOf } from './support/conversation.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { ofType, seenBy } from './support/watch.js';
import { startWorkerProcess } from './support/worker-process.js';

interface Moment {
  readonly input: string;
  readonly reached: (progress: TurnProgress) => boolean;
  /** What the conversation holds then. */
  readonly items: readonly string[];
  readonly answers: readonly string[];
}

const inferenceOf = ({ steps }: TurnProgress) => steps.find(({ step_type }) => step_type === 'inference');
const ABORTED = 'function_call_output: aborted';

const MOMENTS: Readonly<Record<string, Moment>> = {
  'the model speaks': {
    input: 'slow',
    reached: (progress) => {
      const step = inferenceOf(progress);
      return step?.step_type === 'inference' && step.text.length > 20;
    },
    items: [],
    answers: [],
  },
  'an attempt waits for its retry': {
    input: 'busy',
    reached: (progress) => inferenceOf(progress)?.state === 'superseded',
    items: [],
    answers: [],
  },
  'a tool runs': {
    input: 'patient',
    reached: ({ steps }) => steps.some((step) => step.step_type === 'tool_execution' && step.attempt === 1),
    items: ['user: patient', 'function_call'],
    answers: [ABORTED],
  },
  'an approval is open': {
    input: 'asking',
    reached: ({ state }) => state === 'waiting',
    items: ['user: asking', 'function_call'],
    answers: [ABORTED],
  },
  'the server asks for an approval': {
    input: 'server asks',
    reached: ({ state }) => state === 'waiting',
    items: ['user: server asks', 'mcp_approval_request'],
    answers: ['mcp_approval_response: false'],
  },
};

let model: ScriptedResponsesServer;
let openai: OpenAI;
/** For its client; its worker has tools of its own. */
let rig: Rig;

const cancelsItself = defineTool({
  name: 'cancels_itself',
  parameters: z.object({}),
  execute: async (_args, { turnId }) => {
    await rig.client.workflow.getHandle(turnId).cancel();
    return 'done';
  },
});

beforeAll(async () => {
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      when('and now?', () => reply.text('more')),
      when('slow', () => reply.text('word '.repeat(2000), { perSecond: 20 })),
      when('busy', () => reply.status(503, { retryAfter: 1000 })),
      when('patient', () => reply.functionCall('patient')),
      when('asking', () => reply.functionCall('asking')),
      when('server asks', () => reply.mcpApproval('lab', 'measure')),
      when('itself', () => reply.functionCall('cancels_itself')),
    ),
  });
  openai = new OpenAI({ apiKey: 'k', baseURL: model.url });
  const itself = { name: 'itself', model: 'scripted', server: 'openai', tools: [cancelsItself] } as const;
  rig = await startRig({ agents: [defineAgent(itself)], openai });
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
});

/** The requests to the model that a conversation has seen. */
const requestsOn = (conversation: string) =>
  model.modelRequests.filter(({ body }) => body?.['conversation'] === conversation);

async function until(turn: TurnHandle, reached: Moment['reached']): Promise<void> {
  while (!reached(await turn.progress())) await new Promise((resolve) => setTimeout(resolve, 50));
}

describe.each([
  ['', false],
  ['and its worker is killed with it', true],
])('a turn that is cancelled %s', (_how, killed) => {
  const taskQueue = `cancel-${randomUUID()}`;
  const turns = new Map<string, { turn: TurnHandle; conversation: string; requests: number }>();
  let second: Rig | undefined;
  let client: TurnClient;

  beforeAll(async () => {
    client = new TurnClient({ client: rig.client, taskQueue });
    const first = killed
      ? await startWorkerProcess(taskQueue, model.url, { main: 'cancel-worker', env: { BUNDLE: '' } })
      : undefined;
    const upAgain = () => startRig({ agents: CANCELLED_AGENTS, openai, taskQueue });
    if (!first) second = await upAgain();
    await Promise.all(
      Object.entries(MOMENTS).map(async ([name, { input, reached }]) => {
        const { id: conversation } = await openai.conversations.create({});
        const turn = await client.start({ agent: 'assistant', input, conversation });
        await until(turn, reached);
        turns.set(name, { turn, conversation, requests: requestsOn(conversation).length });
      }),
    );
    await Promise.all([first?.end('SIGKILL'), ...[...turns.values()].map(({ turn }) => turn.cancel())]);
    second ??= await upAgain();
  });

  afterAll(async () => second?.stop());

  test.each(Object.entries(MOMENTS))('while %s', async (name, { items, answers }) => {
    const { turn, conversation, requests } = turns.get(name) ?? {};
    if (!turn || !conversation) throw new Error('the moment never came');
    const events = await seenBy(rig, turn);

    expect(events.at(-1)).toMatchObject({ type: 'turn_cancelled' });
    expect(events.at(-1)).not.toHaveProperty('open_calls');
    await expect(turn.result()).rejects.toBeInstanceOf(TurnCancelledError);
    expect(requestsOn(conversation)).toHaveLength(requests ?? 0);
    expect(await itemsOf(openai, conversation)).toEqual([...items, ...answers].toSorted());
    if (name === 'the model speaks') {
      expect(requestsOn(conversation)).toMatchObject([{ client_closed: true }]);
      const [step] = ofType(events, 'step_completed');
      expect(step).toMatchObject({
        status: 'cancelled',
        result: { text_content: expect.stringMatching(/^word /) },
      });
    }

    await turn.cancel();
    expect(await seenBy(rig, turn)).toEqual(events);
    const next = await client.start({ agent: 'assistant', input: 'and now?', conversation });
    expect(await next.result()).toMatchObject({ status: 'completed', final_text: 'more' });
    expect(await itemsOf(openai, conversation)).toEqual(
      [...items, ...answers, 'user: and now?', 'assistant: more'].toSorted(),
    );
  });
});

test('a turn that is cancelled before a worker has seen it asks nothing at all', async () => {
  const taskQueue = `cancel-${randomUUID()}`;
  const { id: conversation } = await openai.conversations.create({});
  const turn = await new TurnClient({ client: rig.client, taskQueue }).start({
    agent: 'assistant',
    input: 'slow',
    conversation,
  });
  await turn.cancel();
  await turn.cancel();
  const late = await startRig({ agents: CANCELLED_AGENTS, openai, taskQueue });
  const events = await seenBy(late, turn);
  await late.stop();

  expect(events.map(({ type }) => type)).toEqual(['turn_started', 'turn_cancelled']);
  expect(model.requests.filter(({ path }) => path.includes(conversation))).toEqual([]);
  expect(requestsOn(conversation)).toEqual([]);
});

test('a turn that is cancelled between two steps keeps the output of what has run', async () => {
  const { id: conversation } = await openai.conversations.create({});
  const turn = await rig.turns.start({ agent: 'itself', input: 'itself', conversation });
  const events = await seenBy(rig, turn);

  expect(events.at(-1)).toMatchObject({ type: 'turn_cancelled' });
  expect(requestsOn(conversation)).toHaveLength(1);
  expect(await itemsOf(openai, conversation)).toEqual([
    'function_call',
    'function_call_output: done',
    'user: itself',
  ]);
});
