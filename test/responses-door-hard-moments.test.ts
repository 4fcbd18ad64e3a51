// The door for OpenAI clients when something is away, full or going, on a real server.

import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import OpenAI from 'openai';
import type { ResponseStreamEvent } from 'openai/resources/responses/responses';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { TurnClient } from '../src/client/index.js';
import { freePort } from '../src/dev/index.js';
import { serveGateway } from '../src/gateway/index.js';
import type { GatewayServer, ServeOptions } from '../src/gateway/index.js';
import { ScriptedResponsesServer } from '../src/testing/index.js';
import { doorAgent, doorScript } from './support/door-model.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';

let model: ScriptedResponsesServer;
let rig: Rig;
const opened: { close(): unknown }[] = [];

beforeAll(async () => {
  model = await ScriptedResponsesServer.start({ script: doorScript });
  rig = await startRig({ agents: [doorAgent], openai: { apiKey: 'k', baseURL: model.url } });
});

afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

afterAll(async () => {
  await rig?.stop();
  await model?.stop();
});

async function serve(options: Partial<ServeOptions> = {}): Promise<GatewayServer> {
  const server = await serveGateway({ turns: rig.turns, port: 0, viewer: false, ...options });
  opened.push({ close: () => server.close({ drainMs: 1000 }) });
  return server;
}

/** Answers with status and body, whatever they are. */
async function ask(server: GatewayServer, path: string, init: RequestInit = {}) {
  const response = await fetch(`${server.url}/v1${path}`, init);
  return { status: response.status, headers: response.headers, body: Object(await response.json()) };
}

function posted(body: object, headers: Record<string, string> = {}): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'assistant', input: 'hi', ...body }),
  };
}

describe('a Temporal that cannot be reached', () => {
  test.each([
    ['a response', {}],
    ['a stream', { stream: true }],
    ['a response in the background', { background: true }],
    ['a message of a session', { conversation: 'a session' }],
    ['one that goes on', { previous_response_id: 'resp_YQ' }],
  ])('is told to who wants %s', async (_what, body) => {
    const connection = Connection.lazy({ address: `127.0.0.1:${await freePort()}` });
    const turns = new TurnClient({ client: new Client({ connection }), taskQueue: 'any' });
    const server = await serve({ turns, limits: { temporalMs: 300 } });

    const { status, headers, body: said } = await ask(server, '/responses', posted(body));
    expect([503, 504]).toContain(status);
    expect(said.error).toMatchObject({ type: 'server_error', code: expect.stringMatching(/^temporal_/) });
    expect(headers.get('retry-after')).toBe('2');
  });
});

describe('a request that nobody can answer', () => {
  test('is refused in the words of the API before it has come to the door, too', async () => {
    const server = await serve();
    const get = (path: string, headers: Record<string, string> = {}) => ask(server, path, { headers });
    expect(await get('/responses/%zz')).toMatchObject({
      status: 400,
      body: { error: { type: 'invalid_request_error', code: 'malformed_url' } },
    });
    const foreign = posted({}, { origin: 'https://evil.example' });
    expect(await ask(server, '/responses', foreign)).toMatchObject({
      status: 403,
      body: { error: { code: 'forbidden_origin' } },
    });
    server.gateway.close();
    expect(await get('/models')).toMatchObject({ status: 503, body: { error: { code: 'shutting_down' } } });
  });

  test('of another method is told which ones there are', async () => {
    const { status, headers } = await ask(await serve(), '/responses/resp_YQ', { method: 'PUT' });
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD, DELETE']);
  });

  test('is not logged, for it is no riddle', async () => {
    const riddles: unknown[] = [];
    const server = await serve({ onError: (error) => riddles.push(error) });
    await ask(server, '/responses/nothing');
    await ask(server, '/responses', posted({ store: false }));
    server.gateway.close();
    await ask(server, '/models');
    expect(riddles).toEqual([]);
  });
});

test('who asks for the head of a stream is no watcher', async () => {
  const server = await serve();
  const { body } = await ask(server, '/responses', posted({}));
  const head = await fetch(`${server.url}/v1/responses/${body.id}?stream=true`, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  expect(await watchers(server)).toBe(0);
});

test('a response that waits in its session is not deleted', async () => {
  const server = await serve();
  const conversation = `talk-${randomUUID()}`;
  const first = await ask(server, '/responses', posted({ input: 'endless', background: true, conversation }));
  const second = await ask(server, '/responses', posted({ background: true, conversation }));
  expect(second.body.status).toBe('queued');
  expect(await ask(server, `/responses/${second.body.id}`, { method: 'DELETE' })).toMatchObject({
    status: 400,
    body: { error: { code: 'response_in_progress' } },
  });
  for (const { body } of [second, first]) {
    const cancelled = await ask(server, `/responses/${body.id}/cancel`, { method: 'POST' });
    expect(cancelled.body.status).toBe('cancelled');
  }
});

describe('a gateway that ends', () => {
  const sdk = ({ url }: GatewayServer) => new OpenAI({ apiKey: 'k', baseURL: `${url}/v1` });

  test('breaks streams off, so that none is taken for whole, and they go on at another one', async () => {
    const [first, second] = [await serve(), await serve()];
    const stream = await sdk(first).responses.create({ model: 'assistant', input: 'endless', stream: true });
    const seen: ResponseStreamEvent[] = [];
    const follow = async (): Promise<void> => {
      for await (const event of stream) {
        seen.push(event);
        if (seen.length === 10) void first.close();
      }
    };
    await expect(follow()).rejects.toThrow('terminated');
    const [created] = seen;
    const id = created?.type === 'response.created' ? created.response.id : '';
    const starting_after = seen.at(-1)?.sequence_number ?? 0;
    const rest = await sdk(second).responses.retrieve(id, { stream: true, starting_after });
    for await (const event of rest) {
      seen.push(event);
      if (seen.length === 30) await sdk(second).responses.cancel(id);
    }

    expect(seen.map(({ sequence_number }) => sequence_number)).toEqual(seen.map((_, i) => i));
    expect(seen.at(-1)).toMatchObject({ response: { status: 'cancelled' } });
    const again: ResponseStreamEvent[] = [];
    for await (const event of await sdk(second).responses.retrieve(id, { stream: true })) again.push(event);
    expect(again).toEqual(seen);
  });

  test('does not tell half an answer to who waits, nor let the SDK start a second turn', async () => {
    const server = await serve();
    const asked = sdk(server).responses.create({ model: 'assistant', input: 'endless and waited for' });
    await model.waitForRequest(({ body }) => body?.['input'] === 'endless and waited for');
    server.gateway.close();
    const error: unknown = await asked.catch((thrown: unknown) => thrown);
    const { id = '' } = /(?<id>resp_[\w-]+) goes on/.exec(String(error))?.groups ?? {};

    expect(error).toMatchObject({ status: 503, code: 'shutting_down' });
    expect(await sdk(await serve()).responses.cancel(id)).toMatchObject({ id, status: 'cancelled' });
    expect(asks('endless and waited for')).toBe(1);
  });

  test('lets the SDK ask again under its key, and finds the same response', async () => {
    const [first, second] = [await serve(), await serve()];
    const openai = new OpenAI({
      apiKey: 'k',
      baseURL: `${first.url}/v1`,
      // The load balancer in front of both.
      fetch: (url, init) =>
        closed ? fetch(String(url).replace(first.url, second.url), init) : fetch(url, init),
    });
    let closed = false;
    const headers = { 'idempotency-key': randomUUID() };
    const asked = openai.responses.create({ model: 'assistant', input: 'slow under a key' }, { headers });
    await model.waitForRequest(({ body }) => body?.['input'] === 'slow under a key');
    closed = true;
    first.gateway.close();

    expect(await asked).toMatchObject({ status: 'completed', output_text: expect.stringMatching(/word79$/) });
    expect(asks('slow under a key')).toBe(1);
  });
});

test('a gateway that has no room for one more watcher starts nothing for it', async () => {
  const server = await serve({ limits: { watchers: 0 } });
  for (const body of [{}, { stream: true }]) {
    expect(await ask(server, '/responses', posted({ ...body, input: 'no room' }))).toMatchObject({
      status: 429,
      body: { error: { type: 'rate_limit_error', code: 'rate_limit_exceeded' } },
    });
  }
  const answer = await ask(server, '/responses', posted({ background: true, input: 'room enough' }));
  expect(answer.status).toBe(200);
  await model.waitForRequest(({ body }) => body?.['input'] === 'room enough');
  expect(asks('no room')).toBe(0);
});

function asks(input: string): number {
  return model.modelRequests.filter(({ body }) => body?.['input'] === input).length;
}

async function watchers({ url }: GatewayServer): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^durable_turns_gateway_watchers (\d+)$/m.exec(text)?.[1]);
}
