// Sessions: turns that follow each other on one conversation.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  InvalidTurnInputError,
  SessionClosedError,
  SessionNotFoundError,
  TurnCancelledError,
  TurnNotFoundError,
} from '../src/client/index.js';
import type { SessionEventWithId, SessionHandle } from '../src/client/index.js';
import { defineAgent } from '../src/index.js';
import { firstOf, reply, ScriptedResponsesServer, when } from '../src/testing/index.js';
import { listener, LONG } from './support/listener.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { seenBy } from './support/watch.js';

let model: ScriptedResponsesServer;
let rig: Rig;

beforeAll(async () => {
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      when(/^endless/, () => reply.text(LONG, { perSecond: 2 })),
      when(/^slow/, () => reply.text(LONG, { perSecond: 50 })),
      when(/^refused/, () => reply.status(400, { message: 'Not this.' })),
      listener,
    ),
  });
  const agents = (['conversation', 'previous_response', 'stateless'] as const).map((state) =>
    defineAgent({ name: state, model: 'scripted', state }),
  );
  rig = await startRig({ agents, openai: { apiKey: 'k', baseURL: model.url } });
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
});

const newSession = (agent = 'conversation'): SessionHandle =>
  rig.turns.session(`s-${randomUUID()}`, { agent });

async function say(session: SessionHandle, text: string): Promise<string> {
  const turn = await session.send(text);
  return (await turn.result()).final_text;
}

async function eventsOf(session: SessionHandle, after?: string): Promise<SessionEventWithId[]> {
  const events: SessionEventWithId[] = [];
  for await (const event of session.events(after === undefined ? {} : { after })) events.push(event);
  return events;
}

describe.each(['conversation', 'previous_response', 'stateless'])(
  'a session with an agent of state %s',
  (agent) => {
    test('goes on from what was said before', async () => {
      const session = newSession(agent);

      expect(await say(session, 'one')).toBe('heard: one');
      expect(await say(session, 'two')).toBe('heard: one | two');
      expect(await say(session, 'three')).toBe('heard: one | two | three');
      expect(await session.progress()).toMatchObject({ state: 'idle', messages: 3, turns: 3, queue: [] });
    });

    test('goes on after a turn that failed', async () => {
      const session = newSession(agent);
      await say(session, 'one');
      const refused = await session.send('refused');

      await expect(refused.result()).rejects.toMatchObject({ name: 'TurnFailedError' });
      expect(await say(session, 'two')).toBe('heard: one | two');
    });
  },
);

test('the turns of a session carry its id, and each is a turn like any other', async () => {
  const session = newSession();
  const turn = await session.send('one', { messageId: 'm-1' });

  expect(turn.turnId).toBe(`${session.sessionId}/m-1`);
  expect(await turn.result()).toMatchObject({ session_id: session.sessionId, status: 'completed' });
  await seenBy(rig, turn);
  const { memo } = await rig.client.workflow.getHandle(turn.turnId).describe();
  expect(memo).toMatchObject({ turn: { agent: 'conversation', session_id: session.sessionId } });
  const described = await rig.client.workflow.getHandle(session.sessionId).describe();
  expect(described).toMatchObject({ type: 'agentSession', memo: { session: { agent: 'conversation' } } });
});

test('messages that come at once make one conversation, and are answered once each, in their order', async () => {
  const session = newSession();
  const turns = await Promise.all(Array.from({ length: 8 }, (_, n) => session.send(`m${n}`)));
  await Promise.all(turns.map((turn) => turn.result()));

  const accepted = await session.turns();
  expect(accepted.map(({ state }) => state)).toEqual(Array.from({ length: 8 }, () => 'completed'));
  const { conversation } = await session.progress();
  const asked = model.modelRequests.filter(({ body }) => body?.['conversation'] === conversation);
  expect(asked).toHaveLength(8);
  const events = await closed(session);
  expect(events.filter(({ type }) => type === 'turn_started').map(({ turn_id }) => turn_id)).toEqual(
    accepted.map(({ turn_id }) => turn_id),
  );
});

test('a repeated message does nothing', async () => {
  const session = newSession();
  await (await session.send('one', { messageId: 'a' })).result();
  const again = await session.send('one', { messageId: 'a' });

  expect(await again.result()).toMatchObject({ final_text: 'heard: one' });
  expect(await say(session, 'two')).toBe('heard: one | two');
  expect(await session.turns()).toHaveLength(2);
});

async function closed(session: SessionHandle): Promise<SessionEventWithId[]> {
  await session.close();
  return eventsOf(session);
}

describe('close', () => {
  test('cancels the turn that runs and the messages that wait, and takes no more', async () => {
    const session = newSession();
    const running = await session.send('slow');
    await model.waitForRequest(({ body, sent_events }) => inputIs(body, 'slow') && sent_events > 10);
    const waiting = await session.send('waits');
    expect(await waiting.progress()).toMatchObject({
      state: 'running',
      steps: [],
      session_id: session.sessionId,
    });
    await session.close();

    await expect(running.result()).rejects.toThrow(TurnCancelledError);
    await expect(waiting.result()).rejects.toThrow(TurnCancelledError);
    expect(await waiting.progress()).toMatchObject({ state: 'cancelled' });
    const events = await eventsOf(session);
    expect(await session.progress()).toMatchObject({ state: 'closed', queue: [] });
    expect(
      events
        .filter(({ type }) => type === 'turn_cancelled')
        .map(({ turn_id }) => turn_id)
        .toSorted(),
    ).toEqual([running.turnId, waiting.turnId].toSorted());
    await expect(session.send('too late')).rejects.toThrow(SessionClosedError);
    // What was taken before the close was taken.
    const again = await session.send('slow', { messageId: running.turnId.split('/')[1] ?? '' });
    expect(again.turnId).toBe(running.turnId);
    await session.close();
  });
});

const inputIs = (body: unknown, text: string): boolean =>
  (Object(body) as { input?: unknown }).input === text;

test('a message that waits can be cancelled by its handle', async () => {
  const session = newSession();
  const running = await session.send('endless');
  const waiting = await session.send('never said');
  await waiting.cancel();
  await expect(waiting.result()).rejects.toThrow(TurnCancelledError);
  await running.cancel();
  await expect(running.result()).rejects.toThrow(TurnCancelledError);
  expect(await say(session, 'next')).toBe('heard: next');
});

test('a message tells what it says: while it waits, when it joined another turn, and as a turn', async () => {
  const session = newSession();
  const running = await session.send('slow telling');
  const joins = await session.send({ input: 'joins', context: { a: 1 } }, { whileBusy: 'steer' });
  const waits = await session.send('waits', { messageId: 'w' });
  const told = { agent: 'conversation', session_id: session.sessionId };

  expect(await running.input()).toMatchObject({ ...told, input: 'slow telling' });
  expect(await waits.input()).toEqual({ ...told, input: 'waits' });
  await waits.cancel();
  await expect(waits.result()).rejects.toThrow(TurnCancelledError);
  expect(await waits.input()).toEqual({ ...told, input: 'waits' });
  await joins.result();
  expect(await joins.input()).toMatchObject({ ...told, input: 'joins', context: { a: 1 } });
  const unsaid = rig.turns.getHandle(`${session.sessionId}/never-sent`);
  await expect(unsaid.input()).rejects.toThrow(TurnNotFoundError);
});

test('what cannot be right is refused at the door', async () => {
  const session = rig.turns.session(`s-${randomUUID()}`);
  await expect(session.send('no agent')).rejects.toThrow(InvalidTurnInputError);
  await expect(session.send({ agent: 'conversation', input: '' })).rejects.toThrow(InvalidTurnInputError);
  await expect(session.send({ agent: 'conversation', input: 'a' }, { messageId: 'a/b' })).rejects.toThrow(
    /message_id/,
  );
  expect(() => rig.turns.session(' ')).toThrow(InvalidTurnInputError);
  await expect(session.progress()).rejects.toThrow(SessionNotFoundError);
  await expect(session.close()).rejects.toThrow(SessionNotFoundError);
  await expect(session.events().next()).rejects.toThrow(SessionNotFoundError);
  await expect(rig.turns.getHandle(`${session.sessionId}/none`).progress()).rejects.toThrow(
    TurnNotFoundError,
  );
});

test('a session goes on after a message to an agent that nobody knows', async () => {
  const session = newSession();
  const lost = await session.send({ agent: 'nobody', input: 'hello' });

  await expect(lost.result()).rejects.toMatchObject({ error: { code: 'unknown_agent' } });
  expect(await say(session, 'one')).toBe('heard: one');
});

test('one who does not follow is told what is there now, and can go on behind it', async () => {
  const session = newSession();
  await say(session, 'one');
  const running = await session.send('slow now');
  await model.waitForRequest(({ body, sent_events }) => inputIs(body, 'slow now') && sent_events > 10);
  await session.send('waits');
  const now: SessionEventWithId[] = [];
  for await (const event of session.events({ follow: false })) now.push(event);

  expect(now.filter(({ type }) => type === 'turn_queued')).toHaveLength(3);
  expect(now.filter(({ type }) => type === 'turn_completed')).toHaveLength(1);
  expect(now.filter(({ type }) => type === 'turn_started').map(({ turn_id }) => turn_id)).toContain(
    running.turnId,
  );
  const all = await closed(session);
  const rest = await eventsOf(session, now.at(-1)?.id);
  expect(bareOf([...now, ...rest])).toEqual(bareOf(all));
  for await (const event of session.events({ follow: false, after: all.at(-1)?.id ?? '' }))
    expect(event).toBeUndefined();
});

/** In no order. */
const bareOf = (read: readonly SessionEventWithId[]): string[] =>
  read.map(({ id: _id, ...event }) => JSON.stringify(event)).toSorted();

test('a watcher of the session reads on from any cursor', async () => {
  const session = newSession();
  await say(session, 'one');
  await say(session, 'two');
  const events = await closed(session);

  expect(events.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['turn_queued', 'turn_started', 'turn_completed']),
  );
  for (const [at, { id }] of events.entries()) {
    expect(bareOf(await eventsOf(session, id))).toEqual(bareOf(events.slice(at + 1)));
  }
});
