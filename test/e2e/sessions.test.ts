// Sessions on the scripted server and on a real Llama Stack: what was said is known later, and nothing is there twice.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { SessionHandle } from '../../src/client/index.js';
import { startTemporal } from '../../src/dev/index.js';
import type { EmbeddedTemporal } from '../../src/dev/index.js';
import { defineAgent } from '../../src/index.js';
import { ModelServer, modelServerOptions, secretWord } from '../support/model-server.js';
import { startRig } from '../support/rig.js';
import type { Rig } from '../support/rig.js';

const TURNS = 15;
const server = new ModelServer();
let temporal: EmbeddedTemporal;
let rig: Rig;

beforeAll(async () => {
  temporal = await startTemporal({ dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': 50 } });
  const agents = (['conversation', 'previous_response', 'stateless'] as const).map((state) =>
    defineAgent({ name: state, model: inject('model'), state }),
  );
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
