// Sessions on the scripted server and on a real Llama Stack: what was said is known later, and nothing is there twice.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { z } from 'zod';
import type { SessionHandle } from '../../src/client/index.js';
import { startTemporal } from '../../src/dev/index.js';
import type { EmbeddedTemporal } from '../../src/dev/index.js';
import { defineAgent, defineTool } from '../../src/index.js';
import { heardSignal } from '../support/heard-signal.js';
import { ModelServer, modelServerOptions, secretWord } from '../support/model-server.js';
import { startRig } from '../support/rig.js';
import type { Rig } from '../support/rig.js';

/** SESSION_TURNS=300 makes it a session of months. */
const TURNS = Number(process.env['SESSION_TURNS'] ?? 15);
const server = new ModelServer();
let temporal: EmbeddedTemporal;
let rig: Rig;
let openGate = (): void => undefined;
const gate = new Promise<void>((resolve) => (openGate = resolve));

const getWeather = defineTool({
  name: 'get_weather',
  description: 'The weather in a city.',
  parameters: z.object({ city: z.string() }),
  execute: async () => {
    await gate;
    return 'sunny';
  },
});

beforeAll(async () => {
  temporal = await startTemporal({ dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': 50 } });
  const agents = (['conversation', 'previous_response', 'stateless'] as const).map((state) =>
    defineAgent({ name: state, model: inject('model'), state }),
  );
  agents.push(defineAgent({ name: 'weatherman', model: inject('model'), tools: [getWeather] }));
  rig = await startRig({ agents, openai: modelServerOptions(), address: temporal.address });
});

afterAll(async () => {
  await rig?.stop();
  await temporal?.stop();
});

const newSession = (agent: string): SessionHandle => rig.turns.session(`s-${randomUUID()}`, { agent });

test.each(['conversation', 'previous_response', 'stateless'])(
  'the second turn knows what was said in the first (%s)',
  async (agent) => {
    const word = secretWord();
    const session = newSession(agent);
    await (await session.send(`Remember the word ${word}.`)).result();
    const turn = await session.send('Which word did I ask you to remember?');

    expect((await turn.result()).final_text).toContain(word);
  },
);

test('a message that joins a turn while its tool runs is known later', async () => {
  const word = secretWord();
  const session = newSession('weatherman');
  const turn = await session.send('What is the weather in Paris?');
  for await (const event of turn.events())
    if (event.type === 'step_started' && event.step_type === 'tool_execution') break;
  const joined = await session.send(`Remember the word ${word}.`, { whileBusy: 'steer' });
  await heardSignal(rig, turn, 'steer');
  openGate();

  expect(await joined.result()).toMatchObject({ turn_id: turn.turnId, status: 'completed' });
  const next = await session.send('Which word did I ask you to remember?');
  expect((await next.result()).final_text).toContain(word);
});

test('a session of several runs leaves each message and each answer in its conversation once', async () => {
  const session = newSession('conversation');
  const prompts = Array.from({ length: TURNS }, (_, n) => `Say the number ${n}, marked ${secretWord()}.`);
  const turns = [];
  for (const prompt of prompts) turns.push(await session.send(prompt));
  const answers = [];
  for (const turn of turns) answers.push((await turn.result()).final_text);

  const { conversation = '', turns: ended } = await session.progress();
  expect(ended).toBe(TURNS);
  const items = await server.itemsOf(conversation);
  const said = items.map((item) => {
    const { role, content } = Object(item) as { role?: string; content?: { text?: string }[] };
    return `${role}: ${(content ?? []).map(({ text = '' }) => text).join('')}`;
  });
  expect(said.toSorted()).toEqual(
    [...prompts.map((text) => `user: ${text}`), ...answers.map((text) => `assistant: ${text}`)].toSorted(),
  );
  const { raw } = await rig.client.workflow.getHandle(session.sessionId).describe();
  expect(raw.workflowExecutionInfo?.firstRunId).not.toBe(raw.workflowExecutionInfo?.execution?.runId);
});
