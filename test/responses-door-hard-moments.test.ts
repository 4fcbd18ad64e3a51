// The door for OpenAI clients when something is away, full or going, on a real server.

import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
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

async function watchers({ url }: GatewayServer): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^durable_turns_gateway_watchers (\d+)$/m.exec(text)?.[1]);
}
