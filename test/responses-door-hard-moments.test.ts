// The door for OpenAI clients when something is away, full or going, on a real server.

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
