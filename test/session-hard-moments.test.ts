// What may happen to a session in years: turns that are terminated, agents that are gone, resets, too much said.

import { randomUUID } from 'node:crypto';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { TurnCancelledError } from '../src/client/index.js';
import type { SessionEventWithId, SessionHandle } from '../src/client/index.js';
import { defineAgent, defineTool } from '../src/index.js';
import { eachTurn, firstOf, reply, ScriptedResponsesServer, when } from '../src/testing/index.js';
import { itemsOf } from './support/conversation.js';
import { heardSignal } from './support/heard-signal.js';
import { listener, LONG } from './support/listener.js';
import { resetTo } from './support/reset.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { startRestless } from './support/short-runs.js';
import { seenBy } from './support/watch.js';

let model: ScriptedResponsesServer;
let openai: OpenAI;
let rig: Rig;
const look = defineTool({ name: 'look', parameters: z.object({}), execute: () => 'seen' });
const common = { model: 'scripted', state: 'conversation', tools: [look] } as const;
const agents = [
  defineAgent({ ...common, name: 'one' }),
  defineAgent({ ...common, name: 'two' }),
  defineAgent({ ...common, name: 'stateless', state: 'stateless' }),
  defineAgent({ ...common, name: 'previous_response', state: 'previous_response' }),
];

beforeAll(async () => {
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      when(/^word /, () => reply.text('noted')),
      when(/^slow/, () => reply.text(LONG, { perSecond: 50 })),
      when(
        /^look/,
        eachTurn([[reply.text(LONG.slice(0, 300), { perSecond: 50 }), reply.functionCall('look', {})]]),
      ),
      listener,
    ),
  });
  openai = new OpenAI({ apiKey: 'k', baseURL: model.url });
  rig = await startRig({ agents, openai });
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
});

const newSession = (agent: string, { turns } = rig): SessionHandle =>
  turns.session(`s-${randomUUID()}`, { agent });

async function say(session: SessionHandle, text: string): Promise<string> {
  return (await (await session.send(text)).result()).final_text;
}

async function speaks(prompt: string): Promise<void> {
  await model.waitForRequest(
    ({ body, sent_events }) => JSON.stringify(body?.['input'] ?? '').includes(prompt) && sent_events > 5,
  );
}

test('a message that waits to join goes along when the turn continues as new', async () => {
  const restless = await startRestless(10, { agents, openai });
  const session = newSession('one', restless);
  const prompt = `look ${randomUUID()}`;
  const turn = await session.send(prompt);
  await speaks(prompt);
  const joined = await session.send('mind the step', { whileBusy: 'steer' });
  await heardSignal(restless, turn, 'steer');

  expect(await joined.result()).toMatchObject({
    turn_id: turn.turnId,
    final_text: `heard: ${prompt} | mind the step`,
  });
  const { raw } = await restless.client.workflow.getHandle(turn.turnId).describe();
  expect(raw.workflowExecutionInfo?.firstRunId).not.toBe(raw.workflowExecutionInfo?.execution?.runId);
  await seenBy(restless, turn);
});

test('a session goes on after a turn that was terminated', async () => {
  const session = newSession('one');
  await say(session, 'hello');
  const prompt = `slow ${randomUUID()}`;
  const turn = await session.send(prompt);
  await speaks(prompt);
  const waits = await session.send('next');
  await rig.client.workflow.getHandle(turn.turnId).terminate('test');

  expect(await waits.result()).toMatchObject({ final_text: expect.stringMatching(/^heard: hello .*next$/) });
  expect((await session.turns()).map(({ state }) => state)).toEqual(['completed', 'failed', 'completed']);
});

test('several agents answer in one session, and one that is gone fails its own message only', async () => {
  const session = newSession('one');
  await say(session, 'to one');
  const second = await session.send({ agent: 'two', input: 'to two' });
  expect(await second.result()).toMatchObject({ final_text: 'heard: to one | to two' });

  await rig.stopWorker();
  const { taskQueue } = rig;
  await rig.stop();
  rig = await startRig({ agents: agents.slice(1), openai, taskQueue });
  const later = rig.turns.session(session.sessionId);
  const lost = await later.send({ agent: 'one', input: 'gone' });
  await expect(lost.result()).rejects.toMatchObject({ error: { code: 'unknown_agent' } });
  const third = await later.send({ agent: 'two', input: 'still there?' });
  expect(await third.result()).toMatchObject({ final_text: 'heard: to one | to two | still there?' });
  await rig.stop();
  rig = await startRig({ agents, openai });
});

test.each(['previous_response', 'stateless'])(
  'a message that was forgotten and comes again does not take the session back: %s',
  async (agent) => {
    const session = newSession(agent);
    // As 1,000 messages later: the turn is there, and the session does not know it.
    const turnId = `${session.sessionId}/forgotten`;
    const report_to = { workflow_id: `nobody-${randomUUID()}` };
    const once = await rig.turns.start({ agent, input: 'once', report_to }, { turnId });
    await once.result();
    await say(session, 'one');
    await say(session, 'two');
    const again = await session.send('once', { messageId: 'forgotten' });

    expect(await again.result()).toMatchObject({ final_text: 'heard: once' });
    expect(await say(session, 'three')).toBe('heard: one | two | three');
  },
);

test('signals that say nothing, from any language, hold neither the session nor its turn up', async () => {
  const session = newSession('one');
  const prompt = `slow ${randomUUID()}`;
  const turn = await session.send(prompt);
  await speaks(prompt);
  const signal = async (id: string, name: string, said: unknown): Promise<void> =>
    rig.client.workflow.getHandle(id).signal(name, said);
  const names = ['message', 'cancel_message', 'messages_taken', 'turn_ended'];
  for (const name of names) await signal(session.sessionId, name, null);
  for (const name of names)
    await signal(session.sessionId, name, { turn_id: turn.turnId, message_id: 'a b' });
  for (const name of ['steer', 'cancel_message']) await signal(turn.turnId, name, null);
  const wrong = [
    { message_id: 'no-input', agent: 'one' },
    { message_id: 'no-agent', input: 'hello' },
    { message_id: 'joins', agent: 'one', while_busy: 'steer' },
    { message_id: 'items', agent: 'one', input: [null], while_busy: 'steer' },
    { message_id: 'stops', agent: 'one', while_busy: 'interrupt' },
  ];
  for (const message of wrong) await signal(session.sessionId, 'message', message);

  await expect(turn.result()).rejects.toThrow(TurnCancelledError);
  for (const { message_id } of wrong) {
    const refused = rig.turns.getHandle(`${session.sessionId}/${message_id}`).result();
    await expect(refused).rejects.toMatchObject({ error: { code: 'invalid_turn_input' } });
  }
  expect(await say(session, 'after')).toMatch(/after$/);
  const { messages } = await session.progress();
  expect(messages).toBe(wrong.length + 2);
  expect(await rig.client.workflow.getHandle(session.sessionId).query('turns')).toEqual(
    await session.turns(),
  );
});

describe('a stateless session', () => {
  test('needs nothing of what stands before a compaction', async () => {
    const session = newSession('stateless');
    await say(session, 'one');
    const compacted = await session.send({
      agent: 'stateless',
      input: [
        { type: 'compaction', encrypted_content: 'one' },
        { role: 'user', content: 'two' },
      ],
    });
    await compacted.result();
    expect(await say(session, 'three')).toBe('heard: two | three');
  });

  test('that has said too much fails with a name', async () => {
    const session = newSession('stateless');
    const words = 'word '.repeat(180 * 1024);
    for (let n = 0; n < 5; n++) await say(session, words);
    const last = await session.send('and now?');
    await expect(last.result()).rejects.toMatchObject({ error: { code: 'transcript_too_long' } });
  });
});

test('a session that was reset runs no turn twice, and goes on', async () => {
  const session = newSession('one');
  const first = await session.send('one', { messageId: 'a' });
  await first.result();
  await say(session, 'two');
  const before = await session.turns();
  await resetTo(rig, { turnId: session.sessionId }, 0);

  expect(await say(session, 'three')).toBe('heard: one | two | three');
  const { conversation = '' } = await session.progress();
  expect((await itemsOf(openai, conversation)).filter((item) => item.startsWith('user'))).toEqual([
    'user: one',
    'user: three',
    'user: two',
  ]);
  expect((await session.turns()).slice(0, 2)).toEqual(before);
  const now: SessionEventWithId[] = [];
  for await (const event of session.events({ follow: false })) now.push(event);
  const completed = now.flatMap(({ type, turn_id }) => (type === 'turn_completed' ? [turn_id] : []));
  expect(completed).toEqual((await session.turns()).map(({ turn_id }) => turn_id));
  await session.send('one', { messageId: 'a' });
  expect(await session.progress()).toMatchObject({ messages: 3, turns: 3 });
});

test('so does one that is reset while a turn runs', async () => {
  const session = newSession('one');
  await say(session, 'hello');
  const prompt = `look ${randomUUID()}`;
  const turn = await session.send(prompt);
  await speaks(prompt);
  await resetTo(rig, { turnId: session.sessionId }, -1);
  const next = await session.send('next');

  expect(await turn.result()).toMatchObject({ final_text: `heard: hello | ${prompt}` });
  expect(await next.result()).toMatchObject({ final_text: `heard: hello | ${prompt} | next` });
  expect(await session.progress()).toMatchObject({ messages: 3, turns: 3, queue: [] });
  const asked = model.modelRequests.filter(({ body }) => JSON.stringify(body?.['input']).includes(prompt));
  expect(asked).toHaveLength(1);
});
