// Durable agents as models of the OpenAI SDK, which knows nothing of us.

import OpenAI from 'openai';
import type { ResponseStreamEvent } from 'openai/resources/responses/responses';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGateway } from '../src/gateway/index.js';
import type { Gateway } from '../src/gateway/index.js';
import { ScriptedResponsesServer } from '../src/testing/index.js';
import { doorAgent, doorScript } from './support/door-model.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';

const TOKEN = 'a-token-of-this-test';

let model: ScriptedResponsesServer;
let rig: Rig;
let gateway: Gateway;
let openai: OpenAI;

const sdk = (apiKey: string): OpenAI =>
  new OpenAI({
    apiKey,
    baseURL: 'http://localhost/v1',
    maxRetries: 0,
    fetch: (url, init) => gateway.fetch(new Request(url, init)),
  });

beforeAll(async () => {
  model = await ScriptedResponsesServer.start({ script: doorScript });
  rig = await startRig({ agents: [doorAgent], openai: { apiKey: 'k', baseURL: model.url } });
  gateway = createGateway({ turns: rig.turns, auth: { tokens: [TOKEN] }, agents: ['assistant'] });
  openai = sdk(TOKEN);
});

afterAll(async () => {
  gateway?.close();
  await rig?.stop();
  await model?.stop();
});

const create = (input: string, more: object = {}) =>
  openai.responses.create({ model: 'assistant', input, ...more });

async function listed(stream: AsyncIterable<ResponseStreamEvent>): Promise<ResponseStreamEvent[]> {
  const events: ResponseStreamEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

const stream = (input: string, more: object = {}) =>
  openai.responses.create({ model: 'assistant', input, stream: true, ...more });

const textOf = (events: readonly ResponseStreamEvent[]) =>
  events.map((event) => (event.type === 'response.output_text.delta' ? event.delta : '')).join('');

describe('a response', () => {
  test('is the answer of a turn', async () => {
    const response = await create('hi', { metadata: { order: '42' }, temperature: 0.5 });
    expect(response).toMatchObject({
      object: 'response',
      status: 'completed',
      model: 'assistant',
      output_text: 'Hello.',
      metadata: { order: '42' },
      temperature: 0.5,
      error: null,
      usage: { input_tokens_details: { cached_tokens: expect.any(Number) } },
    });
    expect(await openai.responses.retrieve(response.id)).toEqual(response);
  });

  test('streams, and the strict helper of the SDK follows it through tools', async () => {
    const helper = openai.responses.stream({ model: 'assistant', input: 'note it' });
    const events = await listed(helper);
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, i) => i));
    const final = await helper.finalResponse();
    expect(final.output).toMatchObject([{ phase: 'commentary' }, { phase: 'final_answer' }]);
    expect(final.output_text).toBe('One moment. Noted.');
  });

  test('of an answer that broke off is right in the end', async () => {
    const helper = openai.responses.stream({ model: 'assistant', input: 'cut' });
    const final = await helper.finalResponse();
    expect(final).toMatchObject({ status: 'completed', output_text: 'the whole answer' });
    expect(await openai.responses.retrieve(final.id)).toMatchObject({ output_text: 'the whole answer' });
  });

  test('that fails says why', async () => {
    const response = await create('broken');
    expect(response).toMatchObject({ status: 'failed', error: { code: 'bad_thing' } });
    const events = await listed(await stream('broken too'));
    expect(events.at(-1)).toMatchObject({ type: 'response.failed', response: { status: 'failed' } });
  });

  test('holds the events of the turn where they are asked for', async () => {
    const events = await listed(await stream('note it all', { include: ['durable_turns.events'] }));
    const turnEvents = events.flatMap((event) => ('event' in event ? [event.event] : []));
    const id =
      events.flatMap((event) => (event.type === 'response.created' ? event.response.id : []))[0] ?? '';
    const turnId = Buffer.from(id.slice('resp_'.length), 'base64url').toString();
    const watched = [];
    for await (const { id: _id, ...event } of rig.turns.getHandle(turnId).events()) watched.push(event);
    expect(turnEvents).toEqual(watched);
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, i) => i));
  });

  test('is started once under one idempotency key', async () => {
    const headers = { 'idempotency-key': 'order-42' };
    const body = { model: 'assistant', input: 'once' } as const;
    const [one, two] = await Promise.all([
      openai.responses.create(body, { headers }),
      openai.responses.create(body, { headers }),
    ]);
    expect(two.id).toBe(one.id);
    expect(model.modelRequests.filter((request) => request.body?.['input'] === 'once')).toHaveLength(1);
  });
});

describe('an idempotency key', () => {
  const once = (key: string, body: object) =>
    openai.responses.create(
      { model: 'assistant', input: 'hi', ...body },
      { headers: { 'idempotency-key': key } },
    );

  test.each([
    ['of a turn', {}],
    ['of a session', { conversation: `keys-${Date.now()}` }],
  ])('is for one request alone: %s', async (what, where) => {
    const key = `key ${what} ${Date.now()}`;
    const first = await once(key, where);
    expect((await once(key, where)).id).toBe(first.id);
    for (const other of [{ input: 'ho' }, { temperature: 0.1 }, { metadata: { a: '1' } }]) {
      await expect(once(key, { ...where, ...other })).rejects.toMatchObject({
        status: 409,
        code: 'idempotency_key_conflict',
      });
    }
  });

  test('that is empty is none', async () => {
    await expect(once('', {})).rejects.toMatchObject({ status: 400, code: 'invalid_value' });
  });

  test('is of one client alone', async () => {
    const byUser = createGateway({
      turns: rig.turns,
      auth: (request) => ({ id: request.headers.get('x-user') ?? '' }),
    });
    const ask = async (user: string): Promise<unknown> => {
      const headers = { 'content-type': 'application/json', 'idempotency-key': 'mine', 'x-user': user };
      const body = JSON.stringify({ model: 'assistant', input: 'hi', background: true });
      const init = { method: 'POST', headers, body };
      const answer = await byUser.fetch(new Request('http://localhost/v1/responses', init));
      return Object(await answer.json()).id;
    };
    expect(await ask('ada')).toBe(await ask('ada'));
    expect(await ask('bob')).not.toBe(await ask('ada'));
    byUser.close();
  });
});

describe('a response in the background', () => {
  test('goes on without its client, and is resumed in the middle without a gap', async () => {
    const whole = await listed(await stream('slow', { background: true }));
    const { id } = await create('slow too', { background: true });
    const first = await openai.responses.retrieve(id, { stream: true });
    const seen: ResponseStreamEvent[] = [];
    for await (const event of first) {
      seen.push(event);
      if (textOf(seen).length > 100) break;
    }
    const rest = await openai.responses.retrieve(id, {
      stream: true,
      starting_after: seen.at(-1)?.sequence_number ?? 0,
    });
    const all = [...seen, ...(await listed(rest))];

    expect(all.map(({ sequence_number }) => sequence_number)).toEqual(all.map((_, i) => i));
    expect(textOf(all)).toBe(textOf(whole));
    expect(await listed(await openai.responses.retrieve(id, { stream: true }))).toEqual(all);
    expect(await openai.responses.retrieve(id)).toMatchObject({ status: 'completed', background: true });
  });

  test('is cancelled', async () => {
    const { id, status } = await create('endless', { background: true });
    expect(status).toBe('in_progress');
    expect(await openai.responses.cancel(id)).toMatchObject({ id, status: 'cancelled' });
    expect(await openai.responses.retrieve(id)).toMatchObject({ status: 'cancelled' });
    const events = await listed(await openai.responses.retrieve(id, { stream: true }));
    expect(events.at(-1)).toMatchObject({ response: { status: 'cancelled' } });
  });

  test('is deleted when it is over, and not before', async () => {
    const { id } = await create('endless again', { background: true });
    await expect(openai.responses.delete(id)).rejects.toMatchObject({
      status: 400,
      code: 'response_in_progress',
    });
    await openai.responses.cancel(id);
    await openai.responses.delete(id);
    await expect
      .poll(
        () =>
          openai.responses.retrieve(id).then(
            () => 'there',
            (error: unknown) => Object(error).status,
          ),
        {
          timeout: 110_000,
        },
      )
      .toBe(404);
  });
});

describe('a response goes on', () => {
  test('from the one before, by its id', async () => {
    const first = await create('My name is Ada.');
    const second = await create('what was before?', { previous_response_id: first.id });
    expect(second.output_text).toContain('My name is Ada.');
    expect(second.previous_response_id).toBe(first.id);
    const third = await create('and before that?', { previous_response_id: second.id });
    expect(third.output_text).toContain('My name is Ada.');
  });

  test('in a session, by its conversation or a response of it', async () => {
    const conversation = `talk-${Date.now()}`;
    const first = await create('My name is Bob.', { conversation });
    expect(first.conversation).toEqual({ id: conversation });
    const second = await create('what was before?', { conversation: { id: conversation } });
    expect(second.output_text).toContain('My name is Bob.');
    const third = await create('what else was before?', { previous_response_id: second.id });
    expect(third.conversation).toEqual({ id: conversation });
    expect(third.output_text).toContain('what was before?');
    expect(await openai.responses.retrieve(third.id)).toEqual(third);
  });

  test('in a session tells later, too, what was asked of it', async () => {
    const conversation = `later-${Date.now()}`;
    const { id } = await create('My name is Eve.', { conversation, background: true });
    await expect.poll(async () => (await openai.responses.retrieve(id)).status).toBe('completed');
    expect(await openai.responses.retrieve(id)).toMatchObject({ id, background: true });
  });
});

describe('what cannot be', () => {
  test.each([
    [{ model: 'assistant' }, 400, 'missing_required_parameter'],
    [{ model: 'assistant', input: 'hi', tools: [{ type: 'function', name: 'f' }] }, 400, 'unsupported_value'],
    [
      { model: 'assistant', input: 'hi', previous_response_id: 'resp_nobody' },
      404,
      'previous_response_not_found',
    ],
    [{ model: 'nobody', input: 'hi' }, 404, 'model_not_found'],
  ])('is refused in the words of the API: %j', async (body, status, code) => {
    await expect(openai.post('/responses', { body })).rejects.toMatchObject({ status, code });
  });

  test.each(['resp_nobody', 'nothing'])('%s is no response', async (id) => {
    await expect(openai.responses.retrieve(id)).rejects.toMatchObject({ status: 404 });
    await expect(openai.responses.retrieve(id, { stream: true })).rejects.toMatchObject({ status: 404 });
    await expect(openai.responses.cancel(id)).rejects.toMatchObject({ status: 404 });
    await expect(openai.responses.delete(id)).rejects.toMatchObject({ status: 404 });
  });

  test.each([
    ['no JSON', { body: '{"model":' }, 400],
    ['a list', { body: '[]' }, 400],
    ['nothing', { body: '' }, 400],
    ['another type', { body: 'model=assistant', type: 'text/plain' }, 415],
    ['too much', { body: JSON.stringify({ model: 'assistant', input: 'x'.repeat(2_000_000) }) }, 413],
    ['another method', { method: 'PUT', body: '{}' }, 405],
    ['another path', { path: '/answers', body: '{}' }, 404],
    ['nested too deep', { body: `{"model":"assistant","input":${'['.repeat(500)}${']'.repeat(500)}}` }, 400],
  ] as const)('is told in the form of the API: %s', async (_name, asked, status) => {
    const {
      body,
      method = 'POST',
      type = 'application/json',
      path = '/responses',
    } = {
      method: undefined,
      type: undefined,
      path: undefined,
      ...asked,
    };
    const headers = { 'content-type': type, authorization: `Bearer ${TOKEN}` };
    const answer = await gateway.fetch(new Request(`http://localhost/v1${path}`, { method, headers, body }));
    expect(answer.status).toBe(status);
    const { error }: { error?: unknown } = Object(await answer.json());
    expect(error).toMatchObject({ message: expect.any(String), type: 'invalid_request_error' });
  });

  test('is asking without a token', async () => {
    await expect(sdk('wrong').responses.retrieve('resp_x')).rejects.toMatchObject({
      status: 401,
      code: 'invalid_api_key',
    });
  });
});

test('agents are models', async () => {
  const ids = [];
  for await (const { id } of openai.models.list()) ids.push(id);
  expect(ids).toEqual(['assistant']);
  expect(await openai.models.retrieve('assistant')).toMatchObject({ id: 'assistant', object: 'model' });
});
