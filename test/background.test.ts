// Responses in the background: they outlive what asked for them, so an attempt that is lost is gone on with.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TurnFailedError } from '../src/client/index.js';
import type { TurnEvent } from '../src/events.js';
import { defineAgent } from '../src/index.js';
import { firstOf, reply, ScriptedResponsesServer, when } from '../src/testing/index.js';
import type { Reply, ScriptedResponsesOptions } from '../src/testing/index.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { ofType, seenBy } from './support/watch.js';

const LONG = Array.from({ length: 300 }, (_, i) => `word${i}`).join(' ');
const closing: (() => Promise<void>)[] = [];

let model: ScriptedResponsesServer;
let rig: Rig;

async function startModel(options: ScriptedResponsesOptions): Promise<ScriptedResponsesServer> {
  const server = await ScriptedResponsesServer.start(options);
  closing.push(() => server.stop());
  return server;
}

const agentFor = (extra: object = {}) =>
  defineAgent({ name: 'assistant', model: 'scripted', background: true, ...extra });

async function rigFor(server: ScriptedResponsesServer, extra: object = {}, taskQueue?: string): Promise<Rig> {
  const started = await startRig({
    agents: [agentFor(extra)],
    openai: { apiKey: 'k', baseURL: server.url },
    ...(taskQueue === undefined ? {} : { taskQueue }),
  });
  closing.push(() => started.stop());
  return started;
}

const searched: Reply = [reply.webSearch('how to do great work'), reply.text(LONG)];

beforeAll(async () => {
  model = await startModel({
    script: firstOf(
      when('plain', () => reply.text('the answer')),
      when('slow', () => reply.text(LONG, { perSecond: 100 })),
      when('late', ({ attempt }) => [
        ...(attempt === 1 ? [reply.delay(500, 0)] : []),
        reply.text(LONG, { perSecond: 100 }),
      ]),
      when('long', () => reply.text(LONG, { perSecond: 10 })),
      // Heartbeats, and with them cancels, come every second.
      when('unnamed', () => [reply.delay(1200, 0), reply.text(LONG, { perSecond: 10 })]),
      when('never', ({ attempt }) => [...(attempt === 1 ? [reply.delay(60_000, 0)] : []), reply.text(LONG)]),
      when('cut', ({ prompt }) => [...[searched].flat(), reply.cut(Number(prompt.split(' ')[1]))]),
      when('end', ({ prompt }) => [
        ...[searched].flat(),
        reply.end(Number(prompt.split(' ')[1]), { times: 3 }),
      ]),
      when('fails upstream', ({ attempt }) =>
        attempt === 1
          ? [reply.text('lost words '), reply.fail({ code: 'server_error', message: 'Something broke.' })]
          : reply.text('the answer'),
      ),
    ),
  });
  rig = await rigFor(model);
});

afterAll(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const start = (input: string) => rig.turns.start({ agent: 'assistant', input });
const requestsOf = (prompt: string, server = model) =>
  server.modelRequests.filter(({ body }) => body?.['input'] === prompt);
/** All text deltas in the order in which they came: nothing lost, nothing twice. */
const textsOf = (events: readonly TurnEvent[]) =>
  ofType(events, 'step_progress')
    .map(({ delta }) => (delta.type === 'text' ? delta.text : ''))
    .join('');
const cancelsOf = (server: ScriptedResponsesServer, id?: string) =>
  server.requests.filter(({ path }) => path.endsWith(`${id ?? ''}/cancel`));

test('the request asks for the background, and the turn is like all others', async () => {
  const turn = await start('plain');
  await seenBy(rig, turn);

  expect(await turn.result()).toMatchObject({ status: 'completed', final_text: 'the answer', num_steps: 1 });
  expect(requestsOf('plain')).toMatchObject([{ body: { background: true, stream: true } }]);
});

describe('a stream that breaks is taken up where it broke', () => {
  test.each(['cut 1', 'cut 2', 'cut 5', 'cut 9', 'cut 60', 'end 12'])('%s', async (prompt) => {
    const turn = await start(prompt);
    const events = await seenBy(rig, turn);

    expect(ofType(events, 'step_superseded')).toEqual([]);
    expect(await turn.result()).toMatchObject({ status: 'completed', final_text: LONG, num_steps: 3 });
    expect(requestsOf(prompt)).toHaveLength(1);
    expect(textsOf(events)).toBe(LONG);
  });

  test('in any mode of publishing', async () => {
    const quiet = await rigFor(model, { publishing: { mode: 'off' } });
    const turn = await quiet.turns.start({ agent: 'assistant', input: 'cut 30 in silence' });
    await seenBy(quiet, turn);

    expect(await turn.result()).toMatchObject({ final_text: LONG });
    expect(requestsOf('cut 30 in silence')).toHaveLength(1);
  });
});

test('a worker that shuts down leaves the response to the next one', async () => {
  const first = await rigFor(model);
  const turn = await first.turns.start({ agent: 'assistant', input: 'slow, handed over' });
  await model.waitForRequest(
    (entry) => entry.body?.['input'] === 'slow, handed over' && entry.sent_events > 40,
  );
  await first.stopWorker();
  const second = await rigFor(model, {}, first.taskQueue);
  const events = await seenBy(second, turn);

  expect(ofType(events, 'step_superseded')).toEqual([]);
  expect(await turn.result()).toMatchObject({ status: 'completed', final_text: LONG });
  expect(requestsOf('slow, handed over')).toHaveLength(1);
  expect(cancelsOf(model)).toEqual([]);
  expect(textsOf(events)).toBe(LONG);
});

describe('a worker that shuts down before the server has named the response', () => {
  test.each([
    ['waits for its id, and leaves the response to the next one', 'late', 1],
    ['does not wait for ever', 'never', 2],
  ])('%s', async (_name, input, requests) => {
    const first = await rigFor(model);
    const turn = await first.turns.start({ agent: 'assistant', input });
    await model.waitForRequest((entry) => entry.body?.['input'] === input);
    await first.stopWorker();
    const second = await rigFor(model, {}, first.taskQueue);
    const events = await seenBy(second, turn);

    const voided = ofType(events, 'step_superseded').map(({ reason }) => reason.code);
    expect(voided).toEqual(requests === 1 ? [] : ['hand_over']);
    expect(await turn.result()).toMatchObject({ status: 'completed', final_text: LONG });
    expect(requestsOf(input)).toHaveLength(requests);
    expect(textsOf(events)).toBe(LONG);
  });
});

test('a response that fails is asked for again', async () => {
  const turn = await start('fails upstream');
  const events = await seenBy(rig, turn);

  expect(ofType(events, 'step_superseded')).toMatchObject([{ reason: { code: 'server_error' } }]);
  expect(await turn.result()).toMatchObject({ final_text: 'the answer', num_steps: 1 });
  expect(requestsOf('fails upstream')).toHaveLength(2);
});

test('a cancelled turn cancels its response', async () => {
  const turn = await start('long');
  const asked = await model.waitForRequest(
    (entry) => entry.body?.['input'] === 'long' && entry.sent_events > 10,
  );
  await turn.cancel();
  const events = await seenBy(rig, turn);

  expect(events.at(-1)).toMatchObject({ type: 'turn_cancelled' });
  expect(cancelsOf(model, asked.response_id)).toHaveLength(1);
  expect(requestsOf('long')).toHaveLength(1);
});

test('so does one whose response has no id yet when it is cancelled', async () => {
  const turn = await start('unnamed');
  const asked = await model.waitForRequest(({ body }) => body?.['input'] === 'unnamed');
  await turn.cancel();
  const events = await seenBy(rig, turn);

  expect(events.at(-1)).toMatchObject({ type: 'turn_cancelled' });
  expect(cancelsOf(model, asked.response_id)).toHaveLength(1);
  expect(requestsOf('unnamed')).toHaveLength(1);
});

test('a response that the server forgot is asked for again, and watchers hear why', async () => {
  const server = await startModel({
    script: ({ attempt }) => (attempt === 1 ? [reply.text(LONG), reply.stall(30)] : reply.text(LONG)),
  });
  const other = await rigFor(server, { inference: { idleTimeout: 1000 } });
  const turn = await other.turns.start({ agent: 'assistant', input: 'forget me' });
  const { response_id } = await server.waitForRequest((entry) => entry.sent_events === 30);
  await fetch(`${server.url}/responses/${response_id}`, {
    method: 'DELETE',
    headers: { authorization: 'Bearer k' },
  });
  const events = await seenBy(other, turn);

  expect(ofType(events, 'step_superseded')).toMatchObject([{ reason: { code: 'response_gone' } }]);
  expect(await turn.result()).toMatchObject({ final_text: LONG, num_steps: 1 });
  expect(server.modelRequests).toHaveLength(2);
});

test('a response whose stream cannot be had any more is polled, and nothing is told twice', async () => {
  const server = await startModel({ script: () => [...[searched].flat(), reply.cut(40)], streamableMs: 0 });
  const other = await rigFor(server);
  const turn = await other.turns.start({ agent: 'assistant', input: 'poll me' });
  const events = await seenBy(other, turn);

  expect(ofType(events, 'step_superseded')).toEqual([]);
  expect(await turn.result()).toMatchObject({ final_text: LONG, num_steps: 3 });
  expect(server.modelRequests).toHaveLength(1);
  expect(textsOf(events)).toBe(LONG);
});

test('a server without streams of background responses is polled from the start', async () => {
  const server = await startModel({ script: () => searched, dialect: 'ogx' });
  const other = await rigFor(server, { server: 'ogx' });
  const turn = await other.turns.start({ agent: 'assistant', input: 'poll me' });
  await seenBy(other, turn);

  expect(await turn.result()).toMatchObject({ final_text: LONG, num_steps: 3 });
  expect(server.modelRequests).toMatchObject([{ body: { background: true, stream: false } }]);
});

test('a server that takes no notice of the wish is asked again', async () => {
  const server = await startModel({
    script: () => [reply.text(LONG), reply.cut(30, { times: 1 })],
    dialect: { background: 'ignored' },
  });
  const other = await rigFor(server);
  const turn = await other.turns.start({ agent: 'assistant', input: 'not in the background' });
  await seenBy(other, turn);

  expect(await turn.result()).toMatchObject({ final_text: LONG, num_steps: 1 });
  expect(server.modelRequests).toHaveLength(2);
});

test('a server that has no background fails the turn with what to do', async () => {
  const server = await startModel({ dialect: { background: 'refused' } });
  const refused = await rigFor(server);
  const turn = await refused.turns.start({ agent: 'assistant', input: 'no' });

  await expect(turn.result()).rejects.toBeInstanceOf(TurnFailedError);
});
