// Turns over HTTP: started, followed, asked for, steered and ended by those who know nothing of Temporal.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { createGateway } from '../src/gateway/index.js';
import type { Gateway } from '../src/gateway/index.js';
import { defineAgent, defineTool } from '../src/index.js';
import { eachTurn, firstOf, reply, ScriptedResponsesServer, when } from '../src/testing/index.js';
import { expectComponent } from './support/documented.js';
import { GatewayClient } from './support/gateway-client.js';
import type { StreamedEvent } from './support/gateway-client.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { watch } from './support/watch.js';

const WORDS = Array.from({ length: 60 }, (_, i) => `word${i}`).join(' ');
const TOKEN = 'a-token-of-this-test';

let model: ScriptedResponsesServer;
let rig: Rig;
let gateway: Gateway;
let client: GatewayClient;

beforeAll(async () => {
  const pay = defineTool({
    name: 'pay',
    parameters: z.object({ amount: z.number() }),
    needsApproval: true,
    execute: ({ amount }) => `paid ${amount}`,
  });
  model = await ScriptedResponsesServer.start({
    script: firstOf(
      when('slow', () => reply.text(WORDS, { perSecond: 40 })),
      when('pay', eachTurn([reply.functionCall('pay', { amount: 100 }), reply.text('done')])),
      () => reply.text('Hello.'),
    ),
  });
  const agents = [defineAgent({ name: 'assistant', model: 'scripted', tools: [pay] })];
  rig = await startRig({ agents, openai: { apiKey: 'k', baseURL: model.url } });
  gateway = createGateway({ turns: rig.turns, auth: { tokens: [TOKEN] }, agents: ['assistant'] });
  client = new GatewayClient(gateway.fetch, 'http://localhost', { authorization: `Bearer ${TOKEN}` });
});

afterAll(async () => {
  gateway?.close();
  await rig?.stop();
  await model?.stop();
});

async function start(input: string, more: object = {}): Promise<string> {
  const { status, body } = await client.ask('/turns', { body: { agent: 'assistant', input, ...more } });
  expect(status).toBe(201);
  return String(Object(body).turn_id);
}

/** Each with its id: what a watcher over HTTP has in the end. */
async function followed(turnId: string, after?: string): Promise<unknown[]> {
  const events = [];
  for await (const { id, event, data } of client.events(
    `/turns/${encodeURIComponent(turnId)}/events`,
    after,
  )) {
    expect(event).toBe(Object(data).type);
    events.push({ ...Object(data), id });
  }
  return events;
}

describe('a turn', () => {
  test('is started, followed to its end, and asked for its progress and result', async () => {
    const turnId = await start('hi');
    const events = await followed(turnId);

    for (const { id: _id, ...event } of events as { id: string }[]) expectComponent('TurnEvent', event);
    expect(events).toEqual(await watch(rig.turns.getHandle(turnId)));
    const { body: progress } = await client.ask(`/turns/${turnId}`);
    expect(progress).toEqual(await rig.turns.getHandle(turnId).progress());
    const { body: outcome } = await client.ask(`/turns/${turnId}/result`);
    expect(outcome).toEqual({ state: 'completed', result: await rig.turns.getHandle(turnId).result() });
  });

  test('is the same turn when it is started again, and another input is refused', async () => {
    const turn_id = `orders/${randomUUID()} ü%2F?`;
    const body = { agent: 'assistant', input: 'hi', turn_id };
    const first = await client.ask('/turns', { body });
    const again = await client.ask('/turns', { body });
    const other = await client.ask('/turns', { body: { ...body, input: 'something else' } });

    expect([first.status, again.status, other.status]).toEqual([201, 200, 409]);
    expect(again.body).toEqual(first.body);
    expect(other.body).toMatchObject({ code: 'turn_id_conflict' });
    const { self } = Object(first.body).links;
    expect(first.headers.get('location')).toBe(self);
    expect((await client.ask(`${self}/result?wait=30`)).body).toMatchObject({ state: 'completed' });
    expect((await client.ask(self)).body).toMatchObject({ turn_id });
  });

  test('tells what it was asked', async () => {
    const input = [{ role: 'user', content: 'hi' }];
    const { body } = await client.ask('/turns', { body: { agent: 'assistant', input, context: { a: 1 } } });
    const asked = await client.ask(`/turns/${Object(body).turn_id}/input`);

    expect(asked).toMatchObject({ status: 200, body: { agent: 'assistant', input, context: { a: 1 } } });
  });

  test('is waited for, for so long', async () => {
    const turnId = await start('slow wait');
    const { status, headers, body } = await client.ask(`/turns/${turnId}/result`);

    expect([status, body]).toEqual([202, { state: 'running' }]);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    const waited = await client.ask(`/turns/${turnId}/result?wait=60`);
    expect(waited.body).toMatchObject({ state: 'completed', result: { final_text: WORDS } });
  });

  test('that fails tells why', async () => {
    const { body } = await client.ask('/turns', { body: { agent: 'nobody', input: 'hi' } });
    const outcome = await client.ask(`/turns/${Object(body).turn_id}/result?wait=60`);

    expect(outcome.body).toMatchObject({ state: 'failed', error: { code: 'unknown_agent' } });
  });

  test('is cancelled', async () => {
    const turnId = await start('slow cancel');
    for await (const { event } of client.events(`/turns/${turnId}/events`))
      if (event === 'step_progress') break;
    const { status, body } = await client.ask(`/turns/${turnId}/cancel`, { method: 'POST' });

    expect([status, body]).toEqual([202, { turn_id: turnId }]);
    expect((await client.ask(`/turns/${turnId}/result?wait=60`)).body).toEqual({ state: 'cancelled' });
  });

  test('that asks is answered, once and for all', async () => {
    const turnId = await start('pay');
    let asked = Object();
    for await (const { event, data } of client.events(`/turns/${turnId}/events`)) {
      if (event === 'input_required') asked = Object(data);
      if (asked.input_id) break;
    }
    expect((await client.ask(`/turns/${turnId}/result`)).body).toEqual({ state: 'waiting' });
    const path = `/turns/${turnId}/inputs/${asked.input_id}`;
    const body = { decision: 'approve', arguments_hash: asked.arguments_hash, by: 'ada' };
    const wrong = await client.ask(path, { body: { ...body, arguments_hash: 'f'.repeat(64) } });
    const first = await client.ask(path, { body });
    const again = await client.ask(path, { body });
    const other = await client.ask(path, { body: { ...body, decision: 'deny' } });
    const unknown = await client.ask(`/turns/${turnId}/inputs/none`, { body });

    expect(wrong).toMatchObject({ status: 400, body: { code: 'invalid_resolution' } });
    expect(first).toMatchObject({ status: 200, body: { decision: 'approve', by: 'ada' } });
    expect(again.body).toEqual(first.body);
    expect(other).toMatchObject({ status: 409, body: { code: 'input_already_resolved' } });
    expect(unknown).toMatchObject({ status: 404, body: { code: 'input_not_found' } });
    expect((await client.ask(`/turns/${turnId}/result?wait=60`)).body).toMatchObject({ state: 'completed' });
  });

  test('that nobody knows is not found, whatever is asked of it', async () => {
    const path = `/turns/unknown-${randomUUID()}`;
    const decision = { decision: 'approve', arguments_hash: 'f'.repeat(64) };
    const answers = await Promise.all([
      client.ask(path),
      client.ask(`${path}/input`),
      client.ask(`${path}/result`),
      client.ask(`${path}/result?wait=5`),
      client.ask(`${path}/events`),
      client.ask(`${path}/events?follow=false`),
      client.ask(`${path}/cancel`, { method: 'POST' }),
      client.ask(`${path}/inputs/x`, { body: decision }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
  });
});

describe('a session', () => {
  const saying = (input: string, more: object = {}) => ({ body: { agent: 'assistant', input, ...more } });

  test('takes messages, and is followed from one turn to the next, behind any cursor', async () => {
    const session_id = `chat/${randomUUID()}`;
    const path = `/sessions/${encodeURIComponent(session_id)}`;
    const first = await client.ask(`${path}/messages`, saying('hi', { message_id: 'first' }));
    const again = await client.ask(`${path}/messages`, saying('hi', { message_id: 'first' }));
    const second = await client.ask(`${path}/messages`, saying('hello'));

    const turn_id = `${session_id}/first`;
    expect(first).toMatchObject({ status: 202, body: { session_id, message_id: 'first', turn_id } });
    expect(again.body).toEqual(first.body);
    const { self } = Object(second.body).links;
    expect((await client.ask(`${self}/result?wait=60`)).body).toMatchObject({ state: 'completed' });
    const { body } = await client.ask(`${path}/turns`);
    expect(Object(body).data).toMatchObject([
      { turn_id, state: 'completed' },
      { turn_id: Object(second.body).turn_id, state: 'completed' },
    ]);
    expect((await client.ask(path)).body).toMatchObject({ session_id, messages: 2, turns: 2 });

    expect((await client.ask(`${path}/close`, { method: 'POST' })).body).toEqual({ session_id });
    const events = await sessionEvents(path);
    for (const { data } of events) expectComponent('SessionEvent', data);
    const types = events.map(({ event }) => event).filter((event) => event?.startsWith('turn_'));
    expect(types.filter((type) => type === 'turn_completed')).toHaveLength(2);
    expect(types.filter((type) => type === 'turn_queued')).toHaveLength(2);
    for (const [place, { id }] of events.entries()) {
      const rest = await sessionEvents(path, id);
      expect(rest.map(({ data }) => data)).toEqual(events.slice(place + 1).map(({ data }) => data));
    }
    const closed = await client.ask(`${path}/messages`, saying('one more'));
    expect(closed).toMatchObject({ status: 409, body: { code: 'session_closed' } });
  });

  test('is told to where it is now, when nobody wants to follow', async () => {
    const session_id = `chat-${randomUUID()}`;
    const path = `/sessions/${session_id}`;
    const { body } = await client.ask(`${path}/messages`, saying('slow speech'));
    for await (const { event } of client.events(`${path}/events`)) if (event === 'step_progress') break;
    const types = [];
    for await (const { event } of client.events(`${path}/events?follow=false`)) types.push(event);

    expect(types.slice(0, 4)).toEqual(['turn_queued', 'turn_started', 'step_started', 'step_progress']);
    expect(types).not.toContain('turn_completed');
    await client.ask(`/turns/${encodeURIComponent(Object(body).turn_id)}/cancel`, { method: 'POST' });
  });

  test('tells what was said in it, also by messages that wait', async () => {
    const session_id = `chat-${randomUUID()}`;
    const path = `/sessions/${session_id}`;
    await client.ask(`${path}/messages`, saying('slow telling', { message_id: 'one' }));
    await client.ask(`${path}/messages`, saying('hi', { message_id: 'two', while_busy: 'queue' }));
    const inputs = ['one', 'two'].map((id) => client.ask(`/turns/${session_id}%2F${id}/input`));

    expect(await Promise.all(inputs)).toMatchObject([
      { status: 200, body: { agent: 'assistant', input: 'slow telling', session_id } },
      { status: 200, body: { agent: 'assistant', input: 'hi', session_id } },
    ]);
    const session = await client.ask(`/turns/${session_id}/input`);
    expect(session).toMatchObject({ status: 404, body: { code: 'turn_not_found' } });
    await client.ask(`${path}/close`, { method: 'POST' });
  });

  test('is watched by many through one reading', async () => {
    const path = `/sessions/chat-${randomUUID()}`;
    await client.ask(`${path}/messages`, saying('slow session', { message_id: 'one' }));
    const all = Array.from({ length: 20 }, () => sessionEvents(path));
    await client.ask(`${path}/messages`, saying('hi', { message_id: 'two' }));
    const { body } = await client.ask(`/turns/${encodeURIComponent(`${path.slice(10)}/two`)}/result?wait=60`);
    expect(body).toMatchObject({ state: 'completed' });
    await client.ask(`${path}/close`, { method: 'POST' });

    const [first, ...others] = await Promise.all(all);
    for (const other of others) expect(other).toEqual(first);
    expect(first?.map(({ event }) => event)).toContain('turn_queued');
  });

  test('that nobody knows is not found, whatever is asked of it', async () => {
    const path = `/sessions/unknown-${randomUUID()}`;
    const answers = await Promise.all([
      client.ask(path),
      client.ask(`${path}/turns`),
      client.ask(`${path}/events`),
      client.ask(`${path}/close`, { method: 'POST' }),
    ]);

    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'session_not_found' } });
    }
    const garbage = await client.ask(`${path}/events?after=garbage`);
    expect(garbage).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } });
  });

  async function sessionEvents(path: string, after?: string): Promise<StreamedEvent[]> {
    const events = [];
    for await (const event of client.events(`${path}/events`, after)) events.push(event);
    return events;
  }
});

describe('lists', () => {
  test('tell turns and sessions, page by page', async () => {
    const session_id = `list-${randomUUID()}`;
    const started = await Promise.all(['hi', 'ho', 'hu'].map((input) => start(input, { session_id })));
    await Promise.all(started.map((turnId) => client.ask(`/turns/${turnId}/result?wait=60`)));
    const path = `/turns?session_id=${session_id}&agent=assistant&status=completed&limit=2`;
    const pages = async (): Promise<string[]> => {
      const ids: string[] = [];
      let page: unknown = '';
      while (page !== undefined) {
        const { body } = await client.ask(
          page === '' ? path : `${path}&page=${encodeURIComponent(String(page))}`,
        );
        const { data, next_page } = body as { data: { turn_id: string }[]; next_page?: string };
        ids.push(...data.map(({ turn_id }) => turn_id));
        page = next_page;
      }
      return ids.toSorted();
    };
    await vi.waitFor(async () => expect(await pages()).toEqual(started.toSorted()), 30_000);

    const none = await client.ask(`/turns?session_id=${session_id}&started_before=2020-01-01T00:00:00Z`);
    expect(none.body).toEqual({ data: [] });
    expect((await client.ask('/sessions?status=closed&limit=1')).status).toBe(200);
  });
});

describe('events', () => {
  test('go on behind any cursor, each event once', async () => {
    const turnId = await start('hi');
    const events = (await followed(turnId)) as { id: string }[];

    for (const [place, { id }] of events.entries()) {
      expect(await followed(turnId, id)).toEqual(events.slice(place + 1));
    }
  });

  test('have nothing behind the end: browsers are told not to come back', async () => {
    const turnId = await start('hi');
    const last = (await followed(turnId)).at(-1) as { id: string };
    const headers = { 'last-event-id': last.id };

    expect((await client.ask(`/turns/${turnId}/events`, { headers })).status).toBe(204);
  });

  test('end at what is there, when nobody wants to follow', async () => {
    const turnId = await start('slow look');
    for await (const { event } of client.events(`/turns/${turnId}/events`))
      if (event === 'step_progress') break;
    const types = [];
    for await (const { event } of client.events(`/turns/${turnId}/events?follow=false`)) types.push(event);

    expect(types.slice(0, 3)).toEqual(['turn_started', 'step_started', 'step_progress']);
    expect(types).not.toContain('turn_completed');
    await client.ask(`/turns/${turnId}/cancel`, { method: 'POST' });
  });

  test('behind a cursor that is none are refused', async () => {
    const turnId = await start('hi');
    const { status, body } = await client.ask(`/turns/${turnId}/events?after=yesterday`);

    expect([status, body]).toMatchObject([400, { code: 'invalid_cursor' }]);
  });
});

test('workflows that are neither turns nor sessions cannot be told, ended or signalled', async () => {
  const workflowId = `other-${randomUUID()}`;
  // Nobody polls its queue: it stands for what else runs in the namespace.
  const other = await rig.client.workflow.start('other', { workflowId, taskQueue: 'of-somebody-else' });
  const turnId = await start('hi');
  const response_id = `resp_${Buffer.from(workflowId).toString('base64url')}`;
  const post = { method: 'POST', body: { agent: 'assistant', input: 'hi' } };
  const deny = { decision: 'deny', arguments_hash: '0'.repeat(64) };
  const onTurns = await Promise.all([
    client.ask(`/turns/${workflowId}`),
    client.ask(`/turns/${workflowId}/result`),
    client.ask(`/turns/${workflowId}/events`),
    client.ask(`/turns/${workflowId}/input`),
    client.ask(`/turns/${workflowId}/cancel`, { method: 'POST' }),
    client.ask(`/turns/${workflowId}/inputs/any`, { method: 'POST', body: deny }),
    client.raw(`/v1/responses/${response_id}`),
    client.raw(`/v1/responses/${response_id}/cancel`, { method: 'POST' }),
    client.raw(`/v1/responses/${response_id}`, { method: 'DELETE' }),
    client.raw('/v1/responses', {
      method: 'POST',
      body: { model: 'assistant', input: 'hi', previous_response_id: response_id },
    }),
  ]);
  expect(onTurns.map(({ status }) => status)).toEqual(onTurns.map(() => 404));
  for (const id of [workflowId, turnId]) {
    const onSessions = await Promise.all([
      client.ask(`/sessions/${id}`),
      client.ask(`/sessions/${id}/turns`),
      client.ask(`/sessions/${id}/events?follow=false`),
      client.ask(`/sessions/${id}/messages`, post),
      client.ask(`/sessions/${id}/close`, { method: 'POST' }),
    ]);
    expect(onSessions.map(({ status }) => status)).toEqual(onSessions.map(() => 404));
  }

  const events = (await other.fetchHistory()).events ?? [];
  expect(events.filter((event) => event.workflowExecutionCancelRequestedEventAttributes)).toEqual([]);
  expect(events.filter((event) => event.workflowExecutionSignaledEventAttributes)).toEqual([]);
  await other.terminate();
});
